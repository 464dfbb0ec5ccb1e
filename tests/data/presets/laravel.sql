-- Laravel with spatie/laravel-permission, whose users are deleted softly.
-- vector: Laravel (BookStack, Snipe-IT); bcrypt 12
-- logs in: roy@example.com, Roy@Example.com
-- finds nobody: Roy
-- refused: bert@example.com (deleted)
-- roles: site-editor
-- rewritten: \$2y\$12\$
CREATE TABLE x7_users (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL, email varchar(255) NOT NULL UNIQUE,
  email_verified_at timestamp NULL, password varchar(255) NOT NULL, remember_token varchar(100), created_at timestamp NULL, updated_at timestamp NULL,
  deleted_at timestamp NULL) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE x7_roles (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL, guard_name varchar(255) NOT NULL);
CREATE TABLE x7_model_has_roles (role_id bigint unsigned NOT NULL, model_type varchar(255) NOT NULL, model_id bigint unsigned NOT NULL);
INSERT INTO x7_users (id, name, email, password, deleted_at) VALUES (7, 'Roy', 'roy@example.com', @hash, NULL), (8, 'Bert', 'bert@example.com', @hash, '2025-01-01');
INSERT INTO x7_roles VALUES (1, 'site editor', 'web'), (2, 'admin', 'web');
INSERT INTO x7_model_has_roles VALUES (1, 'App\\Models\\User', 7), (2, 'App\\Models\\Team', 7);
