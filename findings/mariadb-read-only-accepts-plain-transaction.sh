#!/bin/sh
# MariaDB: a read-only server lets an ordinary account begin a transaction; only the words READ WRITE
# make it say that it is read-only.
#
# A client that looks for the writable node of a group may think that START TRANSACTION is enough to
# find out, or that it must write something. Neither is so: the plain statement succeeds, and
# START TRANSACTION READ WRITE answers with error 1290 at once and writes nothing. An account with
# the privilege READ_ONLY ADMIN (root here) is never told, whatever it says.
#
# Seen with MariaDB 10.11.19 of Debian 12, read_only = 1:
#   START TRANSACTION                                          no error
#   START TRANSACTION WITH CONSISTENT SNAPSHOT                 no error
#   START TRANSACTION READ WRITE                               ERROR 1290
#   START TRANSACTION READ WRITE, by root                      no error
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
ask() { mariadb --no-defaults -N -S "$folder/s" -u "$1" -e "$2" 2>&1; }
tries=0
until ask root 'SELECT 1' >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done
ask root "CREATE USER site@localhost; SET GLOBAL read_only = 1" >/dev/null

code() { ask "$1" "$2" | sed -n 's/.*ERROR \([0-9]*\).*/\1/p'; }
changed=0
expect() {
    seen=$(code "$1" "$2")
    printf '%-6s %-45s %s\n' "$1" "$2" "${seen:-no error}"
    [ "$seen" = "$3" ] || changed=1
}
ask root 'SELECT version()'
expect site 'START TRANSACTION' ''
expect site 'START TRANSACTION WITH CONSISTENT SNAPSHOT' ''
expect site 'START TRANSACTION READ WRITE' 1290
expect root 'START TRANSACTION READ WRITE' ''
exit "$changed"
