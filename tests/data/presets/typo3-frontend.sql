-- TYPO3.
-- vector: TYPO3; Pbkdf2PasswordHash
-- rewritten: \$pbkdf2-sha256\$
-- logs in: roy, Roy, " roy "
-- refused: dora (disabled), bert (deleted), frieda (before her time), ella (after her time)
-- roles: good-people
CREATE TABLE x7_fe_users (uid int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, pid int unsigned NOT NULL DEFAULT 0,
  deleted smallint unsigned NOT NULL DEFAULT 0, disable smallint unsigned NOT NULL DEFAULT 0, starttime int unsigned NOT NULL DEFAULT 0,
  endtime int unsigned NOT NULL DEFAULT 0, username varchar(255) NOT NULL DEFAULT '', password varchar(255) NOT NULL DEFAULT '',
  email varchar(255) NOT NULL DEFAULT '', usergroup text) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_fe_groups (uid int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, title varchar(50) NOT NULL DEFAULT '',
  deleted smallint unsigned NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_fe_users (uid, username, password, usergroup, deleted, disable, starttime, endtime) VALUES
  (7, 'roy', @hash, '3,4', 0, 0, 0, 0), (6, 'roy', @hash, '', 1, 0, 0, 0), (8, 'dora', @hash, '', 0, 1, 0, 0),
  (9, 'bert', @hash, '', 1, 0, 0, 0), (10, 'frieda', @hash, '', 0, 0, UNIX_TIMESTAMP() + 3600, 0),
  (11, 'ella', @hash, '', 0, 0, 0, UNIX_TIMESTAMP() - 60);
INSERT INTO x7_fe_groups VALUES (3, 'Good people', 0), (4, 'Former', 1);
-- What applications are told.
ALTER TABLE x7_fe_users ADD COLUMN name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_fe_users SET email = 'roy@example.com', name = 'Roy Åström';
