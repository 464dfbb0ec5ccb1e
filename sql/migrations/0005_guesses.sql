-- Failed logins, and the places that users have logged in from.

-- The counts of failures (fcgi/guard/README.md). The id is a keyed digest of what is counted: who reads it
-- learns no name and no address.
CREATE TABLE IF NOT EXISTS login_failure (
  id          binary(16)   NOT NULL,
  failures    int unsigned NOT NULL,
  -- What the last write has added, or taken away.
  last_change int          NOT NULL,
  failed_at   datetime(6)  NOT NULL,
  changed_at  datetime(6)  NOT NULL,
  PRIMARY KEY (id),
  KEY changed_at (changed_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- Where a user has logged in within guard.known_for: the network of an address, or a device (place begins with
-- `a` or `d`). A device is known while its fingerprint and epochs are those of now.
CREATE TABLE IF NOT EXISTS login_place (
  user_id          varbinary(64) NOT NULL,
  place            varbinary(65) NOT NULL,
  address          varchar(64)   CHARACTER SET ascii NOT NULL,
  device           binary(16)    DEFAULT NULL,
  fingerprint      binary(8)     NOT NULL,
  next_fingerprint binary(8)     DEFAULT NULL,
  user_epoch       int unsigned  NOT NULL,
  site_epoch       int unsigned  NOT NULL,
  good_at          datetime(6)   NOT NULL,
  logins           int unsigned  NOT NULL,
  PRIMARY KEY (user_id, place),
  KEY good_at (good_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- The device that a session began with: 12 bytes that the browser keeps, and 4 that each login renews.
-- MySQL has no ADD COLUMN IF NOT EXISTS, and this may be run again.
SET @gatehouse_device = IF(
  EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE()
          AND table_name = 'session' AND column_name = 'device'),
  'DO 0',
  'ALTER TABLE session ADD COLUMN device binary(16) DEFAULT NULL');
PREPARE gatehouse_device FROM @gatehouse_device;
EXECUTE gatehouse_device;
DEALLOCATE PREPARE gatehouse_device;

-- The addresses of sessions that are there are known from the first day.
INSERT INTO login_place (user_id, place, address, fingerprint, user_epoch, site_epoch, good_at, logins)
  SELECT user_id,
         CONCAT('a', IF(address LIKE '%:%',
                        CAST(CONCAT(INET6_NTOA(CONCAT(LEFT(INET6_ATON(address), 8), REPEAT(CHAR(0), 8))), '/64')
                             AS BINARY),
                        CAST(address AS BINARY))),
         address, fingerprint, user_epoch, site_epoch, created_at, 1
  FROM session ORDER BY seq
  ON DUPLICATE KEY UPDATE login_place.good_at = GREATEST(login_place.good_at, VALUES(good_at));

INSERT IGNORE INTO gatehouse_migration VALUES (5, UTC_TIMESTAMP());
