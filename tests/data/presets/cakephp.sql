-- The table of CakePHP's tutorial.
-- vector: CakePHP; bcrypt
-- rewritten: \$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- refused:
CREATE TABLE x7_users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(255) NOT NULL, password VARCHAR(255) NOT NULL,
  created DATETIME, modified DATETIME) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users (id, email, password) VALUES (7, 'roy@example.com', @hash);
