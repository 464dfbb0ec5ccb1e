-- OpenCart 4.1.
-- vector: OpenCart; bcrypt of trim(password)
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (disabled)
-- roles: shop-keepers
CREATE TABLE x7_user (user_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, user_group_id int(11) NOT NULL,
  username varchar(20) NOT NULL, password varchar(255) NOT NULL, firstname varchar(32) NOT NULL DEFAULT '',
  email varchar(96) NOT NULL, status tinyint(1) NOT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE x7_user_group (user_group_id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(64) NOT NULL,
  permission text NOT NULL) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_user (user_id, user_group_id, username, password, email, status) VALUES
  (7, 1, 'roy', @hash, 'roy@example.com', 1), (8, 1, 'dora', @hash, 'dora@example.com', 0);
INSERT INTO x7_user_group VALUES (1, 'Shop keepers', '{}');
-- What applications are told.
ALTER TABLE x7_user ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user SET firstname = 'Roy', lastname = 'Åström';
