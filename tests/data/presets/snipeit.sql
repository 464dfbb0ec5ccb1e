-- Snipe-IT.
-- vector: Laravel (BookStack, Snipe-IT); bcrypt 12
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- refused: dora (not activated), bert (deleted)
-- roles: good-people, superuser
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(191), password varchar(191) NOT NULL,
  permissions text, activated tinyint(1) NOT NULL DEFAULT 0, username varchar(191), ldap_import tinyint(1) NOT NULL DEFAULT 0,
  deleted_at timestamp NULL DEFAULT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_permission_groups (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(191) NOT NULL, permissions text);
CREATE TABLE x7_users_groups (user_id int unsigned NOT NULL, group_id int unsigned NOT NULL, PRIMARY KEY (user_id, group_id));
INSERT INTO x7_users (id, username, password, permissions, activated, deleted_at) VALUES
  (7, 'roy', @hash, '{"superuser":"1","admin":"0"}', 1, NULL), (6, 'roy', @hash, NULL, 1, '2025-01-01'),
  (8, 'dora', @hash, '{"superuser":"0"}', 0, NULL), (9, 'bert', @hash, NULL, 1, '2025-01-01');
INSERT INTO x7_permission_groups (id, name) VALUES (1, 'Good people');
INSERT INTO x7_users_groups VALUES (7, 1);
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN first_name varchar(255) CHARACTER SET utf8mb4, ADD COLUMN last_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET email = 'roy@example.com', first_name = 'Roy', last_name = 'Åström';
