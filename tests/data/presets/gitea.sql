-- Gitea 1.19 and later.
-- vector: Gitea, Forgejo; pbkdf2$50000$50, sha256, hex; salt column hex
-- logs in: Roy, roy, " ROY ", roy@example.com
-- finds nobody: new@example.com
-- refused: ursel (not activated), dora (login prohibited), lena (of LDAP), acme (an organisation)
-- roles: acme-developers, admin
CREATE TABLE x7_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, lower_name varchar(255) NOT NULL UNIQUE,
  name varchar(255) NOT NULL UNIQUE, full_name varchar(255), email varchar(255) NOT NULL, passwd varchar(255) NOT NULL,
  passwd_hash_algo varchar(255) NOT NULL DEFAULT 'argon2', login_type int DEFAULT NULL, type int DEFAULT NULL,
  salt varchar(32) DEFAULT NULL, is_active tinyint(1), is_admin tinyint(1), prohibit_login tinyint(1) NOT NULL DEFAULT 0)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_email_address (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, uid bigint NOT NULL, email varchar(255) NOT NULL,
  lower_email varchar(255) NOT NULL UNIQUE, is_activated tinyint(1), is_primary tinyint(1) NOT NULL DEFAULT 0)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_team_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, org_id bigint, team_id bigint, uid bigint);
CREATE TABLE x7_team (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, org_id bigint, lower_name varchar(255), name varchar(255))
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO x7_user (id, lower_name, name, email, passwd, passwd_hash_algo, login_type, type, salt, is_active, is_admin,
                     prohibit_login) VALUES
  (6, 'acme', 'Acme', '', @hash, @scheme, 0, 1, @salt, 1, 0, 0), (7, 'roy', 'Roy', 'roy@example.com', @hash, @scheme, 0, 0, @salt, 1, 1, 0),
  (8, 'ursel', 'Ursel', 'u@example.com', @hash, @scheme, 0, 0, @salt, 0, 0, 0),
  (9, 'dora', 'Dora', 'd@example.com', @hash, @scheme, 0, 0, @salt, 1, 0, 1),
  (10, 'lena', 'Lena', 'l@example.com', @hash, @scheme, 2, 0, @salt, 1, 0, 0);
INSERT INTO x7_email_address (uid, email, lower_email, is_activated) VALUES (7, 'Roy@example.com', 'roy@example.com', 1),
  (7, 'new@example.com', 'new@example.com', 0);
INSERT INTO x7_team VALUES (3, 6, 'developers', 'Developers');
INSERT INTO x7_team_user (org_id, team_id, uid) VALUES (6, 3, 7);
-- What applications are told.
UPDATE x7_user SET full_name = 'Roy Åström';
