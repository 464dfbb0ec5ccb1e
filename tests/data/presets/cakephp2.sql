-- The table of CakePHP 2's tutorial.
-- vector: CakePHP; sha1(Security.salt + password)
-- logs in: roy, ROY
-- refused:
-- roles: author
CREATE TABLE x7_users (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, username VARCHAR(50), password VARCHAR(255),
  role VARCHAR(20), created DATETIME DEFAULT NULL, modified DATETIME DEFAULT NULL) DEFAULT CHARSET utf8;
INSERT INTO x7_users (id, username, password, role) VALUES (7, 'roy', @hash, 'author');
