-- phpBB 3.3.
-- vector: phpBB; $2y$
-- logs in: Roy, ROY, " roy "
-- finds nobody: roy@example.com
-- refused: Ursel (inactive), Bot (a search engine)
-- roles: administrators
-- rewritten: \$2y\$12\$
CREATE TABLE x7_users (user_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_type tinyint NOT NULL DEFAULT 0, group_id int unsigned NOT NULL DEFAULT 3,
  username varchar(255) NOT NULL DEFAULT '', username_clean varchar(255) NOT NULL DEFAULT '' UNIQUE, user_password varchar(255) NOT NULL DEFAULT '',
  user_email varchar(100) NOT NULL DEFAULT '') DEFAULT CHARSET utf8 COLLATE utf8_bin;
CREATE TABLE x7_user_group (group_id int unsigned NOT NULL, user_id int unsigned NOT NULL, user_pending tinyint unsigned NOT NULL DEFAULT 1);
CREATE TABLE x7_groups (group_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, group_name varchar(255) NOT NULL DEFAULT '') DEFAULT CHARSET utf8 COLLATE utf8_bin;
INSERT INTO x7_users VALUES (7, 3, 5, 'Roy', 'roy', @hash, 'roy@example.com'), (8, 1, 2, 'Ursel', 'ursel', @hash, ''), (9, 2, 6, 'Bot', 'bot', @hash, '');
INSERT INTO x7_groups VALUES (5, 'ADMINISTRATORS'), (7, 'NEWLY_REGISTERED');
INSERT INTO x7_user_group VALUES (5, 7, 0), (7, 7, 1);
