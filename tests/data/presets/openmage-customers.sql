-- OpenMage: a customer's hash is a value of the attribute password_hash.
-- vector: OpenMage; sha256(salt + password):salt
-- logs in: roy@example.com, ROY@example.com
-- refused: dora@example.com (disabled)
-- roles: general
CREATE TABLE x7_customer_entity (
  entity_id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, entity_type_id smallint(5) unsigned NOT NULL DEFAULT 0,
  website_id smallint(5) unsigned DEFAULT NULL, email varchar(255) DEFAULT NULL,
  group_id smallint(5) unsigned NOT NULL DEFAULT 0, is_active smallint(5) unsigned NOT NULL DEFAULT 1) DEFAULT CHARSET utf8;
CREATE TABLE x7_customer_entity_varchar (value_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY,
  entity_type_id smallint(5) unsigned NOT NULL DEFAULT 0, attribute_id smallint(5) unsigned NOT NULL DEFAULT 0,
  entity_id int(10) unsigned NOT NULL DEFAULT 0, value varchar(255) DEFAULT NULL,
  UNIQUE KEY (entity_id, attribute_id)) DEFAULT CHARSET utf8;
CREATE TABLE x7_eav_attribute (attribute_id smallint(5) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  entity_type_id smallint(5) unsigned NOT NULL DEFAULT 0, attribute_code varchar(255) DEFAULT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_customer_group (customer_group_id smallint(5) unsigned NOT NULL PRIMARY KEY,
  customer_group_code varchar(32) NOT NULL) DEFAULT CHARSET utf8;
INSERT INTO x7_customer_entity (entity_id, entity_type_id, email, group_id, is_active) VALUES
  (7, 1, 'roy@example.com', 1, 1), (8, 1, 'dora@example.com', 1, 0);
INSERT INTO x7_eav_attribute VALUES (5, 1, 'firstname'), (12, 1, 'password_hash'), (13, 2, 'password_hash');
INSERT INTO x7_customer_entity_varchar (entity_type_id, attribute_id, entity_id, value) VALUES
  (1, 5, 7, 'Roy'), (1, 12, 7, @hash), (1, 5, 8, 'Dora'), (1, 12, 8, @hash);
INSERT INTO x7_customer_group VALUES (0, 'NOT LOGGED IN'), (1, 'General');
