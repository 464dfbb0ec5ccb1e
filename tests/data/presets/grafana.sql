-- Grafana 12, with its tables in MySQL.
-- vector: Grafana; pbkdf2 sha256 10000, 50 bytes, hex; salt column as text
-- logs in: roy, Roy, roy@example.com
-- refused: dora (disabled), sa-bot (a service account)
-- roles: editor, grafana-admin
CREATE TABLE x7_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, version int NOT NULL DEFAULT 0, login varchar(190) NOT NULL UNIQUE,
  email varchar(190) NOT NULL UNIQUE, name varchar(255), password varchar(255), salt varchar(50), rands varchar(50), org_id bigint NOT NULL,
  is_admin tinyint(1) NOT NULL, is_disabled tinyint(1) NOT NULL DEFAULT 0, is_service_account tinyint(1) DEFAULT 0)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_org_user (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, org_id bigint NOT NULL, user_id bigint NOT NULL, role varchar(20) NOT NULL);
INSERT INTO x7_user (id, login, email, password, salt, org_id, is_admin, is_disabled, is_service_account) VALUES
  (7, 'roy', 'roy@example.com', @hash, @salt, 1, 1, 0, 0), (8, 'dora', 'dora@example.com', @hash, @salt, 1, 0, 1, 0),
  (9, 'sa-bot', 'sa-bot', @hash, @salt, 1, 0, 0, 1);
INSERT INTO x7_org_user (org_id, user_id, role) VALUES (1, 7, 'Editor'), (1, 8, 'Viewer');
-- What applications are told.
UPDATE x7_user SET name = 'Roy Åström';
