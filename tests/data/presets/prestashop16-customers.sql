-- PrestaShop 1.6.
-- vector: PrestaShop; md5(_COOKIE_KEY_ + password)
-- logs in: roy@example.com, ROY@example.com, " roy@example.com "
-- refused: dora@example.com (disabled), bert@example.com (deleted), gerda@example.com (a guest)
-- roles: customer, good-customers
CREATE TABLE x7_customer (
  id_customer int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, id_shop_group int(11) unsigned NOT NULL DEFAULT 1,
  id_shop int(11) unsigned NOT NULL DEFAULT 1, id_default_group int(10) unsigned NOT NULL DEFAULT 1,
  firstname varchar(255) NOT NULL DEFAULT '', lastname varchar(255) NOT NULL DEFAULT '', email varchar(255) NOT NULL,
  passwd varchar(32) NOT NULL, active tinyint(1) unsigned NOT NULL DEFAULT 0, is_guest tinyint(1) NOT NULL DEFAULT 0,
  deleted tinyint(1) NOT NULL DEFAULT 0, KEY customer_email (email)) DEFAULT CHARSET utf8;
CREATE TABLE x7_customer_group (id_customer int(10) unsigned NOT NULL, id_group int(10) unsigned NOT NULL,
  PRIMARY KEY (id_customer, id_group));
CREATE TABLE x7_group_lang (id_group int(10) unsigned NOT NULL, id_lang int(10) unsigned NOT NULL,
  name varchar(32) NOT NULL, PRIMARY KEY (id_group, id_lang)) DEFAULT CHARSET utf8;
INSERT INTO x7_customer (id_customer, email, passwd, active, is_guest, deleted) VALUES
  (5, 'roy@example.com', @hash, 1, 1, 0), (6, 'roy@example.com', @hash, 1, 0, 1),
  (7, 'roy@example.com', @hash, 1, 0, 0), (8, 'dora@example.com', @hash, 0, 0, 0),
  (9, 'bert@example.com', @hash, 1, 0, 1), (10, 'gerda@example.com', @hash, 1, 1, 0);
INSERT INTO x7_customer_group VALUES (7, 3), (7, 4), (8, 3);
INSERT INTO x7_group_lang VALUES (3, 1, 'Customer'), (3, 2, 'Kunde'), (4, 2, 'Good customers');
-- What applications are told.
UPDATE x7_customer SET firstname = 'Roy', lastname = 'Åström';
