-- The account of the service: it may read the user table, and use the tables of its own. Run it as an
-- administrator, in the database that holds the table, on MariaDB or MySQL:
--   mariadb gatehouse < grants.sql
-- It may be run again: it closes an account that has no password, and leaves one that has.
--
-- Nobody can log in to the account but the system's user `gatehouse` of the same host, who needs no
-- password: the server asks the kernel who has connected over its unix socket.
--
-- For a password instead, run this file and then one of these (as it stands: MySQL keeps the way in
-- unless another is named). The password goes on the first line of the file that
-- `mysql.password_file` names. For a server on another host 'localhost' becomes the address of this
-- one everywhere in this file, and TLS is demanded:
--   ALTER USER 'gatehouse'@'localhost'
--     IDENTIFIED /*!80000 WITH caching_sha2_password */ BY '...';
--   ALTER USER 'gatehouse'@'192.0.2.10'
--     IDENTIFIED /*!80000 WITH caching_sha2_password */ BY '...' REQUIRE SSL;

-- Of the comments that a server executes, `M!` are MariaDB's and `!80000` MySQL's. MariaDB has
-- unix_socket built in; MySQL loads its auth_socket, once.
/*!80000 SET @once = IF((SELECT COUNT(*) FROM information_schema.plugins
                         WHERE plugin_name = 'auth_socket') > 0,
                        'DO 0', 'INSTALL PLUGIN auth_socket SONAME ''auth_socket.so''') */;
/*!80000 PREPARE once FROM @once */;
/*!80000 EXECUTE once */;
/*!80000 DEALLOCATE PREPARE once */;

CREATE USER IF NOT EXISTS 'gatehouse'@'localhost'
  IDENTIFIED /*M! VIA unix_socket */ /*!80000 WITH auth_socket */;

-- An account that was there before and has no password lets anybody in: it is closed likewise.
SET @close = IF((SELECT COUNT(*) FROM mysql.user
                 WHERE User = 'gatehouse' AND Host = 'localhost'
                   AND COALESCE(authentication_string, '') = ''
                   AND plugin IN ('', 'mysql_native_password', 'mysql_old_password',
                                  'caching_sha2_password', 'sha256_password')) > 0,
                'ALTER USER ''gatehouse''@''localhost''
                   IDENTIFIED /*M! VIA unix_socket */ /*!80000 WITH auth_socket */',
                'DO 0');
PREPARE close_account FROM @close;
EXECUTE close_account;
DEALLOCATE PREPARE close_account;

-- A table without a database before it is in the one chosen on the command line. A site with another
-- table names it here; its columns may be listed too: GRANT SELECT (id, username, password) ON user …
GRANT SELECT ON user TO 'gatehouse'@'localhost';

-- The tables of Gatehouse's own (migrations/), in the same database; with session.database they are
-- in another, and session.user may be an account of their own with these rights there. CREATE, ALTER
-- and INDEX are for `gatehouse migrate`: an administrator who runs the files of migrations/ by hand
-- leaves them out, and then the GRANTs come after them.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON session TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON session_epoch TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON session_key TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON session_key_use TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON login_failure TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON login_place TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON login_event TO 'gatehouse'@'localhost';
GRANT SELECT, CREATE, ALTER, INDEX ON user_role TO 'gatehouse'@'localhost';
GRANT SELECT, CREATE, ALTER, INDEX ON user_disabled TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, UPDATE, CREATE ON gatehouse_lease TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, CREATE ON gatehouse_migration TO 'gatehouse'@'localhost';

-- For MySQL Group Replication, so that a server that has left its group is told from a member of it:
--   GRANT SELECT ON performance_schema.replication_group_members TO 'gatehouse'@'localhost';
--
-- Users, roles and who is disabled are changed by `gatehouse user`, with an administrator's account and
-- not with this one: who breaks into the service shall make nobody an administrator.
--
-- For user.update_query, which makes hashes stronger after a login:
--   GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost';
