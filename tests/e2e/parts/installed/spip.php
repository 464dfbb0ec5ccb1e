<?php
// SPIP: its tables and authors; or it is asked who gets in.
chdir('/usr/share/spip');
$_SERVER += ['HTTP_HOST' => 'localhost', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1'];
foreach (['/var/lib/spip', 'tmp', 'tmp/cache', 'tmp/log', 'local'] as $folder) {
    @mkdir($folder, 0777, true);
}
@unlink('config/mes_options.php'); // which is for many sites at once
if ($argv[1] == 'install') {
    $_GET['action'] = 'test_dirs'; // which needs no tables yet
    define('_ECRIRE_INSTALL', '1');
    define('_FILE_TMP', '_install');
}
require 'vendor/autoload.php';
require 'ecrire/inc_version.php';
include_spip('inc/auth');
include_spip('inc/autoriser');
if ($argv[1] == 'install') {
    include_spip('inc/install');
    include_spip('base/create');
    include_spip('install/etape_3');
    echo install_bases('localhost', 'root', '', 'mysql', '', getenv('SCHEMA'), 0644);
    rename(_FILE_CONNECT_TMP, 'config/connect.php');
    pcntl_exec(PHP_BINARY, ['-d', 'display_errors=stderr', __FILE__, 'users']);
    exit;
}
if ($argv[1] == 'users') {
    include_spip('auth/spip');
    auth_spip_initialiser_secret(true);
    include_spip('action/editer_auteur');
    foreach (['royce' => '0minirezo', 'verena' => '6forum', 'dora' => '5poubelle'] as $login => $status) {
        $id = auteur_inserer();
        foreach (['modifier', 'associerauteurs', 'creer', 'instituer', 'editer'] as $what) {
            autoriser_exception($what, 'auteur', $id);
        }
        $why = auteur_modifier($id, ['nom' => "$login's name", 'email' => "$login@example.com", 'login' => $login,
            'pass' => getenv('PASSWORD'), 'statut' => $status]);
        if ($why) throw new Exception($why);
    }
    echo base64_encode(Spip\Chiffrer\SpipCles::instance()->getSecretAuth()), "\n";
    exit;
}
foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
    $said[] = is_array(auth_identifier_login($name, $password));
}
echo json_encode($said), "\n";
