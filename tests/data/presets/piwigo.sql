-- Piwigo, after install/piwigo_structure-mysql.sql.
-- vector: Piwigo; $P$ phpass
-- logs in: Roy, roy@example.com
-- finds nobody: roy
-- refused: guest (the guest)
-- roles: friends, webmaster
CREATE TABLE x7_users (id mediumint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  username varchar(100) BINARY CHARACTER SET utf8 NOT NULL DEFAULT '' UNIQUE, password varchar(255) DEFAULT NULL,
  mail_address varchar(255) DEFAULT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_user_infos (user_id mediumint unsigned NOT NULL PRIMARY KEY,
  status enum('webmaster','admin','normal','generic','guest') NOT NULL DEFAULT 'guest') DEFAULT CHARSET utf8;
CREATE TABLE x7_groups (id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL DEFAULT '') DEFAULT CHARSET utf8;
CREATE TABLE x7_user_group (user_id mediumint unsigned NOT NULL, group_id smallint unsigned NOT NULL, PRIMARY KEY (group_id, user_id));
INSERT INTO x7_users VALUES (1, 'Roy', @hash, 'roy@example.com'), (2, 'guest', @hash, NULL);
INSERT INTO x7_user_infos VALUES (1, 'webmaster'), (2, 'guest');
INSERT INTO x7_groups VALUES (1, 'Friends');
INSERT INTO x7_user_group VALUES (1, 1);
