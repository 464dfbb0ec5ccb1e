<?php
// Greets whoever nginx says is there.
header('Content-Type: text/html; charset=utf-8');
$user = htmlspecialchars($_SERVER['REMOTE_USER'] ?? '');
$groups = htmlspecialchars($_SERVER['REMOTE_GROUPS'] ?? '');
?>
<!DOCTYPE html>
<html lang="en">
<title>Demo: PHP</title>
<h1>Hello <?= $user ?></h1>
<p>Your roles: <?= $groups ?: 'none' ?></p>
</html>
