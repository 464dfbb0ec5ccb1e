<?php
// Matomo: its tables, a site, and users; or it is asked who gets in.
use Piwik\Access;
use Piwik\DbHelper;

$schema = getenv('SCHEMA');
require '/usr/share/matomo/vendor_config.php';
file_put_contents(PIWIK_USER_PATH . '/config/config.ini.php', "; <?php exit; ?>\n[database]\nhost = localhost\nusername = root\n"
    . "password = \"\"\nunix_socket = /run/mysqld/mysqld.sock\ndbname = $schema\ntables_prefix = matomo_\nadapter = PDO\\MYSQL\n"
    . "charset = utf8mb4\n[General]\nsalt = x\ntrusted_hosts[] = localhost\nenable_internet_features = 0\n");
require PIWIK_INCLUDE_PATH . '/core/bootstrap.php';
(new Piwik\Application\Environment('cli'))->init();
if ($argv[1] == 'install') {
    DbHelper::createTables();
    DbHelper::createAnonymousUser();
    Piwik\Plugin\Manager::getInstance()->loadActivatedPlugins();
    Piwik\Plugin\Manager::getInstance()->installLoadedPlugins();
    Access::doAsSuperUser(function () {
        $users = Piwik\Plugins\UsersManager\API::getInstance();
        $users->addUser('roy', getenv('PASSWORD'), 'roy@example.com');
        $site = Piwik\Plugins\SitesManager\API::getInstance()->addSite('Site', ['http://example.com']);
        $users->setUserAccess('roy', 'view', [$site]);
    });
    exit;
}
Piwik\Plugin\Manager::getInstance()->loadActivatedPlugins();
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $auth = new Piwik\Plugins\Login\Auth();
    $model = new Piwik\Plugins\UsersManager\Model();
    $user = $model->userExists($name) ? null : $model->getUserByEmail($name); // as its Login\Controller does
    $auth->setLogin($user['login'] ?? $name);
    try {
        $auth->setPassword($password);
        $said[] = $auth->authenticate()->wasAuthenticationSuccessful();
    } catch (Exception $short) {
        $said[] = false;
    }
}
echo json_encode($said), "\n";
