-- The tables of Gatehouse's own. `gatehouse migrate` makes them; or an administrator does, in the
-- database of the sessions (session.database, else mysql.database), with all files of this folder in
-- their order:
--   cat migrations/*.sql | mariadb gatehouse
-- Each may be run again. The comment of a table says that it is ours. All times are UTC.

-- Leases: a right that one host at a time has (to migrate, to purge), until expires_at.
CREATE TABLE IF NOT EXISTS gatehouse_lease (
  name       varchar(32)  CHARACTER SET ascii NOT NULL,
  holder     varchar(64)  CHARACTER SET ascii NOT NULL,
  expires_at datetime(6)  NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB COMMENT = 'Gatehouse';

-- The numbers of the files that have been run.
CREATE TABLE IF NOT EXISTS gatehouse_migration (
  number     int unsigned NOT NULL,
  applied_at datetime     NOT NULL,
  PRIMARY KEY (number)
) ENGINE = InnoDB COMMENT = 'Gatehouse';
