-- Dolibarr, after htdocs/install/mysql/tables.
-- vector: Dolibarr; md5(MAIN_SECURITY_SALT + password)
-- rewritten: nothing
-- logs in: roy, ROY, roy@example.com, vera
-- refused: dora (disabled), frieda (before her time), ella (after her time), mia (of another company)
-- roles: admin, sales-people
CREATE TABLE x7_user (rowid integer AUTO_INCREMENT PRIMARY KEY, entity integer DEFAULT 1 NOT NULL, login varchar(50) NOT NULL,
  pass varchar(128), pass_crypted varchar(128), email varchar(255), admin smallint DEFAULT 0, statut tinyint DEFAULT 1,
  datestartvalidity datetime, dateendvalidity datetime) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_const (rowid integer AUTO_INCREMENT PRIMARY KEY, name varchar(180) NOT NULL, entity integer DEFAULT 1 NOT NULL,
  value text NOT NULL, UNIQUE KEY (name, entity)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_usergroup (rowid integer AUTO_INCREMENT PRIMARY KEY, nom varchar(180) NOT NULL, entity integer DEFAULT 1);
CREATE TABLE x7_usergroup_user (rowid integer AUTO_INCREMENT PRIMARY KEY, entity integer DEFAULT 1, fk_user integer NOT NULL,
  fk_usergroup integer NOT NULL);
INSERT INTO x7_user (rowid, entity, login, pass_crypted, email, admin, statut, datestartvalidity, dateendvalidity) VALUES
  (7, 1, 'roy', @hash, 'roy@example.com', 1, 1, '2020-01-01', NULL), (8, 1, 'dora', @hash, NULL, 0, 0, NULL, NULL),
  (9, 1, 'frieda', @hash, NULL, 0, 1, NOW() + INTERVAL 1 DAY, NULL),
  (10, 1, 'ella', @hash, NULL, 0, 1, NULL, NOW() - INTERVAL 2 DAY), (11, 2, 'mia', @hash, NULL, 0, 1, NULL, NULL),
  (12, 0, 'vera', @hash, NULL, 0, 1, NULL, CURDATE());
INSERT INTO x7_const (name, entity, value) VALUES ('MAIN_SECURITY_SALT', 0, @key), ('MAIN_LANG_DEFAULT', 1, 'auto');
INSERT INTO x7_usergroup VALUES (1, 'Sales people', 1);
INSERT INTO x7_usergroup_user (fk_user, fk_usergroup) VALUES (7, 1);
-- What applications are told.
ALTER TABLE x7_user ADD COLUMN firstname varchar(255) CHARACTER SET utf8mb4, ADD COLUMN lastname varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_user SET firstname = 'Roy', lastname = 'Åström';
