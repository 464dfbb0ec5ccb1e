#!/bin/sh
# Applications of Debian 12, 13 and sid, with all that they need to run, for tests/e2e/test_preset_installed.py: their
# own code installs them into the test's database, makes users and says who gets in. Packages are downloaded and
# unpacked into build/installed, a folder for each release, once for each list. Nothing is installed on this machine.
#
#   sh tests/support/installed.sh    prints the folder of the folders
#
#   GATEHOUSE_TEST_INSTALLED=$(sh tests/support/installed.sh) \
#       /usr/bin/python3 -m pytest tests/e2e/test_preset_installed.py
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/unpacked.sh"
cache=$source_dir/build/installed
architecture=$(dpkg --print-architecture)

# What maintainer scripts would have made: names of users and hosts, and PHP's list of modules.
prepare() {
    cd "$cache/$1/root"
    mkdir -p dev proc tmp run/mysqld root mnt
    printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'www-data:x:33:33::/var/www:/bin/sh' >etc/passwd
    printf '%s\n' 'root:x:0:' 'www-data:x:33:' >etc/group
    echo '127.0.0.1 localhost' >etc/hosts
    for file in usr/share/php[0-9]*-*/*/*.ini; do
        [ -e "$file" ] || continue
        version=${file#usr/share/php}
        modules=etc/php/${version%%-*}/cli/conf.d
        mkdir -p "$modules"
        cp "$file" "$modules/$(sed -n 's/^; priority=//p' "$file")-${file##*/}"
        printf '%s=/run/mysqld/mysqld.sock\n' mysqli.default_socket pdo_mysql.default_socket >"$modules/99-own.ini"
        echo 'display_errors=stderr' >>"$modules/99-own.ini"
    done
}

# unpack SUITE PACKAGE...
unpack() {
    mkdir -p "$cache"
    suite=$1
    shift
    unpack_packages "$cache/$suite" "$suite" "$architecture" "$@"
    prepare "$suite"
}

# Each where it is found and runs: Devise left with Debian 12, and Kanboard is in sid alone.
unpack bookworm redmine redmine-mysql ruby-devise
unpack trixie wordpress mediawiki matomo spip postfixadmin php-cli php-mysql php-mbstring php-xml php-intl php-curl \
    php-gd icingaweb2 php-illuminate-database php-illuminate-hashing php-symfony-password-hasher request-tracker5 \
    rt5-db-mysql python3-django python3-mysqldb python3-flask-security python3-flask-sqlalchemy python3-bcrypt
unpack sid kanboard php-cli php-mysql
echo "$cache"
