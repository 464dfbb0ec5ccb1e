-- GLPI 11.
-- vector: GLPI; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, Roy
-- refused: dora (disabled), bert (deleted), frieda (before her time), ella (after her time), lena (of LDAP), nora (without a profile)
-- roles: super-admin
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) DEFAULT NULL,
  password varchar(255) DEFAULT NULL, authtype int NOT NULL DEFAULT 0, auths_id int unsigned NOT NULL DEFAULT 0,
  is_active tinyint NOT NULL DEFAULT 1, is_deleted tinyint NOT NULL DEFAULT 0, begin_date timestamp NULL DEFAULT NULL,
  end_date timestamp NULL DEFAULT NULL, UNIQUE KEY (name, authtype, auths_id)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_profiles_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, users_id int unsigned NOT NULL,
  profiles_id int unsigned NOT NULL, entities_id int unsigned NOT NULL DEFAULT 0);
CREATE TABLE x7_profiles (id int unsigned NOT NULL PRIMARY KEY, name varchar(255) DEFAULT NULL);
INSERT INTO x7_users (id, name, password, authtype, is_active, is_deleted, begin_date, end_date) VALUES
  (7, 'roy', @hash, 1, 1, 0, '2020-01-01', NOW() + INTERVAL 1 DAY), (8, 'dora', @hash, 1, 0, 0, NULL, NULL),
  (9, 'bert', @hash, 1, 1, 1, NULL, NULL), (10, 'frieda', @hash, 1, 1, 0, NOW() + INTERVAL 1 DAY, NULL),
  (11, 'ella', @hash, 1, 1, 0, NULL, NOW() - INTERVAL 1 DAY), (12, 'lena', @hash, 3, 1, 0, NULL, NULL),
  (13, 'nora', @hash, 1, 1, 0, NULL, NULL);
INSERT INTO x7_profiles VALUES (4, 'Super-Admin'), (1, 'Self-Service');
INSERT INTO x7_profiles_users (users_id, profiles_id) VALUES (7, 4), (8, 1), (9, 1), (10, 1), (11, 1), (12, 1);
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN firstname varchar(255) CHARACTER SET utf8mb4, ADD COLUMN realname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET firstname = 'Roy', realname = 'Åström';
