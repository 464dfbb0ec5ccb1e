#!/bin/sh
# MariaDB: PARTITION BY KEY over a random BINARY(16) fills the partitions unevenly where their number
# is even.
#
# One expects a hash to spread random keys evenly, and takes 2, 4 or 8 partitions as readily as any
# other number. But then one of 2 partitions has a third of the rows and the other two thirds, and
# the largest of 8 has twice its share. With 3, 5 or 7 partitions the rows are spread evenly, and by
# RANGE COLUMNS they fall into equal halves, so the keys themselves are not the cause.
#
# Seen with MariaDB 10.11.19 of Debian 12, 20000 rows with id = UNHEX(MD5(n)), n from 1 to 20000:
#   KEY, 2 partitions: 6609 13391
#   KEY, 4 partitions: 3299 5049 3310 8342
#   KEY, 6 partitions: 2211 4527 2164 4455 2234 4409
#   KEY, 8 partitions: 1678 2530 1651 3336 1621 2519 1659 5006
#   KEY, 3 partitions: 6666 6761 6573
#   KEY, 5 partitions: 3991 3932 4026 3944 4107
#   KEY, 7 partitions: 2850 2825 2802 2962 2787 2867 2907
#   RANGE COLUMNS, 2 partitions: 10002 9998
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
ask() { mariadb --no-defaults -N -S "$folder/s" -u root -e "$1"; }
tries=0
until ask 'SELECT 1' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done
ask 'CREATE DATABASE t' || exit 2

changed=0
# Fills $2 partitions by $1. In percent of an equal share, the smallest must be at $3 and the largest at
# $4, with a tolerance of 9.
expect() {
    ask "USE t; CREATE OR REPLACE TABLE k (id BINARY(16) PRIMARY KEY) ENGINE=InnoDB PARTITION BY $1;
        INSERT INTO k SELECT UNHEX(MD5(seq)) FROM seq_1_to_20000" || exit 2
    n=0 rows=
    while [ "$n" -lt "$2" ]; do
        rows="$rows $(ask "SELECT COUNT(*) FROM t.k PARTITION (p$n)")" || exit 2
        n=$((n + 1))
    done
    echo "${1%%(*}, $2 partitions:$rows"
    for count in $rows; do echo $((count * $2 / 200)); done | sort -n >shares
    difference=$(($(head -n 1 shares) - $3)) && [ "${difference#-}" -le 9 ] || changed=1
    difference=$(($(tail -n 1 shares) - $4)) && [ "${difference#-}" -le 9 ] || changed=1
}
ask 'SELECT version()'
expect 'KEY(id) PARTITIONS 2' 2 66 133
expect 'KEY(id) PARTITIONS 4' 4 66 166
expect 'KEY(id) PARTITIONS 6' 6 66 135
expect 'KEY(id) PARTITIONS 8' 8 66 200
for odd in 3 5 7; do expect "KEY(id) PARTITIONS $odd" "$odd" 100 100; done
expect "RANGE COLUMNS(id) (PARTITION p0 VALUES LESS THAN (x'80000000000000000000000000000000'),
    PARTITION p1 VALUES LESS THAN (MAXVALUE))" 2 100 100
exit "$changed"
