-- Kanboard 1.2.
-- vector: Kanboard; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- refused: dora (disabled), otto (not by the form), lena (of LDAP)
-- roles: app-manager, good-people
CREATE TABLE x7_users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(191) NOT NULL UNIQUE, password varchar(255),
  is_ldap_user tinyint(1) DEFAULT 0, disable_login_form tinyint(1) DEFAULT 0, is_active tinyint(1) DEFAULT 1, email varchar(255),
  role varchar(25) NOT NULL DEFAULT 'app-user') DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_groups (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, external_id varchar(255) DEFAULT '', name varchar(191) NOT NULL);
CREATE TABLE x7_group_has_users (group_id int NOT NULL, user_id int NOT NULL, UNIQUE KEY (group_id, user_id));
INSERT INTO x7_users (id, username, password, is_ldap_user, disable_login_form, is_active, role) VALUES
  (7, 'roy', @hash, 0, 0, 1, 'app-manager'), (8, 'dora', @hash, 0, 0, 0, 'app-user'), (9, 'otto', @hash, 0, 1, 1, 'app-user'),
  (10, 'lena', @hash, 1, 0, 1, 'app-user');
INSERT INTO x7_groups (id, name) VALUES (1, 'Good people');
INSERT INTO x7_group_has_users VALUES (1, 7);
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET email = 'roy@example.com', name = 'Roy Åström';
