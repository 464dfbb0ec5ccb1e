-- The second user of the stack: name `admin`, password `admin`, with the role of that name.
INSERT INTO user (username, password)
VALUES ('admin', 'pbkdf2:sha256:150000$hR4mYp1c$60b3409fc087a53e05615e16a9955e5da7ab82267664e5547155c1723bac1866')
ON DUPLICATE KEY UPDATE id = id;
INSERT IGNORE INTO user_role (user_id, role) SELECT id, 'admin' FROM user WHERE username = 'admin';
