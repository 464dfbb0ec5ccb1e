-- The sessions. All times are UTC.

CREATE TABLE IF NOT EXISTS session (
  -- Numbers the logins in their order: a host that starts reads the newest back first.
  seq              bigint unsigned  NOT NULL AUTO_INCREMENT,
  -- The first half of a token. Who reads it here cannot make a token of it: the other half needs a key.
  id               binary(16)       NOT NULL,
  -- The id and the name that the site's user table had at the login.
  user_id          varbinary(64)    NOT NULL,
  username         varchar(255)     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- 1: "remember me", the cookie outlives the browser and the session has longer limits.
  persistent       tinyint          NOT NULL,
  -- Keyed fingerprints of the password column: the one at the login; and the next one, while we are
  -- about to rewrite the hash. If the user's row has neither, the site's application has changed the
  -- password, and the session is revoked.
  fingerprint      binary(8)        NOT NULL,
  next_fingerprint binary(8)        DEFAULT NULL,
  -- The epochs at the login. A session is revoked if one of them is below that of session_epoch.
  user_epoch       int unsigned     NOT NULL,
  site_epoch       int unsigned     NOT NULL,
  created_at       datetime(6)      NOT NULL,
  last_used        datetime(6)      NOT NULL,
  -- When this session alone was revoked.
  revoked_at       datetime(6)      DEFAULT NULL,
  address          varchar(64)      CHARACTER SET ascii NOT NULL,
  user_agent       varchar(255)     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE KEY id (id),
  KEY user_id (user_id, revoked_at),
  KEY revoked_at (revoked_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- A row counts how often all sessions of a user were revoked (the epoch). The row with user_id ''
-- counts it for the whole site. Polls read the rows whose changed_at is recent. Where a poll finds
-- another number in `changes` than the one before it, the host looks the user up again. Every new
-- epoch raises `changes` too. To raise `changes` alone, with changed_at, revokes nothing: it makes
-- a change of the user's roles known within a second.
CREATE TABLE IF NOT EXISTS session_epoch (
  user_id    varbinary(64)  NOT NULL,
  epoch      int unsigned   NOT NULL,
  changes    int unsigned   NOT NULL,
  changed_at datetime(6)    NOT NULL,
  PRIMARY KEY (user_id),
  KEY changed_at (changed_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- The marks of the keys that the hosts sign with. A host with other keys refuses to start.
CREATE TABLE IF NOT EXISTS session_key (
  mark varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (mark)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (1, UTC_TIMESTAMP());
