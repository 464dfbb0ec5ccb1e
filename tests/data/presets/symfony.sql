-- Symfony 7, the entity of make:user.
-- vector: Symfony; auto: bcrypt, over 72 bytes base64(sha512) first
-- logs in: roy@example.com, Roy@Example.com
-- refused:
-- roles: ROLE_ADMIN
-- rewritten: \$2y\$12\$
CREATE TABLE x7_user (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(180) NOT NULL UNIQUE, roles json NOT NULL, password varchar(255) NOT NULL)
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
INSERT INTO x7_user VALUES (7, 'roy@example.com', '["ROLE_ADMIN"]', @hash);
