-- Bugzilla 5.
-- vector: Bugzilla; salt,base64{SHA-256} of password + salt
-- logs in: roy@example.com, Roy@Example.com
-- refused: dora@example.com (disabled)
-- roles: editbugs
CREATE TABLE x7_profiles (userid mediumint NOT NULL AUTO_INCREMENT PRIMARY KEY, login_name varchar(255) NOT NULL UNIQUE, cryptpassword varchar(128),
  realname varchar(255) NOT NULL DEFAULT '', disabledtext mediumtext NOT NULL, is_enabled tinyint NOT NULL DEFAULT 1) DEFAULT CHARSET utf8;
CREATE TABLE x7_groups (id mediumint NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_user_group_map (user_id mediumint NOT NULL, group_id mediumint NOT NULL, isbless tinyint NOT NULL DEFAULT 0, grant_type tinyint NOT NULL DEFAULT 0);
INSERT INTO x7_profiles (userid, login_name, cryptpassword, disabledtext, is_enabled) VALUES (7, 'roy@example.com', @hash, '', 1),
  (8, 'dora@example.com', @hash, 'Left the company', 0);
INSERT INTO x7_groups VALUES (1, 'editbugs'), (2, 'admin');
INSERT INTO x7_user_group_map VALUES (7, 1, 0, 0), (7, 2, 1, 0);
-- What applications are told.
UPDATE x7_profiles SET realname = 'Roy Åström';
