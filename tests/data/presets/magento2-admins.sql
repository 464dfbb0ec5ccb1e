-- Magento 2.4, after Magento/User/etc/db_schema.xml.
-- vector: Magento 2; hash:salt:3_32_2_67108864 argon2id
-- rewritten: [0-9a-f]{64}:.{32}:3_32_
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (disabled), lotte (locked), nora (without a role)
-- roles: shop-managers
CREATE TABLE x7_admin_user (
  user_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, firstname varchar(32), lastname varchar(32),
  email varchar(128) DEFAULT NULL, username varchar(40) DEFAULT NULL UNIQUE, password varchar(255) NOT NULL,
  is_active smallint(6) NOT NULL DEFAULT 1, rp_token text DEFAULT NULL, failures_num smallint(6) DEFAULT 0,
  lock_expires timestamp NULL DEFAULT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE x7_authorization_role (role_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  parent_id int(10) unsigned NOT NULL DEFAULT 0, tree_level smallint NOT NULL DEFAULT 0, role_type varchar(1) NOT NULL,
  user_id int(10) unsigned NOT NULL DEFAULT 0, user_type varchar(16) DEFAULT NULL, role_name varchar(50) DEFAULT NULL);
INSERT INTO x7_admin_user (user_id, email, username, password, is_active, lock_expires) VALUES
  (7, 'roy@example.com', 'roy', @hash, 1, NULL), (8, 'dora@example.com', 'dora', @hash, 0, NULL),
  (9, 'lotte@example.com', 'lotte', @hash, 1, NOW() + INTERVAL 1 HOUR), (10, 'nora@example.com', 'nora', @hash, 1, NULL);
INSERT INTO x7_authorization_role (role_id, parent_id, role_type, user_id, user_type, role_name) VALUES
  (1, 0, 'G', 0, '2', 'Administrators'), (2, 0, 'G', 0, '2', 'Shop managers'), (3, 2, 'U', 7, '2', 'roy'),
  (4, 1, 'U', 8, '2', 'dora'), (5, 1, 'U', 9, '2', 'lotte');
-- What applications are told.
UPDATE x7_admin_user SET firstname = 'Roy', lastname = 'Åström';
