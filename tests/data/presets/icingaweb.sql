-- Icinga Web 2, after schema/mysql.schema.sql.
-- vector: Icinga Web 2; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- refused: dora (disabled)
-- roles: admins, on-call
CREATE TABLE x7_group (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(64) COLLATE utf8mb4_unicode_ci NOT NULL,
  parent int unsigned NULL DEFAULT NULL, ctime timestamp NULL, mtime timestamp NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_group_membership (group_id int unsigned NOT NULL, username varchar(254) COLLATE utf8mb4_unicode_ci NOT NULL,
  ctime timestamp NULL, mtime timestamp NULL, PRIMARY KEY (group_id, username)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_user (name varchar(254) COLLATE utf8mb4_unicode_ci NOT NULL PRIMARY KEY, active tinyint(1) NOT NULL,
  password_hash varbinary(255) NOT NULL, ctime timestamp NULL, mtime timestamp NULL) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_user (name, active, password_hash) VALUES ('roy', 1, @hash), ('dora', 0, @hash);
INSERT INTO x7_group (id, name, parent) VALUES (1, 'Admins', NULL), (2, 'On call', 1), (3, 'Others', NULL);
INSERT INTO x7_group_membership (group_id, username) VALUES (2, 'roy'), (3, 'dora');
