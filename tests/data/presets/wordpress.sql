-- WordPress 6.8, a multisite with WooCommerce, after wp-admin/includes/schema.php.
-- vector: WordPress; $wp$ bcrypt(hmac)
-- logs in: roy, ROY, roy@example.com
-- refused: sigi (spam), bert (deleted)
-- roles: editor, shop_manager
-- rewritten: \$wp\$2y\$12\$
CREATE TABLE x7_users (ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_login varchar(60) NOT NULL DEFAULT '',
  user_pass varchar(255) NOT NULL DEFAULT '', user_email varchar(100) NOT NULL DEFAULT '', user_registered datetime NOT NULL DEFAULT '2026-01-01',
  user_status int NOT NULL DEFAULT 0, spam tinyint(2) NOT NULL DEFAULT 0, deleted tinyint(2) NOT NULL DEFAULT 0,
  KEY (user_login)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE TABLE x7_usermeta (umeta_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL DEFAULT 0,
  meta_key varchar(255), meta_value longtext, KEY (user_id)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE TABLE x7_options (option_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) NOT NULL DEFAULT '' UNIQUE,
  option_value longtext NOT NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
INSERT INTO x7_users (ID, user_login, user_pass, user_email, spam, deleted) VALUES (7, 'roy', @hash, 'roy@example.com', 0, 0),
  (8, 'sigi', @hash, 's@example.com', 1, 0), (9, 'bert', @hash, 'b@example.com', 0, 1);
INSERT INTO x7_usermeta (user_id, meta_key, meta_value) VALUES (7, 'x7_capabilities', 'a:2:{s:6:"editor";b:1;s:12:"shop_manager";b:1;}'),
  (7, 'x7_2_capabilities', 'a:1:{s:13:"administrator";b:1;}');
INSERT INTO x7_options (option_name, option_value) VALUES ('x7_user_roles', CONCAT(
  'a:2:{s:12:"shop_manager";a:2:{s:4:"name";s:12:"Shop manager";s:12:"capabilities";a:0:{}}',
  's:8:"customer";a:2:{s:4:"name";s:8:"Customer";s:12:"capabilities";a:0:{}}}'));
-- What applications are told.
ALTER TABLE x7_users ADD COLUMN display_name varchar(255) CHARACTER SET utf8mb4;
UPDATE x7_users SET display_name = 'Roy Åström';
