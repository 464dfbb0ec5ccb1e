-- What Gatehouse knows of users beside the site's own table. `user_id` is the id that user.query
-- gives, as text (HEX(id) where that column holds bytes).

CREATE TABLE IF NOT EXISTS user_role (
  user_id varbinary(64) NOT NULL,
  -- Printable ASCII without space, comma, slash and quotes.
  role    varchar(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (user_id, role)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- Users who may not log in. Their sessions are revoked.
CREATE TABLE IF NOT EXISTS user_disabled (
  user_id varbinary(64) NOT NULL,
  PRIMARY KEY (user_id)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

INSERT IGNORE INTO gatehouse_migration VALUES (2, UTC_TIMESTAMP());
