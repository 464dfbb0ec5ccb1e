#!/bin/sh
# MariaDB's Spider storage engine: an UPDATE that sets a column to UTC_TIMESTAMP(6) fails with a syntax
# error of the back end.
#
# One expects a Spider table to take the statements that the InnoDB table behind it takes. NOW(6) does
# work on both, since Spider sends its value. But in place of UTC_TIMESTAMP(6), and of SYSDATE(6), it
# sends an empty pair of parentheses. An INSERT of UTC_TIMESTAMP(6) works, and so does an UPDATE that
# takes it from a variable.
#
# Seen with MariaDB and mariadb-plugin-spider 10.11.19 of Debian 12, UPDATE t SET d = … WHERE a = 1 on
# the InnoDB table and on the Spider table (one server is both front end and back end here):
#   innodb UTC_TIMESTAMP(6)        no error, and with SYSDATE(6) and NOW(6) too
#   spider UTC_TIMESTAMP(6)        1064
#   spider SYSDATE(6)              1064
#   spider NOW(6)                  no error
#   spider @utc                    no error
#   sent for UTC_TIMESTAMP(6): update `far`.`t` set `d` = () where (`a` = 1)
#
# Needs Debian 12, apt-get and the right to run as root. Leaves nothing behind. Exits with 1 if the
# behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${MARIADB_VERSION:-1:10.11.19-0+deb12u1}

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "mariadb-server-core=$version" "mariadb-client-core=$version" \
    "mariadb-plugin-spider=$version" || exit 2
for package in *.deb; do dpkg-deb -x "$package" root; done
bin=$folder/root/usr
export PATH="$bin/bin:$bin/sbin:$PATH"

mariadb-install-db --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" \
    --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1 || exit 2
mariadbd --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" --socket="$folder/s" \
    --skip-networking --log-error="$folder/error.log" --plugin-dir="$bin/lib/mysql/plugin" \
    --plugin-load-add=ha_spider --spider-same-server-link=ON --general-log-file="$folder/log" &
server=$!
ask() { mariadb --no-defaults -N -S "$folder/s" -u root -e "$1" 2>&1; }
tries=0
until ask 'SELECT 1' >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || exit 2
    sleep 0.1
done
columns='(a INT PRIMARY KEY, d DATETIME(6))'
ask "CREATE DATABASE far; CREATE TABLE far.t $columns ENGINE=InnoDB; CREATE DATABASE near;
    CREATE SERVER back FOREIGN DATA WRAPPER mysql
        OPTIONS (SOCKET '$folder/s', USER 'root', DATABASE 'far');
    CREATE TABLE near.t $columns ENGINE=Spider COMMENT='wrapper \"mysql\", server \"back\", table \"t\"';
    INSERT INTO near.t VALUES (1, UTC_TIMESTAMP(6)); SET GLOBAL general_log = 1" || exit 2

changed=0
expect() {
    database=far
    [ "$1" = innodb ] || database=near
    seen=$(ask "SET @utc = UTC_TIMESTAMP(6); UPDATE $database.t SET d = $2 WHERE a = 1" |
        sed -n 's/.*ERROR \([0-9]*\).*/\1/p')
    printf '%-6s %-23s %s\n' "$1" "$2" "${seen:-no error}"
    [ "$seen" = "$3" ] || changed=1
}
ask 'SELECT version()'
for now in 'UTC_TIMESTAMP(6)' 'SYSDATE(6)' 'NOW(6)'; do expect innodb "$now" ''; done
expect spider 'UTC_TIMESTAMP(6)' 1064
sent=$(sed -n 's/.*\(update .far.*\)/\1/p' log)
expect spider 'SYSDATE(6)' 1064
expect spider 'NOW(6)' ''
expect spider @utc ''
echo "sent for UTC_TIMESTAMP(6): $sent"
case $sent in *' = () where '*) ;; *) changed=1 ;; esac
exit "$changed"
