-- OpenCart 3.0.
-- vector: OpenCart; sha1(salt + sha1(salt + sha1(html(password)))), salt column
-- logs in: roy@example.com, ROY@example.com
-- refused: dora@example.com (disabled)
-- roles: good-customers
CREATE TABLE x7_customer (
  customer_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_group_id int(11) NOT NULL,
  store_id int(11) NOT NULL DEFAULT 0, firstname varchar(32) NOT NULL DEFAULT '', email varchar(96) NOT NULL,
  password varchar(255) NOT NULL, salt varchar(9) NOT NULL, status tinyint(1) NOT NULL, safe tinyint(1) NOT NULL DEFAULT 0
) DEFAULT CHARSET utf8 COLLATE utf8_general_ci;
CREATE TABLE x7_customer_group_description (customer_group_id int(11) NOT NULL, language_id int(11) NOT NULL,
  name varchar(32) NOT NULL, PRIMARY KEY (customer_group_id, language_id)) DEFAULT CHARSET utf8;
INSERT INTO x7_customer_group_description VALUES (2, 1, 'Good customers'), (2, 2, 'Gute Kunden'), (1, 1, 'Default');
INSERT INTO x7_customer (customer_id, customer_group_id, email, password, salt, status) VALUES
  (7, 2, 'roy@example.com', @hash, @salt, 1), (8, 1, 'dora@example.com', @hash, @salt, 0);
-- What applications are told.
ALTER TABLE x7_customer ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_customer SET firstname = 'Roy', lastname = 'Åström';
