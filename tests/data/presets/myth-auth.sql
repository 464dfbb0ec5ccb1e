-- Myth:Auth, after its migration.
-- vector: Myth:Auth; bcrypt(base64(sha384))
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY, roy@example.com
-- refused: bea (banned), bert (deleted), ursel (unconfirmed)
-- roles: editor
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, username varchar(30) UNIQUE,
  password_hash varchar(255) NOT NULL, status varchar(255), active tinyint(1) NOT NULL DEFAULT 0, deleted_at datetime) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_auth_groups (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_auth_groups_users (group_id int unsigned NOT NULL DEFAULT 0, user_id int unsigned NOT NULL DEFAULT 0);
INSERT INTO x7_users (id, email, username, password_hash, status, active, deleted_at) VALUES
  (7, 'roy@example.com', 'roy', @hash, NULL, 1, NULL), (8, 'b@example.com', 'bea', @hash, 'banned', 1, NULL),
  (9, 'c@example.com', 'bert', @hash, NULL, 1, '2025-01-01'), (10, 'u@example.com', 'ursel', @hash, NULL, 0, NULL);
INSERT INTO x7_auth_groups VALUES (1, 'editor');
INSERT INTO x7_auth_groups_users VALUES (1, 7);
