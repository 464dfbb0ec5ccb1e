-- osTicket 1.18, after setup/inc/streams/core/install-mysql.sql.
-- vector: osTicket; $2a$08$ bcrypt
-- rewritten: \$2[ay]\$12\$
-- logs in: roy, roy@example.com, Roy@example.org
-- refused: ursel (unconfirmed), lotte (locked)
-- roles: good-customers
CREATE TABLE x7_user (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, org_id int unsigned NOT NULL,
  default_email_id int NOT NULL, status int unsigned NOT NULL DEFAULT 0, name varchar(128) NOT NULL) DEFAULT CHARSET utf8;
CREATE TABLE x7_user_email (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int unsigned NOT NULL,
  flags int unsigned NOT NULL DEFAULT 0, address varchar(255) NOT NULL UNIQUE) DEFAULT CHARSET utf8;
CREATE TABLE x7_user_account (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id int unsigned NOT NULL,
  status int unsigned NOT NULL DEFAULT 0, username varchar(64) DEFAULT NULL UNIQUE,
  passwd varchar(128) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL, backend varchar(32) DEFAULT NULL, KEY (user_id)) DEFAULT CHARSET utf8;
CREATE TABLE x7_organization (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(128) NOT NULL) DEFAULT CHARSET utf8;
INSERT INTO x7_user VALUES (7, 1, 1, 0, 'Roy Example'), (8, 0, 3, 0, 'Ursel'), (9, 0, 4, 0, 'Lotte');
INSERT INTO x7_user_email (id, user_id, address) VALUES (1, 7, 'roy@example.com'), (2, 7, 'roy@example.org'),
  (3, 8, 'ursel@example.com'), (4, 9, 'lotte@example.com');
INSERT INTO x7_user_account (user_id, status, username, passwd) VALUES (7, 1, 'roy', @hash), (8, 0, 'ursel', @hash),
  (9, 3, 'lotte', @hash);
INSERT INTO x7_organization VALUES (1, 'Good customers');
