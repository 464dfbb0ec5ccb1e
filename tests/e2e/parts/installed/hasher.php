<?php
// A hash of a framework's own hasher: hasher.php NAME PASSWORD
if ($argv[1] == 'laravel') {
    require '/usr/share/php/Illuminate/Hashing/autoload.php';
    echo (new Illuminate\Hashing\BcryptHasher())->make($argv[2]), "\n";
} else {
    require '/usr/share/php/Symfony/Component/PasswordHasher/autoload.php';
    $factory = new Symfony\Component\PasswordHasher\Hasher\PasswordHasherFactory(['user' => ['algorithm' => 'auto']]);
    echo $factory->getPasswordHasher('user')->hash($argv[2]), "\n";
}
