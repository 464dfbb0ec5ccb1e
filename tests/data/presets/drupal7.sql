-- Drupal 7.
-- vector: Drupal; $S$ sha512 phpass
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (blocked)
-- roles: site-editor
CREATE TABLE x7_users (uid int unsigned NOT NULL PRIMARY KEY, name varchar(60) NOT NULL DEFAULT '', pass varchar(128) NOT NULL DEFAULT '',
  mail varchar(254) DEFAULT '', signature_format varchar(255), init varchar(254) DEFAULT '', status tinyint NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users (uid, name, pass, mail, status) VALUES (0, '', '', '', 0), (7, 'roy', @hash, 'roy@example.com', 1), (8, 'dora', @hash, 'd@example.com', 0);
CREATE TABLE x7_users_roles (uid int unsigned NOT NULL, rid int unsigned NOT NULL, PRIMARY KEY (uid, rid));
CREATE TABLE x7_role (rid int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(64) NOT NULL DEFAULT '') DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users_roles VALUES (7, 4);
INSERT INTO x7_role VALUES (3, 'administrator'), (4, 'site editor');
