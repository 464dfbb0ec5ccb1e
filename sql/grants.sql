-- The account of the service: it may read the user table, and use the tables of its own. Run it as an
-- administrator, in the database that holds the table:
--   mariadb gatehouse < grants.sql
-- May be run again: an account that is there keeps its password.
--
-- As it stands the account has no password and is for trying out. A real host takes one of these
-- two instead of the CREATE USER below (or runs ALTER USER with the same ending after it):
--
-- 1. MariaDB on the same host: no password at all. The server asks the kernel whether the one who
--    connects over the unix socket is the system's user `gatehouse`.
--      CREATE USER IF NOT EXISTS 'gatehouse'@'localhost' IDENTIFIED VIA unix_socket;
--    (MySQL: IDENTIFIED WITH auth_socket, after INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'.)
--
-- 2. A password, which goes into the file named by `mysql.password_file`. For a server on another
--    host 'localhost' becomes the address of this one, here and in the GRANT, and TLS is demanded:
--      CREATE USER IF NOT EXISTS 'gatehouse'@'localhost' IDENTIFIED BY '...';
--      CREATE USER IF NOT EXISTS 'gatehouse'@'192.0.2.10' IDENTIFIED BY '...' REQUIRE SSL;

CREATE USER IF NOT EXISTS 'gatehouse'@'localhost';

-- Without a database in front it is the one chosen on the command line. A site with another table
-- names it here; its columns may be listed too: GRANT SELECT (id, username, password) ON user …
GRANT SELECT ON user TO 'gatehouse'@'localhost';

-- The tables of Gatehouse's own (migrations/), in the same database; with session.database they are
-- in another, and session.user may be an account of their own with these rights there. CREATE, ALTER
-- and INDEX are for `gatehouse migrate`: an administrator who runs the files of migrations/ by hand
-- leaves them out, and then the GRANTs come after them.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON session TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON session_epoch TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON session_key TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, DELETE, UPDATE, CREATE, ALTER, INDEX ON session_key_use TO 'gatehouse'@'localhost';
GRANT SELECT, CREATE, ALTER, INDEX ON user_role TO 'gatehouse'@'localhost';
GRANT SELECT, CREATE, ALTER, INDEX ON user_disabled TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, UPDATE, CREATE ON gatehouse_lease TO 'gatehouse'@'localhost';
GRANT SELECT, INSERT, CREATE ON gatehouse_migration TO 'gatehouse'@'localhost';

-- For MySQL Group Replication, so that a server that has left its group is told from a member of it:
--   GRANT SELECT ON performance_schema.replication_group_members TO 'gatehouse'@'localhost';
--
-- For user.update_query, which makes hashes stronger after a login:
--   GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost';
