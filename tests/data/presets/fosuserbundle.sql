-- FOSUserBundle 2, as Doctrine makes its table.
-- vector: Symfony 2-4 / FOSUserBundle 1-2; sha512 x 5000, password{salt}, base64
-- logs in: Roy, ROY, roy@example.com
-- refused: Dora (disabled)
-- roles: ROLE_ADMIN
CREATE TABLE x7_fos_user (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, username varchar(180) NOT NULL,
  username_canonical varchar(180) NOT NULL UNIQUE, email varchar(180) NOT NULL, email_canonical varchar(180) NOT NULL UNIQUE,
  enabled tinyint(1) NOT NULL, salt varchar(255) DEFAULT NULL, password varchar(255) NOT NULL, last_login datetime,
  confirmation_token varchar(180), roles longtext NOT NULL COMMENT '(DC2Type:array)') DEFAULT CHARSET utf8 COLLATE utf8_unicode_ci;
INSERT INTO x7_fos_user (id, username, username_canonical, email, email_canonical, enabled, salt, password, roles) VALUES
  (7, 'Roy', 'roy', 'Roy@example.com', 'roy@example.com', 1, @salt, @hash, 'a:1:{i:0;s:10:"ROLE_ADMIN";}'),
  (8, 'Dora', 'dora', 'd@example.com', 'd@example.com', 0, @salt, @hash, 'a:0:{}');
