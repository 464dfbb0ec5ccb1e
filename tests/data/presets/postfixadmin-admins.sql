-- PostfixAdmin 3.3 and 4, after public/upgrade.php.
-- vector: PostfixAdmin; encrypt = BLF-CRYPT
-- rewritten: {BLF-CRYPT}\$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- refused: dora@example.com (disabled)
-- roles: example.com, superadmin
CREATE TABLE x7_admin (username varchar(255) NOT NULL PRIMARY KEY, password varchar(255) NOT NULL,
  superadmin tinyint(1) NOT NULL DEFAULT 0, active tinyint(1) NOT NULL DEFAULT 1) DEFAULT CHARSET latin1;
CREATE TABLE x7_domain_admins (username varchar(255) NOT NULL, domain varchar(255) NOT NULL,
  created datetime, active tinyint(1) NOT NULL DEFAULT 1) DEFAULT CHARSET latin1;
INSERT INTO x7_admin VALUES ('roy@example.com', @hash, 1, 1), ('dora@example.com', @hash, 0, 0);
INSERT INTO x7_domain_admins (username, domain, active) VALUES ('roy@example.com', 'ALL', 1),
  ('roy@example.com', 'example.com', 1), ('roy@example.com', 'example.org', 0);
