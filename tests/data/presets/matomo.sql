-- Matomo 5, after core/Db/Schema/Mysql.php.
-- vector: Matomo; bcrypt(md5 hex)
-- rewritten: \$2y\$12\$
-- logs in: roy, ROY, roy@example.com
-- refused: ines (invited)
-- roles: admin, admin-2, superuser, view, view-1
CREATE TABLE x7_user (login VARCHAR(100) NOT NULL PRIMARY KEY, password VARCHAR(255) NOT NULL, email VARCHAR(100) NOT NULL,
  twofactor_secret VARCHAR(40) NOT NULL DEFAULT '', superuser_access TINYINT(2) unsigned NOT NULL DEFAULT '0',
  date_registered TIMESTAMP NULL, ts_password_modified TIMESTAMP NULL, invite_token VARCHAR(191) NULL,
  UNIQUE INDEX uniq_email (email)) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_access (idaccess INT(10) UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, login VARCHAR(100) NOT NULL,
  idsite INTEGER UNSIGNED NOT NULL, access VARCHAR(50) NULL) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_user (login, password, email, superuser_access, invite_token) VALUES
  ('roy', @hash, 'roy@example.com', 1, NULL), ('ines', @hash, 'ines@example.com', 0, '8f1d2a'), ('anonymous', '', 'a', 0, NULL);
INSERT INTO x7_access (login, idsite, access) VALUES ('roy', 1, 'view'), ('roy', 2, 'admin'), ('anonymous', 1, 'view');
