-- The tutorial's sample user: name `roy`, password `roy`. It is for trying out, never for a real host.
-- It may be run again; a password that was changed since stays changed.
--   mariadb gatehouse < sample.sql

INSERT INTO user (username, password)
VALUES ('roy', 'pbkdf2:sha256:150000$k1Ud5dzh$d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e')
ON DUPLICATE KEY UPDATE id = id;
