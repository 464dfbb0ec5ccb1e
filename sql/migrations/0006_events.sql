-- What has happened at logins, for `gatehouse events` and the account page (gatehouse(8), EVENTS).

-- A row is one event, or as many equal failures of one account, address and reason as there were in a minute. The ids
-- are random: they come in no order, and a transaction that is rolled back leaves no gap in them. written_at is when
-- the row was last written, by this server's clock; `at` is when the event happened, which is earlier if MySQL was away
-- meanwhile.
CREATE TABLE IF NOT EXISTS login_event (
  id          binary(16)     NOT NULL,
  kind        varchar(32)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- 1: the outcome is a failure.
  failed      tinyint        NOT NULL,
  reason      varchar(32)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- Empty, as username is, where the typed name is that of no row, or of several. What was typed is not kept.
  user_id     varbinary(64)  NOT NULL,
  username    varchar(255)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- Empty for failures from more addresses than have a row of their own.
  address     varchar(64)    CHARACTER SET ascii NOT NULL,
  user_agent  varchar(255)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  -- The handle of the session that the event is about, and nginx's id of the request.
  session     varchar(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request     varchar(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  -- 1: the account of this login did not know the browser, or the network of the address. NULL: it was not found out.
  new_device  tinyint        DEFAULT NULL,
  new_address tinyint        DEFAULT NULL,
  times       int unsigned   NOT NULL,
  at          datetime(6)    NOT NULL,
  written_at  datetime(6)    NOT NULL,
  PRIMARY KEY (id),
  KEY user_id (user_id, failed, at),
  KEY failed (failed, at),
  KEY written_at (written_at)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (6, UTC_TIMESTAMP());
