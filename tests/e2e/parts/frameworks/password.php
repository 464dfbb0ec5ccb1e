<?php
// PHP's own functions. Standard input, JSON: `password` and a `hash` to check it against, or what
// password_hash() takes to make one. Prints the answer as JSON.
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$answer = isset($asked["hash"])
    ? password_verify($asked["password"], $asked["hash"])
    : password_hash(...$asked);
echo json_encode($answer, JSON_THROW_ON_ERROR);
