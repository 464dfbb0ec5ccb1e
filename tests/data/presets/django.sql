-- Django 5.
-- vector: Django; pbkdf2_sha256
-- logs in: Roy
-- refused: Dora (inactive)
-- roles: site-editors, staff
-- rewritten: pbkdf2_sha256\$
CREATE TABLE x7_auth_user (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, password varchar(128) NOT NULL, last_login datetime(6), is_superuser bool NOT NULL,
  username varchar(150) NOT NULL UNIQUE, first_name varchar(150) NOT NULL DEFAULT '', email varchar(254) NOT NULL DEFAULT '', is_staff bool NOT NULL,
  is_active bool NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_auth_user_groups (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int NOT NULL, group_id int NOT NULL);
CREATE TABLE x7_auth_group (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(150) NOT NULL UNIQUE) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_auth_user (id, password, is_superuser, username, is_staff, is_active) VALUES (7, @hash, 0, 'Roy', 1, 1), (8, @hash, 1, 'Dora', 1, 0);
INSERT INTO x7_auth_group VALUES (1, 'site editors');
INSERT INTO x7_auth_user_groups VALUES (1, 7, 1);
-- What applications are told.
ALTER TABLE x7_auth_user ADD COLUMN last_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_auth_user SET email = 'roy@example.com', first_name = 'Roy', last_name = 'Åström';
