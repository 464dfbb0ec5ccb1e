<?php
// A login as the manual of PHP teaches it: its sessions, password_verify(), PDO with a prepared statement.
// GET / greets, POST /login logs in, and nginx asks /asked whether somebody is logged in.

function answer(int $status, array $body): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($body);
}

function find_user(string $name): array|false
{
    $settings = json_decode(file_get_contents(__DIR__ . '/settings.json'), true);
    $database = new PDO($settings['dsn'], $settings['user'], $settings['password'], [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_EMULATE_PREPARES => false,
    ]);
    $statement = $database->prepare('SELECT id, username, password FROM user WHERE username = ?');
    $statement->execute([$name]);
    return $statement->fetch(PDO::FETCH_ASSOC);
}

function log_in(): void
{
    $typed = json_decode(file_get_contents('php://input'), true);
    if (!is_string($typed['username'] ?? null) || !is_string($typed['password'] ?? null)) {
        answer(400, ['message' => 'Bad Request - invalid credentials']);
        return;
    }
    $user = find_user($typed['username']);
    if (!$user || !password_verify($typed['password'], $user['password'])) {
        answer(400, ['message' => 'Bad Request - invalid password']);
        return;
    }
    session_start();
    session_regenerate_id(true);
    $_SESSION['id'] = $user['id'];
    $_SESSION['username'] = $user['username'];
    answer(200, ['message' => 'You are logged in successfully']);
}

// The session's user, or null. The session is read and closed at once: nobody waits for its lock.
function user_of_session(): ?string
{
    if (!isset($_COOKIE[session_name()])) {
        return null;
    }
    session_start(['read_and_close' => true]);
    return $_SESSION['username'] ?? null;
}

$place = $_SERVER['DOCUMENT_URI'];
if ($place === '/login' && $_SERVER['REQUEST_METHOD'] === 'POST') {
    log_in();
} elseif (($user = user_of_session()) === null) {
    answer(401, ['message' => 'Unauthorized']);
} elseif ($place === '/asked') {
    http_response_code(204);
} else {
    answer(200, ['message' => 'You are already logged in', 'username' => $user]);
}
