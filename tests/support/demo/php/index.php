<?php
// Greets whoever nginx says is there; with ?all, everything that it was told.
header('Content-Type: text/html; charset=utf-8');
$user = htmlspecialchars($_SERVER['REMOTE_USER'] ?? '');
$groups = htmlspecialchars($_SERVER['REMOTE_GROUPS'] ?? '');
if (isset($_GET['all'])) {
    header('Content-Type: application/json');
    echo json_encode($_SERVER + ['body' => strlen(file_get_contents('php://input'))]);
    exit;
}
?>
<!DOCTYPE html>
<html lang="en">
<title>Demo: PHP</title>
<h1>Hello <?= $user ?></h1>
<p>Your roles: <?= $groups ?: 'none' ?></p>
</html>
