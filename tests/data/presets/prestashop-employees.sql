-- PrestaShop 1.7 and later.
-- vector: PrestaShop; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- refused: dora@example.com (disabled)
-- roles: superadmin
CREATE TABLE x7_employee (
  id_employee int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, id_profile int(10) unsigned NOT NULL,
  id_lang int(10) unsigned NOT NULL DEFAULT 0, lastname varchar(255) NOT NULL DEFAULT '',
  firstname varchar(255) NOT NULL DEFAULT '', email varchar(255) NOT NULL, passwd varchar(255) NOT NULL,
  active tinyint(1) unsigned NOT NULL DEFAULT 0, KEY employee_login (email, passwd(60))) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_profile_lang (id_lang int(10) unsigned NOT NULL, id_profile int(10) unsigned NOT NULL,
  name varchar(128) NOT NULL, PRIMARY KEY (id_profile, id_lang)) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_employee (id_employee, id_profile, email, passwd, active) VALUES
  (7, 1, 'roy@example.com', @hash, 1), (8, 1, 'dora@example.com', @hash, 0);
INSERT INTO x7_profile_lang VALUES (1, 1, 'SuperAdmin'), (2, 1, 'Superverwalter');
-- What applications are told.
UPDATE x7_employee SET firstname = 'Roy', lastname = 'Åström';
