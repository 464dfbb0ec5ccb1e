-- Yii 2, the advanced template with roles in the database.
-- vector: Yii 2; bcrypt
-- rewritten: \$2y\$1[23]\$
-- logs in: roy, Roy
-- finds nobody: roy@example.com
-- refused: ursel (waiting), bert (deleted)
-- roles: author
CREATE TABLE x7_user (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(255) NOT NULL UNIQUE, auth_key varchar(32) NOT NULL,
  password_hash varchar(255) NOT NULL, password_reset_token varchar(255), email varchar(255) NOT NULL UNIQUE,
  status smallint NOT NULL DEFAULT 10, created_at int NOT NULL, updated_at int NOT NULL) DEFAULT CHARSET utf8 COLLATE utf8_unicode_ci;
CREATE TABLE x7_auth_assignment (item_name varchar(64) NOT NULL, user_id varchar(64) NOT NULL, created_at int, PRIMARY KEY (item_name, user_id))
  DEFAULT CHARSET utf8 COLLATE utf8_unicode_ci;
INSERT INTO x7_user VALUES (7, 'roy', '', @hash, NULL, 'roy@example.com', 10, 0, 0),
  (8, 'ursel', '', @hash, NULL, 'ursel@example.com', 9, 0, 0), (9, 'bert', '', @hash, NULL, 'bert@example.com', 0, 0, 0);
INSERT INTO x7_auth_assignment VALUES ('author', '7', 0);
