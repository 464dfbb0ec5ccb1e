-- Redmine 6.
-- vector: Redmine; sha1(salt + sha1(password)), salt column
-- logs in: roy, Roy, " roy "
-- refused: ursel (registered and waiting), dora (locked), lena (of LDAP)
-- roles: admin, good-people
CREATE TABLE x7_users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, login varchar(255) NOT NULL DEFAULT '',
  hashed_password varchar(40) NOT NULL DEFAULT '', firstname varchar(30) NOT NULL DEFAULT '',
  lastname varchar(255) NOT NULL DEFAULT '', admin tinyint(1) NOT NULL DEFAULT 0, status int NOT NULL DEFAULT 1,
  auth_source_id int DEFAULT NULL, type varchar(255) DEFAULT NULL, salt varchar(64) DEFAULT NULL,
  must_change_passwd tinyint(1) NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_groups_users (group_id int NOT NULL, user_id int NOT NULL, UNIQUE KEY (group_id, user_id));
INSERT INTO x7_users (id, login, hashed_password, salt, lastname, admin, status, auth_source_id, type) VALUES
  (5, '', '', NULL, 'Good people', 0, 1, NULL, 'Group'), (6, '', '', NULL, 'Anonymous', 0, 0, NULL, 'AnonymousUser'),
  (7, 'roy', @hash, @salt, 'Roy', 1, 1, NULL, 'User'), (8, 'ursel', @hash, @salt, 'Ursel', 0, 2, NULL, 'User'),
  (9, 'dora', @hash, @salt, 'Dora', 0, 3, NULL, 'User'), (10, 'lena', @hash, @salt, 'Lena', 0, 1, 1, 'User');
INSERT INTO x7_groups_users VALUES (5, 7);
-- What applications are told.
UPDATE x7_users SET firstname = 'Roy';
