-- Tiny Tiny RSS 21, after schema/ttrss_schema_mysql.sql.
-- vector: tt-rss; MODE2:sha256(salt + password), salt column
-- logs in: roy, Roy
-- refused: dora (disabled)
-- roles: admin, power-user
CREATE TABLE x7_users (id integer PRIMARY KEY NOT NULL AUTO_INCREMENT, login varchar(120) NOT NULL UNIQUE, pwd_hash varchar(250) NOT NULL,
  last_login datetime DEFAULT NULL, access_level integer NOT NULL DEFAULT 0, email varchar(250) NOT NULL DEFAULT '', full_name varchar(250) NOT NULL DEFAULT '',
  salt varchar(250) NOT NULL DEFAULT '', otp_enabled boolean NOT NULL DEFAULT false) DEFAULT CHARSET utf8;
INSERT INTO x7_users (id, login, pwd_hash, salt, access_level) VALUES (7, 'roy', @hash, @salt, 10), (8, 'dora', @hash, @salt, -2);
-- What applications are told.
UPDATE x7_users SET email = 'roy@example.com', full_name = 'Roy Åström';
