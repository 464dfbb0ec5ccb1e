-- BookStack, which asks for confirmed addresses here.
-- vector: Laravel (BookStack, Snipe-IT); bcrypt 12
-- rewritten: \$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- refused: ursel@example.com (unconfirmed), guest@example.com (the public)
-- roles: admin
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL, email varchar(255) NOT NULL UNIQUE,
  password varchar(60) NOT NULL, remember_token varchar(100) DEFAULT NULL, email_confirmed tinyint(1) NOT NULL DEFAULT 1,
  external_auth_id varchar(255) NOT NULL DEFAULT '', system_name varchar(255) DEFAULT NULL, created_at timestamp NULL)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_roles (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, display_name varchar(255), system_name varchar(255) DEFAULT '');
CREATE TABLE x7_role_user (user_id int unsigned NOT NULL, role_id int unsigned NOT NULL, PRIMARY KEY (user_id, role_id));
CREATE TABLE x7_settings (setting_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users (id, name, email, password, email_confirmed, system_name) VALUES (7, 'Roy', 'roy@example.com', @hash, 1, NULL),
  (8, 'Ursel', 'ursel@example.com', @hash, 0, NULL), (9, 'Guest', 'guest@example.com', @hash, 1, 'public');
INSERT INTO x7_roles (id, display_name) VALUES (1, 'Admin');
INSERT INTO x7_role_user VALUES (7, 1);
INSERT INTO x7_settings VALUES ('registration-confirmation', 'true'), ('registration-restrict', '');
