-- Request Tracker 5.
-- vector: Request Tracker; !bcrypt! (bcrypt of raw sha512)
-- rewritten: !bcrypt!12!
-- logs in: roy, Roy
-- refused: dora (disabled)
-- roles: good-people
CREATE TABLE x7_Users (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, Name varchar(200) NOT NULL UNIQUE, Password varchar(256),
  EmailAddress varchar(120), RealName varchar(120)) DEFAULT CHARSET utf8;
CREATE TABLE x7_Principals (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, PrincipalType varchar(16) NOT NULL, Disabled smallint NOT NULL DEFAULT 0);
CREATE TABLE x7_Groups (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, Name varchar(200), Domain varchar(64), Instance int) DEFAULT CHARSET utf8;
CREATE TABLE x7_CachedGroupMembers (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, GroupId int, MemberId int, Disabled smallint NOT NULL DEFAULT 0);
INSERT INTO x7_Users (id, Name, Password, EmailAddress) VALUES (7, 'roy', @hash, 'r@example.com'), (8, 'dora', @hash, 'd@example.com');
INSERT INTO x7_Principals VALUES (7, 'User', 0), (8, 'User', 1), (20, 'Group', 0), (21, 'Group', 0), (22, 'Group', 0);
INSERT INTO x7_Groups VALUES (20, 'Good people', 'UserDefined', 0), (21, 'Everyone', 'SystemInternal', 0), (22, 'Former', 'UserDefined', 0);
INSERT INTO x7_CachedGroupMembers (GroupId, MemberId, Disabled) VALUES (20, 7, 0), (21, 7, 0), (22, 7, 1);
-- What applications are told.
UPDATE x7_Users SET RealName = 'Roy Åström';
