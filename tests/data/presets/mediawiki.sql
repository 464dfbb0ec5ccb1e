-- MediaWiki 1.43, after sql/mysql/tables-generated.sql.
-- vector: MediaWiki; :pbkdf2:
-- rewritten: :pbkdf2:sha512:
-- logs in: Roy s, roy s, roy_s, "  Roy__s "
-- finds nobody: ROY S, roy@example.com
-- refused: Ella (expired)
-- roles: sysop
CREATE TABLE x7_user (
  user_id INT UNSIGNED AUTO_INCREMENT NOT NULL PRIMARY KEY, user_name VARBINARY(255) DEFAULT '' NOT NULL UNIQUE,
  user_real_name VARBINARY(255) DEFAULT '' NOT NULL, user_password TINYBLOB NOT NULL, user_newpassword TINYBLOB NOT NULL,
  user_newpass_time BINARY(14) DEFAULT NULL, user_email TINYTEXT NOT NULL, user_touched BINARY(14) NOT NULL,
  user_token BINARY(32) DEFAULT '' NOT NULL, user_email_authenticated BINARY(14) DEFAULT NULL,
  user_registration BINARY(14) DEFAULT NULL, user_editcount INT UNSIGNED DEFAULT NULL,
  user_password_expires VARBINARY(14) DEFAULT NULL) DEFAULT CHARSET binary;
CREATE TABLE x7_user_groups (
  ug_user INT UNSIGNED DEFAULT 0 NOT NULL, ug_group VARBINARY(255) DEFAULT '' NOT NULL,
  ug_expiry VARBINARY(14) DEFAULT NULL, PRIMARY KEY (ug_user, ug_group)) DEFAULT CHARSET binary;
INSERT INTO x7_user (user_id, user_name, user_password, user_newpassword, user_email, user_touched,
                     user_password_expires) VALUES
  (7, 'Roy s', @hash, '', 'roy@example.com', '20260101000000', NULL),
  (8, 'Ella', @hash, '', 'ella@example.com', '20260101000000', '20250101000000');
INSERT INTO x7_user_groups VALUES (7, 'sysop', NULL), (7, 'bot', '20250101000000');
-- What applications are told.
UPDATE x7_user SET user_real_name = 'Roy Åström';
