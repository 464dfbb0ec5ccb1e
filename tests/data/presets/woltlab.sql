-- WoltLab Suite 6.
-- vector: WoltLab 5.4+; Bcrypt:
-- rewritten: Bcrypt:\$2y\$12\$
-- logs in: Roy, ROY, roy@example.com, Freed
-- refused: Bea (banned until tomorrow), Bert (banned for good), Ursel (unconfirmed)
-- roles: good-people, wcf.acp.group.group4
CREATE TABLE x7_user (userID int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(100) NOT NULL DEFAULT '' UNIQUE,
  email varchar(191) NOT NULL DEFAULT '', password varchar(255) NOT NULL DEFAULT 'invalid:', banned tinyint(1) NOT NULL DEFAULT 0,
  banReason mediumtext, banExpires int NOT NULL DEFAULT 0, activationCode int NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_user_group (groupID int NOT NULL AUTO_INCREMENT PRIMARY KEY, groupName varchar(255) NOT NULL DEFAULT '') DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_user_to_group (userID int NOT NULL, groupID int NOT NULL, UNIQUE KEY (userID, groupID));
INSERT INTO x7_user (userID, username, email, password, banned, banExpires, activationCode) VALUES
  (7, 'Roy', 'roy@example.com', @hash, 0, 0, 0), (8, 'Bea', 'b@example.com', @hash, 1, UNIX_TIMESTAMP() + 86400, 0),
  (9, 'Bert', 'c@example.com', @hash, 1, 0, 0), (10, 'Ursel', 'u@example.com', @hash, 0, 0, 4711),
  (11, 'Freed', 'f@example.com', @hash, 1, UNIX_TIMESTAMP() - 60, 0);
INSERT INTO x7_user_group VALUES (4, 'wcf.acp.group.group4'), (7, 'Good people');
INSERT INTO x7_user_to_group VALUES (7, 4), (7, 7);
