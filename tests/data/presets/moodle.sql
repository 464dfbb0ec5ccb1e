-- Moodle 4.3 and later.
-- vector: Moodle; $6$ rounds 10000
-- logs in: roy, " ROY "
-- finds nobody: roy@example.com
-- refused: suse (suspended), bert (deleted), ursel (unconfirmed), nora (with no way to log in), mia (of another site)
-- rewritten: \$6\$rounds=
CREATE TABLE x7_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, auth varchar(20) NOT NULL DEFAULT 'manual', confirmed tinyint NOT NULL DEFAULT 0,
  deleted tinyint NOT NULL DEFAULT 0, suspended tinyint NOT NULL DEFAULT 0, mnethostid bigint NOT NULL DEFAULT 0, username varchar(100) NOT NULL DEFAULT '',
  password varchar(255) NOT NULL DEFAULT '', email varchar(100) NOT NULL DEFAULT '', UNIQUE KEY (mnethostid, username)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
INSERT INTO x7_user VALUES (7, 'manual', 1, 0, 0, 1, 'roy', @hash, 'roy@example.com'), (8, 'manual', 1, 0, 1, 1, 'suse', @hash, ''),
  (9, 'manual', 1, 1, 0, 1, 'bert', @hash, ''), (10, 'manual', 0, 0, 0, 1, 'ursel', @hash, ''), (11, 'nologin', 1, 0, 0, 1, 'nora', @hash, ''),
  (12, 'manual', 1, 0, 0, 2, 'mia', @hash, '');
-- What applications are told.
ALTER TABLE x7_user ADD COLUMN firstname varchar(255) CHARACTER SET utf8mb4, ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user SET firstname = 'Roy', lastname = 'Åström';
