#!/bin/sh
# MariaDB: two texts that a PAD SPACE collation calls equal have different weight strings.
#
# WEIGHT_STRING() is described as what the server compares, so one takes it for a key of equality: a
# table of counts by WEIGHT_STRING(name), say. With a PAD SPACE collation (the default ones of
# MariaDB) 'roy' = 'roy ' is true, a lookup by either finds the same row, and the two keys differ: the
# blank is part of the one and not of the other. With a length, WEIGHT_STRING(name AS CHAR(n)), both
# are padded and the keys are equal.
#
# Seen with MariaDB 10.11.19 of Debian 12, utf8mb4_general_ci:
#   'roy' = 'roy '                                                1
#   WEIGHT_STRING('roy') = WEIGHT_STRING('roy ')                  0
#   WEIGHT_STRING('roy' AS CHAR(8)) = … ('roy ' AS CHAR(8))       1
#
# Needs Debian 12 or 13, apt-get and the right to run as root. Leaves nothing behind. Exits with 1 if
# the behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${MARIADB_VERSION:-1:10.11.19-0+deb12u1}

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "mariadb-server-core=$version" "mariadb-client-core=$version" || exit 2
for package in *.deb; do dpkg-deb -x "$package" root; done
bin=$folder/root/usr
export PATH="$bin/bin:$bin/sbin:$PATH"

mariadb-install-db --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" \
    --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1 || exit 2
mariadbd --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" --socket="$folder/s" \
    --skip-networking --log-error="$folder/error.log" &
server=$!
ask() {
    mariadb --no-defaults --default-character-set=utf8mb4 -N -S "$folder/s" -u root \
        -e "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci; SELECT $1"
}
tries=0
until ask 1 >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done

changed=0
expect() {
    seen=$(ask "$1")
    printf '%-70s %s\n' "$1" "$seen"
    [ "$seen" = "$2" ] || changed=1
}
ask 'version()'
expect "'roy' = 'roy '" 1
expect "WEIGHT_STRING('roy') = WEIGHT_STRING('roy ')" 0
expect "WEIGHT_STRING('roy' AS CHAR(8)) = WEIGHT_STRING('roy ' AS CHAR(8))" 1
exit "$changed"
