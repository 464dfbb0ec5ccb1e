#!/bin/sh
# MariaDB: ENCRYPT() computes whatever the system's crypt() knows, bcrypt too, and only one at a time
# in the whole server.
#
# Its manual speaks of two characters of salt and of eight characters that count, as DES has them. But
# on Debian a salt that begins with $2y$, $6$ or $y$ gives that function, and so a login service can
# leave the check of such hashes to the database (as LemonLDAP::NG's DBI module does). Then a second
# login waits for the first, and for each one after it, however many cores the server has: a lock of
# the whole server is held meanwhile. Other functions run at the same time.
#
# Seen with MariaDB 10.11.19 of Debian 12 on two cores:
#   ENCRYPT() with $2y$12$       the first 7 characters of the hash: $2y$12$
#   two at once                  1.9 times as long as one
#   two SHA2() loops at once     1.0 times as long as one
#
# Needs Debian 12, two idle cores, apt-get and the right to run as root. Leaves nothing behind. Exits
# with 1 if the behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${MARIADB_VERSION:-1:10.11.19-0+deb12u1}
[ "$(nproc)" -ge 2 ] || exit 2

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
ask() { mariadb --no-defaults -N -S "$folder/s" -u root -e "$1" 2>&1; }
tries=0
until ask 'SELECT 1' >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done

# How many times as long two of that statement take at once as one: the least of five tries, in tenths.
ratio() {
    least=
    for _ in 1 2 3 4 5; do
        begin=$(date +%s%N)
        ask "$1" >/dev/null
        middle=$(date +%s%N)
        ask "$1" >/dev/null &
        ask "$1" >/dev/null
        wait $!
        now=$((10 * ($(date +%s%N) - middle) / (middle - begin)))
        [ -n "$least" ] && [ "$least" -le "$now" ] || least=$now
    done
    echo "$least"
}
bcrypt="ENCRYPT('a password', '\$2y\$12\$abcdefghijklmnopqrstuu')"
prefix=$(ask "SELECT LEFT($bcrypt, 7)")
encrypt=$(ratio "SELECT $bcrypt")
sha2=$(ratio "SELECT BENCHMARK(400000, SHA2('a password', 512))")
ask 'SELECT version()'
echo "ENCRYPT() with \$2y\$12\$: $prefix"
echo "two at once: $encrypt tenths of the time of one"
echo "two SHA2() loops at once: $sha2 tenths"
[ "$prefix" = "\$2y\$12\$" ] && [ "$encrypt" -ge 17 ] && [ "$sha2" -le 14 ]
