-- Flask-Security 4 and 5, with its models for SQLAlchemy.
-- vector: Flask-Security; pbkdf2_sha512 of base64(hmac-sha512(SECURITY_PASSWORD_SALT, NFKD(password)))
-- rewritten: \$pbkdf2-sha512\$
-- logs in: roy@example.com, Roy@example.com
-- refused: dora@example.com (disabled), nele@example.com (neither enabled nor disabled)
-- roles: editor
CREATE TABLE x7_user (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(255) NOT NULL UNIQUE, username varchar(255) UNIQUE,
  password varchar(255), active tinyint(1), fs_uniquifier varchar(64) NOT NULL UNIQUE, confirmed_at datetime) DEFAULT CHARSET utf8mb4;
CREATE TABLE x7_role (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, description varchar(255));
CREATE TABLE x7_roles_users (user_id int, role_id int);
INSERT INTO x7_user (id, email, password, active, fs_uniquifier) VALUES (7, 'roy@example.com', @hash, 1, 'a'),
  (8, 'dora@example.com', @hash, 0, 'b'), (9, 'nele@example.com', @hash, NULL, 'c');
INSERT INTO x7_role (id, name) VALUES (1, 'editor'), (2, 'admin');
INSERT INTO x7_roles_users VALUES (7, 1), (8, 2);
