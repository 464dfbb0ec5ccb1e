<?php
// MediaWiki: asks it who gets in. Runs within its maintenance/run.php.
use MediaWiki\Auth\AuthenticationResponse;
use MediaWiki\MediaWikiServices;

class Ask extends Maintenance {
    public function execute() {
        global $argv;
        foreach (json_decode(stream_get_contents(STDIN)) as [$name, $password]) {
            $manager = MediaWikiServices::getInstance()->getAuthManager();
            $requests = $manager->getAuthenticationRequests('login');
            $fields = ['username' => $name, 'password' => $password];
            $loaded = MediaWiki\Auth\AuthenticationRequest::loadRequestsFromSubmission($requests, $fields);
            $answer = $manager->beginAuthentication($loaded, 'http://localhost/');
            $said[] = $answer->status == AuthenticationResponse::PASS;
        }
        echo json_encode($said), "\n";
    }
}
return Ask::class;
