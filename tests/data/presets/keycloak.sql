-- Keycloak 25, with its tables in MariaDB.
-- vector: Keycloak; argon2 (JSON columns)
-- logs in: roy, Roy, roy@example.com
-- refused: dora (disabled), ursel (who must confirm the address)
-- roles: editor, staff
CREATE TABLE x7_USER_ENTITY (ID varchar(36) NOT NULL PRIMARY KEY, EMAIL varchar(255), EMAIL_VERIFIED bit(1) NOT NULL DEFAULT b'0',
  ENABLED bit(1) NOT NULL DEFAULT b'0', REALM_ID varchar(255), USERNAME varchar(255), SERVICE_ACCOUNT_CLIENT_LINK varchar(255),
  UNIQUE KEY (REALM_ID, USERNAME)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_CREDENTIAL (ID varchar(36) NOT NULL PRIMARY KEY, TYPE varchar(255), USER_ID varchar(36), SECRET_DATA longtext,
  CREDENTIAL_DATA longtext, PRIORITY int) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_USER_REQUIRED_ACTION (USER_ID varchar(36) NOT NULL, REQUIRED_ACTION varchar(255) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_USER_ROLE_MAPPING (ROLE_ID varchar(255) NOT NULL, USER_ID varchar(36) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_KEYCLOAK_ROLE (ID varchar(36) NOT NULL PRIMARY KEY, NAME varchar(255)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_USER_GROUP_MEMBERSHIP (GROUP_ID varchar(36) NOT NULL, USER_ID varchar(36) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_KEYCLOAK_GROUP (ID varchar(36) NOT NULL PRIMARY KEY, NAME varchar(255)) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_USER_ENTITY (ID, EMAIL, ENABLED, REALM_ID, USERNAME) VALUES ('u7', 'roy@example.com', 1, 'shop', 'roy'),
  ('u8', 'dora@example.com', 0, 'shop', 'dora'), ('u9', 'ursel@example.com', 1, 'shop', 'ursel');
INSERT INTO x7_CREDENTIAL VALUES ('c7', 'password', 'u7', @hash, @salt, 10), ('c0', 'otp', 'u7', '{}', '{}', 20),
  ('c8', 'password', 'u8', @hash, @salt, 10), ('c9', 'password', 'u9', @hash, @salt, 10);
INSERT INTO x7_USER_REQUIRED_ACTION VALUES ('u9', 'VERIFY_EMAIL');
INSERT INTO x7_KEYCLOAK_ROLE VALUES ('r1', 'editor');
INSERT INTO x7_USER_ROLE_MAPPING VALUES ('r1', 'u7');
INSERT INTO x7_KEYCLOAK_GROUP VALUES ('g1', 'staff');
INSERT INTO x7_USER_GROUP_MEMBERSHIP VALUES ('g1', 'u7');
-- What applications are told.
ALTER TABLE x7_USER_ENTITY ADD COLUMN FIRST_NAME varchar(255) CHARACTER SET utf8mb4, ADD COLUMN LAST_NAME varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_USER_ENTITY SET FIRST_NAME = 'Roy', LAST_NAME = 'Åström';
