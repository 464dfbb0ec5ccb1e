<?php
// Icinga Web: users of its own backend, and a group; or it is asked who gets in. The tables are there.
use Icinga\Application\Cli;
use Icinga\Authentication\User\DbUserBackend;
use Icinga\Authentication\UserGroup\DbUserGroupBackend;
use Icinga\Data\ConfigObject;
use Icinga\Data\ResourceFactory;
use Icinga\User;

require '/usr/share/php/Icinga/Application/Cli.php';
Cli::start('/usr/share/icingaweb2', '/etc/icingaweb2');
$database = ResourceFactory::createResource(new ConfigObject(['type' => 'db', 'db' => 'mysql', 'host' => 'localhost',
    'dbname' => getenv('SCHEMA'), 'username' => 'root', 'password' => '', 'charset' => 'utf8mb4']));
$users = new DbUserBackend($database);
if ($argv[1] == 'install') {
    foreach (['roy' => 1, 'dora' => 0] as $name => $active) {
        $users->insert('user', ['user_name' => $name, 'is_active' => $active, 'password' => getenv('PASSWORD')]);
    }
    $groups = new DbUserGroupBackend($database);
    $groups->insert('group', ['group_name' => 'Night Shift']);
    $groups->insert('group_membership', ['group_name' => 'Night Shift', 'user_name' => 'roy']);
    exit;
}
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $said[] = $users->authenticate(new User($name), $password);
}
echo json_encode($said), "\n";
