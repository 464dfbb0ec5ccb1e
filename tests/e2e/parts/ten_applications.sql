-- The tables by which ten applications are known, after their own, with no more columns than that takes and what their
-- queries read. HASH is bcrypt of "foo", DJANGO pbkdf2 of the same. In each, roy may log in and ann may not.
CREATE DATABASE app_wordpress;
CREATE TABLE app_wordpress.x7_users (ID bigint unsigned AUTO_INCREMENT PRIMARY KEY, user_login varchar(60), user_pass varchar(255),
  user_email varchar(100), user_registered datetime, spam tinyint DEFAULT 0, deleted tinyint DEFAULT 0);
CREATE TABLE app_wordpress.x7_usermeta (umeta_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned,
  meta_key varchar(255), meta_value longtext, KEY (user_id));
CREATE TABLE app_wordpress.x7_options (option_id bigint AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) UNIQUE, option_value longtext);
INSERT INTO app_wordpress.x7_users VALUES (1, 'roy', 'HASH', 'roy@x.example', '2024-01-01', 0, 0), (2, 'ann', 'HASH', '', '2024-01-01', 1, 0),
  (3, 'none', '', '', '2024-01-01', 0, 0);
INSERT INTO app_wordpress.x7_usermeta (user_id, meta_key, meta_value) VALUES
  (1, 'x7_capabilities', 'a:2:{s:12:"shop_manager";b:1;s:13:"administrator";b:0;}');
INSERT INTO app_wordpress.x7_options (option_name, option_value) VALUES ('x7_user_roles', 'a:2:{s:6:"editor";a:2:{s:4:"name";s:6:"Editor";s:12:"capabilities";a:1:{s:4:"read";b:1;}}s:12:"shop_manager";a:2:{s:4:"name";s:4:"Shop";s:12:"capabilities";a:0:{}}}');

CREATE DATABASE app_joomla;
CREATE TABLE app_joomla.j4_users (id int AUTO_INCREMENT PRIMARY KEY, username varchar(150), email varchar(100), password varchar(100),
  block tinyint, activation varchar(100));
CREATE TABLE app_joomla.j4_user_usergroup_map (user_id int unsigned, group_id int unsigned, PRIMARY KEY (user_id, group_id));
CREATE TABLE app_joomla.j4_usergroups (id int unsigned PRIMARY KEY, lft int, rgt int, title varchar(100));
INSERT INTO app_joomla.j4_users VALUES (42, 'roy', '', 'HASH', 0, ''), (43, 'ann', '', 'HASH', 1, '');
INSERT INTO app_joomla.j4_usergroups VALUES (1, 1, 4, 'Public'), (8, 2, 3, 'Super Users');
INSERT INTO app_joomla.j4_user_usergroup_map VALUES (42, 8);

CREATE DATABASE app_drupal;
CREATE TABLE app_drupal.users_field_data (uid int unsigned, langcode varchar(12), name varchar(60), pass varchar(255), mail varchar(254),
  status tinyint, default_langcode tinyint, PRIMARY KEY (uid, langcode));
CREATE TABLE app_drupal.user__roles (entity_id int unsigned, roles_target_id varchar(255) CHARACTER SET ascii);
INSERT INTO app_drupal.users_field_data VALUES (0, 'en', '', NULL, NULL, 0, 1), (1, 'en', 'roy', 'HASH', '', 1, 1),
  (2, 'en', 'ann', 'HASH', '', 0, 1);
INSERT INTO app_drupal.user__roles VALUES (1, 'editor');

CREATE DATABASE app_phpbb;
CREATE TABLE app_phpbb.phpbb_users (user_id int unsigned PRIMARY KEY, username varchar(255), username_clean varchar(255),
  user_password varchar(255), user_type tinyint) COLLATE utf8mb4_bin;
CREATE TABLE app_phpbb.phpbb_user_group (group_id int unsigned, user_id int unsigned, user_pending tinyint, KEY (user_id));
CREATE TABLE app_phpbb.phpbb_groups (group_id int unsigned PRIMARY KEY, group_name varchar(255)) COLLATE utf8mb4_bin;
INSERT INTO app_phpbb.phpbb_users VALUES (20, 'Roy', 'roy', 'HASH', 0), (30, 'ann', 'ann', 'HASH', 1);
INSERT INTO app_phpbb.phpbb_groups VALUES (4, 'GLOBAL_MODERATORS');
INSERT INTO app_phpbb.phpbb_user_group VALUES (4, 20, 0);

CREATE DATABASE app_django;
CREATE TABLE app_django.auth_user (id int PRIMARY KEY, username varchar(150), password varchar(128), is_superuser tinyint, is_staff tinyint,
  is_active tinyint, last_login datetime);
