-- Magento 2.4, after Magento/Customer/etc/db_schema.xml.
-- vector: Magento 2; hash:salt:3_32_2_67108864 argon2id
-- rewritten: [0-9a-f]{64}:.{32}:3_32_
-- logs in: roy@example.com, Roy@example.com
-- refused: lotte@example.com (locked), ursel@example.com (unconfirmed)
-- roles: general
CREATE TABLE x7_customer_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, website_id smallint(5) unsigned DEFAULT NULL,
  email varchar(255) DEFAULT NULL, group_id smallint(5) unsigned NOT NULL DEFAULT 0,
  is_active smallint(5) unsigned NOT NULL DEFAULT 1, password_hash varchar(128) DEFAULT NULL,
  rp_token varchar(128) DEFAULT NULL, confirmation varchar(64) DEFAULT NULL, failures_num smallint(6) DEFAULT 0,
  first_failure timestamp NULL DEFAULT NULL, lock_expires timestamp NULL DEFAULT NULL,
  UNIQUE KEY (email, website_id)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE x7_customer_group (customer_group_id int(10) unsigned NOT NULL PRIMARY KEY,
  customer_group_code varchar(32) NOT NULL, tax_class_id int(10) unsigned NOT NULL DEFAULT 0);
CREATE TABLE x7_core_config_data (config_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  scope varchar(8) NOT NULL DEFAULT 'default', scope_id int(11) NOT NULL DEFAULT 0,
  path varchar(255) NOT NULL DEFAULT 'general', value text DEFAULT NULL);
INSERT INTO x7_customer_entity (entity_id, website_id, email, group_id, password_hash, confirmation, lock_expires) VALUES
  (7, 1, 'roy@example.com', 1, @hash, NULL, '2020-01-01'),
  (8, 1, 'lotte@example.com', 1, @hash, NULL, NOW() + INTERVAL 1 HOUR),
  (9, 1, 'ursel@example.com', 1, @hash, 'Ib5nGX3jS3rPqYLbTRkqYUuKWXnVQSoK', NULL);
INSERT INTO x7_customer_group (customer_group_id, customer_group_code) VALUES (0, 'NOT LOGGED IN'), (1, 'General');
INSERT INTO x7_core_config_data (path, value) VALUES ('customer/create_account/confirm', '1');
-- What applications are told.
ALTER TABLE x7_customer_entity ADD COLUMN firstname varchar(255) CHARACTER SET utf8mb4, ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_customer_entity SET firstname = 'Roy', lastname = 'Åström';
