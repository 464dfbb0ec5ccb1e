-- ProcessWire 3: a user is a page.
-- vector: ProcessWire; bcrypt(password + userAuthSalt), salt column
-- logs in: roy, Roy
-- finds nobody: about
-- refused: dora (not published), bert (in the waste bin)
-- roles: editor
CREATE TABLE x7_pages (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned NOT NULL DEFAULT 0, templates_id int unsigned NOT NULL DEFAULT 0,
  name varchar(128) CHARACTER SET ascii NOT NULL, status int unsigned NOT NULL DEFAULT 1) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_templates (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(250) CHARACTER SET ascii NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_field_pass (pages_id int unsigned NOT NULL PRIMARY KEY, data char(40) NOT NULL, salt char(32) NOT NULL) DEFAULT CHARSET ascii COLLATE ascii_bin;
CREATE TABLE x7_field_roles (pages_id int unsigned NOT NULL, data int NOT NULL, sort int unsigned NOT NULL, PRIMARY KEY (pages_id, sort));
INSERT INTO x7_templates VALUES (3, 'user'), (4, 'role'), (29, 'basic-page');
INSERT INTO x7_pages (id, templates_id, name, status) VALUES (41, 3, 'roy', 1), (42, 3, 'dora', 2049), (43, 3, 'bert', 8193), (37, 4, 'editor', 1), (1001, 29, 'about', 1);
INSERT INTO x7_field_pass VALUES (41, @hash, @salt), (42, @hash, @salt), (43, @hash, @salt);
INSERT INTO x7_field_roles VALUES (41, 37, 0);
