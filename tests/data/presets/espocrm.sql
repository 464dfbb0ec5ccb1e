-- EspoCRM 9 and 10.
-- vector: EspoCRM; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, Roy
-- refused: dora (disabled), bert (deleted), petra (of the portal), api (of the API)
-- roles: admin, sales-people
CREATE TABLE x7_user (id varchar(17) NOT NULL PRIMARY KEY, deleted tinyint(1) DEFAULT 0, user_name varchar(50) DEFAULT NULL,
  type varchar(24) DEFAULT 'regular', password varchar(150) DEFAULT NULL, is_active tinyint(1) NOT NULL DEFAULT 1)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_role_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, role_id varchar(17), user_id varchar(17),
  deleted tinyint(1) DEFAULT 0) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_role (id varchar(17) NOT NULL PRIMARY KEY, name varchar(150), deleted tinyint(1) DEFAULT 0)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
INSERT INTO x7_user VALUES ('6000000000000007', 0, 'roy', 'admin', @hash, 1), ('6000000000000008', 0, 'dora', 'regular', @hash, 0),
  ('6000000000000009', 1, 'bert', 'regular', @hash, 1), ('6000000000000010', 0, 'petra', 'portal', @hash, 1),
  ('6000000000000011', 0, 'api', 'api', @hash, 1);
INSERT INTO x7_role VALUES ('r1', 'Sales people', 0), ('r2', 'Former', 0);
INSERT INTO x7_role_user (role_id, user_id, deleted) VALUES ('r1', '6000000000000007', 0), ('r2', '6000000000000007', 1);
-- What applications are told.
ALTER TABLE x7_user ADD COLUMN first_name varchar(255) CHARACTER SET utf8mb4, ADD COLUMN last_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user SET first_name = 'Roy', last_name = 'Åström';
