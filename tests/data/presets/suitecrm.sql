-- SuiteCRM 7 and 8.
-- vector: SuiteCRM; bcrypt(md5 hex)
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY
-- refused: dora (inactive), bert (deleted), petra (of the portal), gabi (a group)
-- roles: admin, sales-people
CREATE TABLE x7_users (id char(36) NOT NULL PRIMARY KEY, user_name varchar(60) DEFAULT NULL, user_hash varchar(255) DEFAULT NULL,
  external_auth_only tinyint(1) DEFAULT 0, is_admin tinyint(1) DEFAULT 0, deleted tinyint(1) DEFAULT NULL,
  status varchar(100) DEFAULT NULL, portal_only tinyint(1) DEFAULT 0, is_group tinyint(1) DEFAULT NULL)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE x7_acl_roles_users (id varchar(36) NOT NULL PRIMARY KEY, role_id varchar(36) DEFAULT NULL,
  user_id varchar(36) DEFAULT NULL, deleted tinyint(1) DEFAULT 0);
CREATE TABLE x7_acl_roles (id char(36) NOT NULL PRIMARY KEY, name varchar(150) DEFAULT NULL, deleted tinyint(1) DEFAULT NULL);
INSERT INTO x7_users (id, user_name, user_hash, is_admin, deleted, status, portal_only, is_group) VALUES
  ('7a3c4f1e-0000-4000-8000-000000000007', 'roy', @hash, 1, 0, 'Active', 0, NULL),
  ('7a3c4f1e-0000-4000-8000-000000000008', 'dora', @hash, 0, 0, 'Inactive', 0, 0),
  ('7a3c4f1e-0000-4000-8000-000000000009', 'bert', @hash, 0, 1, 'Active', 0, 0),
  ('7a3c4f1e-0000-4000-8000-000000000010', 'petra', @hash, 0, 0, 'Active', 1, 0),
  ('7a3c4f1e-0000-4000-8000-000000000011', 'gabi', @hash, 0, 0, 'Active', 0, 1);
INSERT INTO x7_acl_roles VALUES ('r1', 'Sales people', 0), ('r2', 'Former', 1);
INSERT INTO x7_acl_roles_users VALUES ('m1', 'r1', '7a3c4f1e-0000-4000-8000-000000000007', 0),
  ('m2', 'r2', '7a3c4f1e-0000-4000-8000-000000000007', 0);
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN first_name varchar(255) CHARACTER SET utf8mb4, ADD COLUMN last_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET first_name = 'Roy', last_name = 'Åström';
