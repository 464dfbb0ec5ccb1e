-- Nextcloud.
-- vector: Nextcloud; 1| bcrypt
-- logs in: Roy, roy
-- refused: Dora (disabled)
-- roles: admin, site-editors
-- rewritten: 1\|\$2y\$12\$
CREATE TABLE x7_users (uid varchar(64) NOT NULL PRIMARY KEY, displayname varchar(64), password varchar(255) NOT NULL DEFAULT '', uid_lower varchar(64))
  DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_preferences (userid varchar(64) NOT NULL, appid varchar(32) NOT NULL, configkey varchar(64) NOT NULL, configvalue longtext,
  PRIMARY KEY (userid, appid, configkey)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE x7_group_user (gid varchar(64) NOT NULL, uid varchar(64) NOT NULL, PRIMARY KEY (gid, uid)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO x7_users VALUES ('Roy', 'Roy Example', @hash, 'roy'), ('Dora', NULL, @hash, 'dora');
INSERT INTO x7_preferences VALUES ('Dora', 'core', 'enabled', 'false'), ('Roy', 'core', 'enabled', 'true');
INSERT INTO x7_group_user VALUES ('admin', 'Roy'), ('site editors', 'Roy');
