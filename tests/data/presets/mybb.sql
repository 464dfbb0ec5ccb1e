-- MyBB 1.8; the board lets its users type name or mail address.
-- vector: MyBB; md5(md5(salt) + md5(password))
-- logs in: Roy, ROY, roy@example.com, Freed
-- refused: Bea (banned until tomorrow), Bert (banned for good), Benno (in a banned group), Ursel (unconfirmed), Kim (a child)
-- roles: administrators, good-people
CREATE TABLE x7_users (
  uid int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(120) NOT NULL DEFAULT '' UNIQUE,
  password varchar(120) NOT NULL DEFAULT '', salt varchar(10) NOT NULL DEFAULT '', loginkey varchar(50) NOT NULL DEFAULT '',
  email varchar(220) NOT NULL DEFAULT '', usergroup smallint unsigned NOT NULL DEFAULT 0,
  additionalgroups varchar(200) NOT NULL DEFAULT '', displaygroup smallint unsigned NOT NULL DEFAULT 0,
  coppauser tinyint(1) NOT NULL DEFAULT 0) DEFAULT CHARSET utf8 COLLATE utf8_general_ci;
CREATE TABLE x7_usergroups (gid smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, type tinyint unsigned DEFAULT 2,
  title varchar(120) NOT NULL DEFAULT '', isbannedgroup tinyint(1) NOT NULL DEFAULT 0) DEFAULT CHARSET utf8;
CREATE TABLE x7_banned (uid int unsigned NOT NULL DEFAULT 0, gid int unsigned NOT NULL DEFAULT 0,
  oldgroup int unsigned NOT NULL DEFAULT 0, dateline int unsigned NOT NULL DEFAULT 0, lifted int unsigned NOT NULL DEFAULT 0);
CREATE TABLE x7_settings (sid smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(120) NOT NULL DEFAULT '',
  value text NOT NULL) DEFAULT CHARSET utf8;
INSERT INTO x7_users (uid, username, password, salt, email, usergroup, additionalgroups, coppauser) VALUES
  (7, 'Roy', @hash, @salt, 'roy@example.com', 4, '8,2', 0), (8, 'Bea', @hash, @salt, 'bea@example.com', 7, '', 0),
  (9, 'Bert', @hash, @salt, 'bert@example.com', 7, '', 0), (10, 'Benno', @hash, @salt, 'benno@example.com', 7, '', 0),
  (11, 'Ursel', @hash, @salt, 'ursel@example.com', 5, '', 0), (12, 'Kim', @hash, @salt, 'kim@example.com', 2, '', 1),
  (13, 'Freed', @hash, @salt, 'freed@example.com', 7, '', 0);
INSERT INTO x7_usergroups (gid, title, isbannedgroup) VALUES (4, 'Administrators', 0), (5, 'Awaiting Activation', 0),
  (7, 'Banned', 1), (8, 'Good people', 0);
INSERT INTO x7_banned (uid, gid, oldgroup, lifted) VALUES (8, 7, 2, UNIX_TIMESTAMP() + 86400), (9, 7, 2, 0),
  (13, 7, 2, UNIX_TIMESTAMP() - 86400);
INSERT INTO x7_settings (name, value) VALUES ('username_method', '2');
