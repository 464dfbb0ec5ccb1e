-- Drupal 11.
-- vector: Drupal; PHP default bcrypt
-- logs in: roy, ROY
-- finds nobody: roy@example.com
-- refused: dora (blocked)
-- roles: editor
-- rewritten: \$2y\$12\$
CREATE TABLE x7_users_field_data (uid int unsigned NOT NULL, langcode varchar(12) NOT NULL, name varchar(60) NOT NULL, pass varchar(255),
  mail varchar(254), status tinyint, default_langcode tinyint NOT NULL, PRIMARY KEY (uid, langcode)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_user__roles (bundle varchar(128) NOT NULL DEFAULT '', deleted tinyint NOT NULL DEFAULT 0, entity_id int unsigned NOT NULL,
  delta int unsigned NOT NULL, roles_target_id varchar(255) NOT NULL, PRIMARY KEY (entity_id, deleted, delta)) DEFAULT CHARSET ascii;
INSERT INTO x7_users_field_data VALUES (0, 'en', '', NULL, NULL, 0, 1), (7, 'en', 'roy', @hash, 'roy@example.com', 1, 1),
  (7, 'de', 'roy', @hash, 'roy@example.com', 1, 0), (8, 'en', 'dora', @hash, 'd@example.com', 0, 1);
INSERT INTO x7_user__roles VALUES ('user', 0, 7, 0, 'editor');
