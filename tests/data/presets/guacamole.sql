-- Apache Guacamole 1.6, after the schema of its extension guacamole-auth-jdbc-mysql.
-- vector: Guacamole; sha256(password + upper-case hex of salt), BINARY(32) columns (here in hex)
-- logs in: roy, Roy
-- refused: dora (disabled), ella (with an expired password), frieda (before her time), vera (after her time)
-- roles: good-people
CREATE TABLE x7_entity (entity_id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(128) NOT NULL, type enum('USER','USER_GROUP') NOT NULL,
  UNIQUE KEY (type, name)) DEFAULT CHARSET utf8;
CREATE TABLE x7_user (user_id int NOT NULL AUTO_INCREMENT PRIMARY KEY, entity_id int NOT NULL UNIQUE, password_hash binary(32) NOT NULL,
  password_salt binary(32), password_date datetime, disabled boolean NOT NULL DEFAULT 0, expired boolean NOT NULL DEFAULT 0,
  valid_from date, valid_until date);
CREATE TABLE x7_user_group (user_group_id int NOT NULL AUTO_INCREMENT PRIMARY KEY, entity_id int NOT NULL UNIQUE, disabled boolean NOT NULL DEFAULT 0);
CREATE TABLE x7_user_group_member (user_group_id int NOT NULL, member_entity_id int NOT NULL, PRIMARY KEY (user_group_id, member_entity_id));
INSERT INTO x7_entity VALUES (1, 'roy', 'USER'), (2, 'dora', 'USER'), (3, 'ella', 'USER'), (4, 'frieda', 'USER'), (5, 'vera', 'USER'),
  (6, 'Good people', 'USER_GROUP');
INSERT INTO x7_user (user_id, entity_id, password_hash, password_salt, disabled, expired, valid_from, valid_until) VALUES
  (17, 1, UNHEX(@hash), UNHEX(@salt), 0, 0, '2020-01-01', CURDATE()), (18, 2, UNHEX(@hash), UNHEX(@salt), 1, 0, NULL, NULL),
  (19, 3, UNHEX(@hash), UNHEX(@salt), 0, 1, NULL, NULL), (20, 4, UNHEX(@hash), UNHEX(@salt), 0, 0, CURDATE() + INTERVAL 2 DAY, NULL),
  (21, 5, UNHEX(@hash), UNHEX(@salt), 0, 0, NULL, CURDATE() - INTERVAL 2 DAY);
INSERT INTO x7_user_group VALUES (9, 6, 0);
INSERT INTO x7_user_group_member VALUES (9, 1);
-- What applications are told.
ALTER TABLE x7_user ADD COLUMN email_address varchar(255) CHARACTER SET utf8mb4, ADD COLUMN full_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user SET email_address = 'roy@example.com', full_name = 'Roy Åström';
