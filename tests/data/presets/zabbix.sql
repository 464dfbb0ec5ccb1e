-- Zabbix 7.0; its installer demands a collation that ends in _bin.
-- vector: Zabbix; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: Roy
-- finds nobody: roy, ROY
-- refused: Dora (in a disabled group), Gerda (without a frontend), Nora (without a role)
-- roles: super-admin-role, zabbix-administrators
CREATE TABLE x7_users (userid bigint unsigned NOT NULL PRIMARY KEY, username varchar(100) DEFAULT '' NOT NULL UNIQUE,
  name varchar(100) DEFAULT '' NOT NULL, surname varchar(100) DEFAULT '' NOT NULL, passwd varchar(60) DEFAULT '' NOT NULL,
  roleid bigint unsigned DEFAULT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_role (roleid bigint unsigned NOT NULL PRIMARY KEY, name varchar(255) NOT NULL, type integer NOT NULL DEFAULT 1)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_users_groups (id bigint unsigned NOT NULL PRIMARY KEY, usrgrpid bigint unsigned NOT NULL, userid bigint unsigned NOT NULL);
CREATE TABLE x7_usrgrp (usrgrpid bigint unsigned NOT NULL PRIMARY KEY, name varchar(64) NOT NULL,
  gui_access integer NOT NULL DEFAULT 0, users_status integer NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO x7_users (userid, username, passwd, roleid) VALUES (7, 'Roy', @hash, 3), (8, 'Dora', @hash, 1),
  (9, 'Gerda', @hash, 1), (10, 'Nora', @hash, NULL);
INSERT INTO x7_role VALUES (1, 'User role', 1), (3, 'Super admin role', 3);
INSERT INTO x7_usrgrp VALUES (7, 'Zabbix administrators', 0, 0), (9, 'Disabled', 0, 1), (12, 'No access to the frontend', 3, 0);
INSERT INTO x7_users_groups VALUES (1, 7, 7), (2, 9, 8), (3, 7, 8), (4, 12, 9), (5, 7, 10);
-- What applications are told.
UPDATE x7_users SET name = 'Roy', surname = 'Åström';
