-- osTicket 1.18, after setup/inc/streams/core/install-mysql.sql.
-- vector: osTicket; $2a$08$ bcrypt
-- rewritten: \$2[ay]\$12\$
-- logs in: roy, ROY, roy@example.com
-- refused: dora (disabled), lena (of LDAP)
-- roles: admin, all-access, level-i
CREATE TABLE x7_staff (staff_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, dept_id int unsigned NOT NULL DEFAULT 0,
  role_id int unsigned NOT NULL DEFAULT 0, username varchar(32) NOT NULL DEFAULT '' UNIQUE, passwd varchar(128) DEFAULT NULL,
  backend varchar(32) DEFAULT NULL, email varchar(255) DEFAULT NULL, isactive tinyint(1) NOT NULL DEFAULT 1,
  isadmin tinyint(1) NOT NULL DEFAULT 0) DEFAULT CHARSET utf8;
CREATE TABLE x7_role (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, flags int unsigned NOT NULL DEFAULT 1,
  name varchar(64) DEFAULT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_team (team_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(125) NOT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_team_member (team_id int unsigned NOT NULL, staff_id int unsigned NOT NULL, PRIMARY KEY (team_id, staff_id));
INSERT INTO x7_staff (staff_id, role_id, username, passwd, backend, email, isactive, isadmin) VALUES
  (7, 1, 'roy', @hash, NULL, 'roy@example.com', 1, 1), (8, 1, 'dora', @hash, '', 'dora@example.com', 0, 0),
  (9, 1, 'lena', @hash, 'ldap', 'lena@example.com', 1, 0);
INSERT INTO x7_role (id, name) VALUES (1, 'All Access');
INSERT INTO x7_team VALUES (1, 'Level I');
INSERT INTO x7_team_member VALUES (1, 7);
-- What applications are told.
ALTER TABLE x7_staff ADD COLUMN firstname varchar(255) CHARACTER SET utf8mb4, ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_staff SET firstname = 'Roy', lastname = 'Åström';
