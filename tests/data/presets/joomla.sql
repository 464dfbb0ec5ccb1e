-- Joomla 5, after installation/sql/mysql/base.sql.
-- vector: Joomla; bcrypt
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (blocked), ursel (unconfirmed)
-- roles: public, registered, super-users
-- rewritten: \$2y\$12\$
CREATE TABLE x7_users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(400) NOT NULL DEFAULT '', username varchar(150) NOT NULL DEFAULT '' UNIQUE,
  email varchar(100) NOT NULL DEFAULT '', password varchar(100) NOT NULL DEFAULT '', block tinyint NOT NULL DEFAULT 0,
  activation varchar(100) NOT NULL DEFAULT '') DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_user_usergroup_map (user_id int unsigned NOT NULL, group_id int unsigned NOT NULL, PRIMARY KEY (user_id, group_id));
CREATE TABLE x7_usergroups (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned NOT NULL DEFAULT 0, lft int NOT NULL,
  rgt int NOT NULL, title varchar(100) NOT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
INSERT INTO x7_users (id, username, email, password, block, activation) VALUES (7, 'roy', 'roy@example.com', @hash, 0, ''),
  (8, 'dora', 'd@example.com', @hash, 1, ''), (9, 'ursel', 'u@example.com', @hash, 1, '8f0c');
INSERT INTO x7_usergroups VALUES (1, 0, 1, 8, 'Public'), (2, 1, 2, 5, 'Registered'), (8, 2, 3, 4, 'Super Users'), (9, 1, 6, 7, 'Guest');
INSERT INTO x7_user_usergroup_map VALUES (7, 8);
-- What applications are told.
UPDATE x7_users SET name = 'Roy Åström';
