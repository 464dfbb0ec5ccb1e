<?php
// Greets whoever nginx says is there.
header('Content-Type: text/html; charset=utf-8');
$user = htmlspecialchars($_SERVER['REMOTE_USER'] ?? '');
$groups = htmlspecialchars($_SERVER['REMOTE_GROUPS'] ?? '');
?>
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>PHP – Demonstration</title>
  <link rel="icon" href="/gatehouse/assets/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/gatehouse/assets/style.css">
</head>
<body class="wide">
<header><a href="/demo/">Gatehouse, a demonstration</a></header>
<main>
  <h1>Hello <?= $user ?></h1>
  <form method="post" action="/gatehouse/logout" class="line">
    <p>PHP knows you as <strong><bdi><?= $user ?></bdi></strong>. Your roles: <?= $groups ?: 'none' ?></p>
    <button type="submit" class="quiet">Log out</button>
  </form>
  <p class="links"><a href="/demo/">Back to the demonstration</a></p>
</main>
</body>
</html>
