-- SMF 2.1, after other/install_2-1_mysql.sql. The name is in the hash: those of others than Roy were made with crypt(3).
-- vector: SMF; bcrypt(lower(name) + password)
-- rewritten: \$2y\$12\$
-- logs in: Roy, ROY, roy@example.com
-- refused: Bea (banned), Ursel (unconfirmed), Wanda (waiting for an administrator), Otto (about to be deleted)
-- roles: administrator, good-people, newbie
CREATE TABLE x7_members (id_member mediumint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  member_name varchar(80) NOT NULL DEFAULT '', id_group smallint unsigned NOT NULL DEFAULT 0, real_name varchar(255) DEFAULT '',
  passwd varchar(64) NOT NULL DEFAULT '', email_address varchar(255) NOT NULL DEFAULT '',
  is_activated tinyint unsigned NOT NULL DEFAULT 1, additional_groups varchar(255) NOT NULL DEFAULT '',
  id_post_group smallint unsigned NOT NULL DEFAULT 0, password_salt varchar(255) NOT NULL DEFAULT '')
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE x7_membergroups (id_group smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  group_name varchar(80) NOT NULL DEFAULT '') DEFAULT CHARSET utf8mb4;
INSERT INTO x7_members (id_member, member_name, email_address, passwd, is_activated, id_group, additional_groups) VALUES
  (7, 'Roy', 'roy@example.com', @hash, 1, 1, '9,10'),
  (8, 'Bea', 'bea@example.com', '$2y$05$abcdefghijklmnopqrstuuBj/xhONz9GDZ3d.RSNX9934x3.1KXci', 11, 0, ''),
  (9, 'Ursel', 'ursel@example.com', '$2y$05$abcdefghijklmnopqrstuuWDfdmpP2LH8vwVlDKrYfIlJ7.Z2kUVe', 0, 0, ''),
  (10, 'Wanda', 'wanda@example.com', '$2y$05$abcdefghijklmnopqrstuutR1weQSKc.AMACKKeyO7uVwfYrEtX7G', 3, 0, ''),
  (11, 'Otto', 'otto@example.com', '$2y$05$abcdefghijklmnopqrstuu.om.1lePRnC8c/w/MqIk301b2EKT1TS', 4, 0, '');
UPDATE x7_members SET id_post_group = 4;
INSERT INTO x7_membergroups VALUES (1, 'Administrator'), (4, 'Newbie'), (9, 'Good people');
-- What applications are told.
UPDATE x7_members SET real_name = 'Roy Åström';
