-- The tables of WordPress 6 that have to do with its users, as wp-admin/includes/schema.php makes them for a site whose
-- $table_prefix is x7_. HASH is in the place of the hashes.
SET SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION';
CREATE DATABASE blog DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
USE blog;
CREATE TABLE x7_users (
  ID bigint(20) unsigned NOT NULL auto_increment,
  user_login varchar(60) NOT NULL default '',
  user_pass varchar(255) NOT NULL default '',
  user_nicename varchar(50) NOT NULL default '',
  user_email varchar(100) NOT NULL default '',
  user_url varchar(100) NOT NULL default '',
  user_registered datetime NOT NULL default '0000-00-00 00:00:00',
  user_activation_key varchar(255) NOT NULL default '',
  user_status int(11) NOT NULL default '0',
  display_name varchar(250) NOT NULL default '',
  PRIMARY KEY  (ID),
  KEY user_login_key (user_login),
  KEY user_nicename (user_nicename),
  KEY user_email (user_email)
);
CREATE TABLE x7_usermeta (
  umeta_id bigint(20) unsigned NOT NULL auto_increment,
  user_id bigint(20) unsigned NOT NULL default '0',
  meta_key varchar(255) default NULL,
  meta_value longtext,
  PRIMARY KEY  (umeta_id),
  KEY user_id (user_id),
  KEY meta_key (meta_key(191))
);
CREATE TABLE x7_options (
  option_id bigint(20) unsigned NOT NULL auto_increment,
  option_name varchar(191) NOT NULL default '',
  option_value longtext NOT NULL,
  autoload varchar(20) NOT NULL default 'yes',
  PRIMARY KEY  (option_id),
  UNIQUE KEY option_name (option_name),
  KEY autoload (autoload)
);
INSERT INTO x7_options (option_name, option_value) VALUES
  ('siteurl', 'http://blog.example.com'), ('home', 'http://blog.example.com'), ('db_version', '58975');
INSERT INTO x7_users (ID, user_login, user_pass, user_nicename, user_email, user_registered, display_name) VALUES
  (1, 'olga', 'HASH', 'olga', 'olga@example.com', '2026-01-05 10:00:00', 'Olga'),
  (2, 'sam', 'HASH', 'sam', 'sam@example.com', '2026-02-05 10:00:00', 'Sam');
INSERT INTO x7_usermeta (user_id, meta_key, meta_value) VALUES
  (1, 'x7_capabilities', 'a:1:{s:6:"editor";b:1;}'), (1, 'x7_user_level', '7'),
  (2, 'x7_capabilities', 'a:1:{s:10:"subscriber";b:1;}'), (2, 'x7_user_level', '0');
-- The application's own account.
CREATE USER wordpress@localhost IDENTIFIED BY 'its own';
GRANT ALL ON blog.* TO wordpress@localhost;
