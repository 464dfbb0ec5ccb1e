-- A WordPress and a Joomla with the prefix x7_, and tables that only look like users.
CREATE DATABASE shop;
CREATE TABLE shop.x7_users (
  ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_login varchar(60) NOT NULL, user_pass varchar(255) NOT NULL,
  user_email varchar(100) NOT NULL, user_registered datetime NOT NULL DEFAULT '2024-01-01', secret_note text,
  KEY user_login_key (user_login));
CREATE TABLE shop.x7_usermeta (
  umeta_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL,
  meta_key varchar(255), meta_value longtext);
CREATE TABLE shop.x7_options (
  option_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) NOT NULL UNIQUE,
  option_value longtext NOT NULL);
CREATE TABLE shop.x7_posts (
  ID bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, post_name varchar(200), post_password varchar(255));
INSERT INTO shop.x7_posts (post_name, post_password) VALUES ('a', 'hunter2');
INSERT INTO shop.x7_users (ID, user_login, user_pass, user_email) VALUES
  (1, 'roy', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq', 'roy@shop.example'),
  (2, 'ann', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq', 'ann@shop.example');
INSERT INTO shop.x7_usermeta (user_id, meta_key, meta_value) VALUES
  (1, 'x7_capabilities', 'a:1:{s:13:"administrator";b:1;}'), (2, 'x7_capabilities', 'a:1:{s:6:"editor";b:1;}');

CREATE DATABASE club;
CREATE TABLE club.x7_users (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(400), username varchar(150) NOT NULL UNIQUE, email varchar(100),
  password varchar(100), block tinyint NOT NULL DEFAULT 0, activation varchar(100) NOT NULL DEFAULT '');
CREATE TABLE club.x7_user_usergroup_map (user_id int unsigned, group_id int unsigned, PRIMARY KEY (user_id, group_id));
CREATE TABLE club.x7_usergroups (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id int, lft int, rgt int, title varchar(100));
INSERT INTO club.x7_usergroups VALUES (1, 0, 1, 4, 'Public'), (8, 1, 2, 3, 'Super Users');
INSERT INTO club.x7_users (id, name, username, email, password, block) VALUES
  (42, 'Roy', 'roy', 'roy@club.example', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq', 0),
  (43, 'Ann', 'ann', 'ann@club.example', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq', 1);
INSERT INTO club.x7_user_usergroup_map VALUES (42, 8);

CREATE DATABASE decoys;
CREATE TABLE decoys.words (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(50), password varchar(50));
INSERT INTO decoys.words (username, password) VALUES ('a', 'secret'), ('b', 'hunter2'), ('c', 'Thirteen1234x');
CREATE TABLE decoys.empty_users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(50), password varchar(255));
CREATE TABLE decoys.password_resets (email varchar(100) PRIMARY KEY, token varchar(100));
CREATE TABLE decoys.no_key (username varchar(50), password varchar(255));
INSERT INTO decoys.no_key VALUES ('a', '$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq');
