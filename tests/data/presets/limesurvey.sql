-- LimeSurvey 6.
-- vector: LimeSurvey; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy, Roy
-- refused: ella (expired), dora (disabled)
-- roles: good-people, survey-makers
CREATE TABLE x7_users (uid int NOT NULL AUTO_INCREMENT PRIMARY KEY, users_name varchar(64) NOT NULL DEFAULT '' UNIQUE,
  password text NOT NULL, full_name varchar(50) NOT NULL DEFAULT '', email varchar(192), expires datetime DEFAULT NULL,
  user_status int NOT NULL DEFAULT 1) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_user_groups (ugid int NOT NULL PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE x7_user_in_groups (ugid int NOT NULL, uid int NOT NULL, PRIMARY KEY (ugid, uid));
CREATE TABLE x7_permissiontemplates (ptid int NOT NULL PRIMARY KEY, name varchar(192) NOT NULL);
CREATE TABLE x7_user_in_permissionrole (ptid int NOT NULL, uid int NOT NULL, PRIMARY KEY (ptid, uid));
INSERT INTO x7_users (uid, users_name, password, expires, user_status) VALUES (7, 'roy', @hash, NOW() + INTERVAL 1 DAY, 1),
  (8, 'ella', @hash, NOW() - INTERVAL 1 DAY, 1), (9, 'dora', @hash, NULL, 0);
INSERT INTO x7_user_groups VALUES (1, 'Good people');
INSERT INTO x7_user_in_groups VALUES (1, 7);
INSERT INTO x7_permissiontemplates VALUES (1, 'Survey makers');
INSERT INTO x7_user_in_permissionrole VALUES (1, 7);
-- What applications are told.
UPDATE x7_users SET full_name = 'Roy Åström', email = 'roy@example.com';
