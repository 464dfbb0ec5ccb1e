-- The user table of the tutorial. A site that has a table of its own keeps it and sets `user.query`
-- in gatehouse.toml instead. Works on MariaDB 10.11 and MySQL 8 and 9; may be run again:
--   mariadb gatehouse < schema.sql

CREATE TABLE IF NOT EXISTS user (
  id       int          NOT NULL AUTO_INCREMENT,
  -- Its collation decides that `ROY` is `roy`; the spelling in the row is the user's name.
  username varchar(45)  NOT NULL,
  -- A hash in Werkzeug's form; NULL: nobody can log in with this name.
  password varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY username (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4;
