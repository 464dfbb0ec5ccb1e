-- ASP.NET Core Identity, as Entity Framework makes its tables on MySQL.
-- vector: ASP.NET Identity; base64: 01, prf 2 (SHA-512), 100000, 16, salt, 32 bytes
-- rewritten: AQAAAAIA
-- logs in: roy@example.com, Roy@Example.com
-- refused: lotte@example.com (locked out)
-- roles: Shop-Keeper
CREATE TABLE x7_AspNetUsers (Id varchar(255) NOT NULL PRIMARY KEY, UserName varchar(256), NormalizedUserName varchar(256) UNIQUE,
  Email varchar(256), NormalizedEmail varchar(256), EmailConfirmed tinyint(1) NOT NULL, PasswordHash longtext,
  SecurityStamp longtext, LockoutEnd datetime(6), LockoutEnabled tinyint(1) NOT NULL, AccessFailedCount int NOT NULL DEFAULT 0)
  DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_AspNetUserRoles (UserId varchar(255) NOT NULL, RoleId varchar(255) NOT NULL, PRIMARY KEY (UserId, RoleId)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_AspNetRoles (Id varchar(255) NOT NULL PRIMARY KEY, Name varchar(256), NormalizedName varchar(256)) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_AspNetUsers (Id, UserName, NormalizedUserName, EmailConfirmed, PasswordHash, LockoutEnd, LockoutEnabled) VALUES
  ('b7a40a52-0007', 'roy@example.com', 'ROY@EXAMPLE.COM', 1, @hash, UTC_TIMESTAMP() - INTERVAL 5 MINUTE, 1),
  ('b7a40a52-0008', 'lotte@example.com', 'LOTTE@EXAMPLE.COM', 1, @hash, UTC_TIMESTAMP() + INTERVAL 5 MINUTE, 1);
INSERT INTO x7_AspNetRoles VALUES ('r1', 'Shop Keeper', 'SHOP KEEPER');
INSERT INTO x7_AspNetUserRoles VALUES ('b7a40a52-0007', 'r1');
-- What applications are told.
UPDATE x7_AspNetUsers SET Email = 'roy@example.com';
