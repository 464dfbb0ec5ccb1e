-- Cacti 1.2, after cacti.sql.
-- vector: Cacti; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- refused: dora (disabled), lotte (locked), lena (of LDAP)
-- roles: good-people
CREATE TABLE x7_user_auth (id mediumint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(50) NOT NULL DEFAULT '0',
  password varchar(256) NOT NULL DEFAULT '', realm mediumint NOT NULL DEFAULT 0, full_name varchar(100) DEFAULT '0',
  enabled char(2) NOT NULL DEFAULT 'on', locked char(2) NOT NULL DEFAULT '', UNIQUE KEY (username, realm)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_user_auth_group (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(20) NOT NULL,
  enabled char(2) NOT NULL DEFAULT 'on') DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_user_auth_group_members (group_id int unsigned NOT NULL, user_id int unsigned NOT NULL, PRIMARY KEY (group_id, user_id));
INSERT INTO x7_user_auth (id, username, password, realm, enabled, locked) VALUES (7, 'roy', @hash, 0, 'on', ''),
  (8, 'dora', @hash, 0, '', ''), (9, 'lotte', @hash, 0, 'on', 'on'), (10, 'lena', @hash, 3, 'on', '');
INSERT INTO x7_user_auth_group VALUES (1, 'Good people', 'on'), (2, 'Former', '');
INSERT INTO x7_user_auth_group_members VALUES (1, 7), (2, 7);
-- What applications are told.
ALTER TABLE x7_user_auth ADD COLUMN email_address varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user_auth SET email_address = 'roy@example.com', full_name = 'Roy Åström';
