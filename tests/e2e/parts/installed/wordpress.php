<?php
// WordPress: a site with an editor and a subscriber, in which one writes `install`; else it is asked who gets in.
define('DB_NAME', getenv('SCHEMA'));
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:/run/mysqld/mysqld.sock');
define('WP_CONTENT_DIR', '/usr/share/wordpress/wp-content');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_DEBUG', false);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', 'x');
    define($name . '_SALT', 'x');
}
$table_prefix = 'blog_';
define('ABSPATH', '/usr/share/wordpress/');
$_SERVER += ['HTTP_HOST' => 'example.com', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
if ($argv[1] == 'install') define('WP_INSTALLING', true);
require ABSPATH . 'wp-settings.php';
if ($argv[1] == 'install') {
    eval('function wp_new_blog_notification() {}');
    require ABSPATH . 'wp-admin/includes/upgrade.php';

    wp_install('Site', 'boss', 'boss@example.com', false, '', "boss's password");
    wp_insert_user(['user_login' => 'roy', 'user_pass' => wp_slash(getenv('PASSWORD')), 'user_email' => 'roy@example.com', 'role' => 'editor']);
    exit;
}
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $got = wp_authenticate(wp_slash($name), wp_slash($password));
    $said[] = !is_wp_error($got);
}
echo json_encode($said), "\n";