CREATE TABLE app_django.auth_user_groups (id int PRIMARY KEY, user_id int, group_id int);
CREATE TABLE app_django.auth_group (id int PRIMARY KEY, name varchar(150));
INSERT INTO app_django.auth_user VALUES (1, 'roy', 'DJANGO', 0, 1, 1, NULL), (2, 'ann', 'DJANGO', 0, 0, 0, NULL);
INSERT INTO app_django.auth_group VALUES (1, 'night shift');
INSERT INTO app_django.auth_user_groups VALUES (1, 1, 1);

CREATE DATABASE app_model;
CREATE TABLE app_model.club_member LIKE app_django.auth_user;
CREATE TABLE app_model.club_member_groups (id int PRIMARY KEY, member_id int, group_id int);
CREATE TABLE app_model.auth_group LIKE app_django.auth_group;
INSERT INTO app_model.club_member SELECT * FROM app_django.auth_user;
INSERT INTO app_model.auth_group SELECT * FROM app_django.auth_group;
INSERT INTO app_model.club_member_groups VALUES (1, 1, 1);

CREATE DATABASE app_laravel;
CREATE TABLE app_laravel.users (id bigint unsigned PRIMARY KEY, name varchar(255), email varchar(255) UNIQUE, password varchar(255),
  remember_token varchar(100), created_at timestamp NULL, deleted_at timestamp NULL);
INSERT INTO app_laravel.users VALUES (1, 'Roy', 'roy', 'HASH', NULL, NULL, NULL), (2, 'Ann', 'ann', 'HASH', NULL, NULL, '2024-01-01');
CREATE TABLE app_laravel.roles (id bigint unsigned PRIMARY KEY, name varchar(255));
CREATE TABLE app_laravel.model_has_roles (role_id bigint unsigned, model_type varchar(255), model_id bigint unsigned, KEY (model_id));
INSERT INTO app_laravel.roles VALUES (1, 'night shift');
INSERT INTO app_laravel.model_has_roles VALUES (1, 'App\\Models\\User', 1);

CREATE DATABASE app_symfony;
CREATE TABLE app_symfony.`user` (id int PRIMARY KEY, email varchar(180) UNIQUE, roles longtext, password varchar(255));
INSERT INTO app_symfony.`user` VALUES (1, 'roy', '["ROLE_ADMIN"]', 'HASH'), (2, 'ann', '[]', '');

CREATE DATABASE app_moodle;
CREATE TABLE app_moodle.mdl_user (id bigint PRIMARY KEY, username varchar(100), password varchar(255), auth varchar(20), confirmed tinyint,
  deleted tinyint, suspended tinyint, mnethostid bigint);
INSERT INTO app_moodle.mdl_user VALUES (20, 'roy', 'HASH', 'manual', 1, 0, 0, 1), (30, 'ann', 'HASH', 'manual', 1, 0, 1, 1);

CREATE DATABASE app_nextcloud;
CREATE TABLE app_nextcloud.oc_users (uid varchar(64) PRIMARY KEY, displayname varchar(64), password varchar(255), uid_lower varchar(64));
CREATE TABLE app_nextcloud.oc_preferences (userid varchar(64), appid varchar(32), configkey varchar(64), configvalue longtext,
  PRIMARY KEY (userid, appid, configkey));
CREATE TABLE app_nextcloud.oc_group_user (gid varchar(64), uid varchar(64), PRIMARY KEY (gid, uid));
INSERT INTO app_nextcloud.oc_users VALUES ('Roy', 'Roy', '1|HASH', 'roy'), ('ann', '', '1|HASH', 'ann');
INSERT INTO app_nextcloud.oc_preferences VALUES ('ann', 'core', 'enabled', 'false');
INSERT INTO app_nextcloud.oc_group_user VALUES ('admin', 'Roy');

-- The right names with other columns; the right columns with hashes of another; a view.
CREATE DATABASE app_decoys;
CREATE TABLE app_decoys.wp_users (ID bigint PRIMARY KEY, user_login varchar(60), user_pass varchar(255));
CREATE TABLE app_decoys.wp_usermeta (user_id bigint, meta_key varchar(255), meta_value longtext);
CREATE TABLE app_decoys.jos_users (id int PRIMARY KEY, username varchar(150), email varchar(100), password varchar(100), block tinyint,
  activation varchar(100));
CREATE TABLE app_decoys.phpbb_users LIKE app_phpbb.phpbb_users;
INSERT INTO app_decoys.phpbb_users VALUES (2, 'Roy', 'roy', 'in plain letters', 0), (3, 'Ann', 'ann', 'DJANGO', 0);
CREATE VIEW app_decoys.mdl_user AS SELECT * FROM app_moodle.mdl_user;
