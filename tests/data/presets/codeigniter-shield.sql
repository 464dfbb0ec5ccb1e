-- CodeIgniter Shield, after its migration.
-- vector: CodeIgniter Shield; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- finds nobody: roy
-- refused: bea@example.com (banned), bert@example.com (deleted), ursel@example.com (unconfirmed)
-- roles: editor
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(30) DEFAULT NULL UNIQUE,
  status varchar(255), status_message varchar(255), active tinyint(1) NOT NULL DEFAULT 0, deleted_at datetime DEFAULT NULL)
  DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_auth_identities (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int unsigned NOT NULL, type varchar(255) NOT NULL,
  name varchar(255), secret varchar(255) NOT NULL, secret2 varchar(255), expires datetime, UNIQUE KEY (type, secret), KEY (user_id)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_auth_groups_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int unsigned NOT NULL, `group` varchar(255) NOT NULL);
INSERT INTO x7_users (id, username, status, active, deleted_at) VALUES (7, 'roy', NULL, 1, NULL), (8, 'bea', 'banned', 1, NULL),
  (9, 'bert', NULL, 1, '2025-01-01'), (10, 'ursel', NULL, 0, NULL);
INSERT INTO x7_auth_identities (user_id, type, secret, secret2) VALUES (7, 'email_password', 'roy@example.com', @hash),
  (7, 'access_token', 'c3d1', NULL), (8, 'email_password', 'bea@example.com', @hash),
  (9, 'email_password', 'bert@example.com', @hash), (10, 'email_password', 'ursel@example.com', @hash),
  (10, 'email_activate', '312590', NULL);
INSERT INTO x7_auth_groups_users (user_id, `group`) VALUES (7, 'editor');
