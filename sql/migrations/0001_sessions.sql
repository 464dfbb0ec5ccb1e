-- The sessions. All times are UTC.

CREATE TABLE IF NOT EXISTS session (
  -- Logins in their order: the newest are read back first.
  seq              bigint unsigned  NOT NULL AUTO_INCREMENT,
  -- The first half of a token; it forges none.
  id               binary(16)       NOT NULL,
  -- Id and name as the row of the site's user table had them at the login.
  user_id          varbinary(64)    NOT NULL,
  username         varchar(255)     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- "Remember me".
  persistent       tinyint          NOT NULL,
  -- Keyed fingerprints of the password column: at the login, and during a rehash of our own.
  fingerprint      binary(8)        NOT NULL,
  next_fingerprint binary(8)        DEFAULT NULL,
  -- It lives while these are not below those of session_epoch.
  user_epoch       int unsigned     NOT NULL,
  site_epoch       int unsigned     NOT NULL,
  created_at       datetime(6)      NOT NULL,
  last_used        datetime(6)      NOT NULL,
  revoked_at       datetime(6)      DEFAULT NULL,
  address          varchar(64)      CHARACTER SET ascii NOT NULL,
  user_agent       varchar(255)     CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE KEY id (id),
  KEY user_id (user_id, revoked_at),
  KEY revoked_at (revoked_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- Epochs: how often all sessions of a user were revoked. The row with user_id '' holds that of the
-- whole site. `changes` grows with the epoch; who raises it alone, with changed_at, has the hosts
-- look the user up at their next poll.
CREATE TABLE IF NOT EXISTS session_epoch (
  user_id    varbinary(64)  NOT NULL,
  epoch      int unsigned   NOT NULL,
  changes    int unsigned   NOT NULL,
  changed_at datetime(6)    NOT NULL,
  PRIMARY KEY (user_id),
  KEY changed_at (changed_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- The marks of the keys that the hosts sign with: one with other keys refuses to start.
CREATE TABLE IF NOT EXISTS session_key (
  mark varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (mark)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (1, UTC_TIMESTAMP());
