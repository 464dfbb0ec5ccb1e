<?php
// PostfixAdmin: its tables with a domain, mailboxes and administrators; or it is asked who gets in.
chdir('/usr/share/postfixadmin/public');
$schema = getenv('SCHEMA');
file_put_contents('/etc/postfixadmin/dbconfig.inc.php',
    "<?php \$dbuser = 'root'; \$dbpass = ''; \$dbname = '$schema'; \$dbserver = 'localhost'; \$dbtype = 'mysql';");
file_put_contents('/etc/postfixadmin/config.local.php', "<?php \$CONF['emailcheck_resolve_domain'] = 'NO';");
if ($argv[1] == 'install') {
    define('POSTFIXADMIN_CLI', 1);
    ob_start();
    require 'upgrade.php';
    ob_end_clean();
    function add($handler, $name, $values) {
        if (!$handler->init($name) || !$handler->set($values) || !$handler->save()) {
            throw new Exception(json_encode($handler->errormsg));
        }
    }
    add(new DomainHandler(1, '', 1), 'example.com', ['description' => 'ours', 'active' => 1]);
    foreach (['roy' => 1, 'dora' => 0] as $name => $active) {
        $password = ['password' => getenv('PASSWORD'), 'password2' => getenv('PASSWORD'), 'active' => $active];
        add(new MailboxHandler(1), "$name@example.com", $password + ['name' => $name]);
        add(new AdminHandler(1), "$name@example.com", $password + ['domains' => ['example.com'], 'superadmin' => $active]);
    }
    exit;
}
define('POSTFIXADMIN_CLI', 1);
require 'common.php';
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $said[] = (new Login($argv[2]))->login($name, $password);
}
echo json_encode($said), "\n";
