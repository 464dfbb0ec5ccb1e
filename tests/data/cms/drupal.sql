-- The tables of Drupal 10 that have to do with its users, as its installer makes them for a site whose prefix is x7_.
-- HASH is in the place of the hashes.
CREATE DATABASE shop DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
USE shop;
CREATE TABLE x7_users (
  uid int(10) unsigned NOT NULL AUTO_INCREMENT,
  uuid varchar(128) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  langcode varchar(12) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  PRIMARY KEY (uid),
  UNIQUE KEY user_field__uuid__value (uuid)
);
CREATE TABLE x7_users_field_data (
  uid int(10) unsigned NOT NULL,
  langcode varchar(12) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  preferred_langcode varchar(12) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT NULL,
  preferred_admin_langcode varchar(12) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT NULL,
  name varchar(60) NOT NULL,
  pass varchar(255) DEFAULT NULL,
  mail varchar(254) DEFAULT NULL,
  timezone varchar(32) DEFAULT NULL,
  status tinyint(4) DEFAULT NULL,
  created int(11) NOT NULL,
  changed int(11) DEFAULT NULL,
  access int(11) NOT NULL,
  login int(11) DEFAULT NULL,
  init varchar(254) DEFAULT NULL,
  default_langcode tinyint(4) NOT NULL,
  PRIMARY KEY (uid, langcode),
  UNIQUE KEY user__name (name, langcode),
  KEY user_field__mail (mail(191))
);
CREATE TABLE x7_user__roles (
  bundle varchar(128) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL DEFAULT '',
  deleted tinyint(4) NOT NULL DEFAULT 0,
  entity_id int(10) unsigned NOT NULL,
  revision_id int(10) unsigned NOT NULL,
  langcode varchar(32) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL DEFAULT '',
  delta int(10) unsigned NOT NULL,
  roles_target_id varchar(255) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  PRIMARY KEY (entity_id, deleted, delta, langcode)
);
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO x7_users VALUES (0, '00000000-0000-4000-8000-000000000000', 'en'),
  (1, '00000000-0000-4000-8000-000000000001', 'en');
INSERT INTO x7_users_field_data (uid, langcode, name, pass, mail, status, created, access, default_langcode) VALUES
  (0, 'en', '', NULL, NULL, 0, 1767607200, 0, 1), (1, 'en', 'petra', 'HASH', 'petra@example.com', 1, 1767607200, 0, 1);
INSERT INTO x7_user__roles VALUES ('user', 0, 1, 1, 'en', 0, 'administrator');
CREATE USER drupal@localhost IDENTIFIED BY 'its own';
GRANT ALL ON shop.* TO drupal@localhost;
