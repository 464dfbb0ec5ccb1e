-- When and how often a running host has said that it uses a key of session_key. A mark that was seen
-- within the last half minute belongs to a host that runs, and no host with other keys may start. The
-- number only grows: where it is lower than a host has seen it, a backup was restored, or a replica
-- was promoted that had not received everything.
CREATE TABLE IF NOT EXISTS session_key_use (
  mark    varchar(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at datetime(6)     NOT NULL,
  times   bigint unsigned NOT NULL,
  PRIMARY KEY (mark)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (4, UTC_TIMESTAMP());
