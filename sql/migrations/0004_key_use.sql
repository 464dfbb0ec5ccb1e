-- When, and how many times, a running host has said that it uses a key of session_key. A mark that was
-- seen within the last half minute belongs to a host that runs, and no host with other keys may start.
-- The number of times only grows. A host that reads a lower one than before knows that a backup was
-- restored, or a replica promoted that had not received everything, and revokes all sessions.
CREATE TABLE IF NOT EXISTS session_key_use (
  mark    varchar(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at datetime(6)     NOT NULL,
  times   bigint unsigned NOT NULL,
  PRIMARY KEY (mark)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (4, UTC_TIMESTAMP());
