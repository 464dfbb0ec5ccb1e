<?php
// Kanboard: its tables, and a user of each kind; or it is asked who gets in.
foreach (['DRIVER' => 'mysql', 'USERNAME' => 'root', 'PASSWORD' => '', 'HOSTNAME' => 'localhost', 'NAME' => getenv('SCHEMA')] as $name => $value) {
    define("DB_$name", $value);
}
error_reporting(E_ERROR);
require '/usr/share/kanboard/app/common.php';
if ($argv[1] == 'install') {
    $container['db'];
    $user = fn($name, $more = []) => $container['userModel']->create($more + ['username' => $name, 'password' => getenv('PASSWORD'), 'email' => "$name@example.com"]);
    $roy = $user('roy', ['role' => 'app-manager']);
    $container['groupMemberModel']->addUser($container['groupModel']->create('Night shift'), $roy);
    $container['userModel']->disable($user('dora'));
    $user('fay', ['disable_login_form' => 1]);
    $user('lea', ['is_ldap_user' => 1]);
    exit;
}
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $container['sessionStorage'] ?? null;
    $provider = new Kanboard\Auth\DatabaseAuth($container);
    $provider->setUsername($name);
    $provider->setPassword($password);
    $said[] = $provider->authenticate();
}
echo json_encode($said), "\n";
