-- Mautic 5. Its hash is plain bcrypt: that of CakePHP will do.
-- vector: CakePHP; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, Roy, roy@example.com
-- refused: dora (disabled)
-- roles: admin, administrators
CREATE TABLE x7_users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, role_id int unsigned NOT NULL, is_published tinyint(1) NOT NULL,
  username varchar(191) NOT NULL UNIQUE, password varchar(64) NOT NULL, email varchar(191) NOT NULL UNIQUE)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_roles (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(191) NOT NULL, is_admin tinyint(1) NOT NULL);
INSERT INTO x7_users VALUES (7, 1, 1, 'roy', @hash, 'roy@example.com'), (8, 1, 0, 'dora', @hash, 'dora@example.com');
INSERT INTO x7_roles VALUES (1, 'Administrators', 1);
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN first_name varchar(255) CHARACTER SET utf8mb4, ADD COLUMN last_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET first_name = 'Roy', last_name = 'Åström';
