-- The name that was typed at the login, where it is not the one in the user's row: the user is looked
-- up by it again while the session is in use. NULL: the same as username, as in sessions from before.

-- MySQL has no ADD COLUMN IF NOT EXISTS, and this may be run again.
SET @gatehouse_login_name = IF(
  EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
          AND table_name = 'session' AND column_name = 'login_name'),
  'DO 0',
  'ALTER TABLE session ADD COLUMN login_name varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL');
PREPARE gatehouse_login_name FROM @gatehouse_login_name;
EXECUTE gatehouse_login_name;
DEALLOCATE PREPARE gatehouse_login_name;

INSERT IGNORE INTO gatehouse_migration VALUES (3, UTC_TIMESTAMP());
