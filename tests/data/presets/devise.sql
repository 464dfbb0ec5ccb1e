-- Devise 4, as its generator makes the migration.
-- vector: Devise (Rails); bcrypt
-- rewritten: \$2a\$12\$
-- logs in: roy@example.com, " ROY@Example.com "
-- refused:
CREATE TABLE x7_users (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(255) NOT NULL DEFAULT '' UNIQUE,
  encrypted_password varchar(255) NOT NULL DEFAULT '', reset_password_token varchar(255) DEFAULT NULL UNIQUE,
  reset_password_sent_at datetime(6) DEFAULT NULL, remember_created_at datetime(6) DEFAULT NULL,
  created_at datetime(6) NOT NULL, updated_at datetime(6) NOT NULL) DEFAULT CHARSET utf8mb4;
INSERT INTO x7_users (id, email, encrypted_password, created_at, updated_at) VALUES (7, 'roy@example.com', @hash, NOW(), NOW());
