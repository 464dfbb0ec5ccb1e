-- PostfixAdmin 3.3 and 4, after public/upgrade.php.
-- vector: PostfixAdmin; encrypt = BLF-CRYPT
-- rewritten: {BLF-CRYPT}\$2y\$12\$
-- logs in: roy@example.com, Roy@Example.com
-- refused: dora@example.com (disabled)
-- roles: example.com
CREATE TABLE x7_mailbox (username varchar(255) NOT NULL PRIMARY KEY, password varchar(255) NOT NULL,
  name varchar(255) NOT NULL DEFAULT '', maildir varchar(255) NOT NULL, quota bigint NOT NULL DEFAULT 0,
  local_part varchar(255) NOT NULL, domain varchar(255) NOT NULL, active tinyint(1) NOT NULL DEFAULT 1) DEFAULT CHARSET latin1;
INSERT INTO x7_mailbox (username, password, maildir, local_part, domain, active) VALUES
  ('roy@example.com', @hash, 'roy/', 'roy', 'example.com', 1), ('dora@example.com', @hash, 'dora/', 'dora', 'example.com', 0);
-- What applications are told.
UPDATE x7_mailbox SET name = 'Roy Åström';
