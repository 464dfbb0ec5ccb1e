-- Backdrop 1.
-- vector: Backdrop; $S$ sha512 phpass
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (blocked)
-- roles: site-editor
CREATE TABLE x7_users (uid int unsigned NOT NULL PRIMARY KEY, name varchar(60) NOT NULL DEFAULT '', pass varchar(128) NOT NULL DEFAULT '',
  mail varchar(254) DEFAULT '', signature_format varchar(255), init varchar(254) DEFAULT '', status tinyint NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users (uid, name, pass, mail, status) VALUES (0, '', '', '', 0), (7, 'roy', @hash, 'roy@example.com', 1), (8, 'dora', @hash, 'd@example.com', 0);
CREATE TABLE x7_users_roles (uid int unsigned NOT NULL, role varchar(128) NOT NULL, PRIMARY KEY (uid, role)) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users_roles VALUES (7, 'site editor');
