#!/bin/sh
# A group of three MySQL 9.7 servers (Group Replication) for the tests. No service of the host is
# touched: each server is in a network namespace of its own, so that one can be cut off from the
# others, and is reached over a unix socket, which socat offers on the loopback address.
#
#   sh tests/support/group_replication.sh up DIR        node N on DIR/N.sock and on 127.0.0.N with the
#                                                       port in DIR/ports, with the certificate in
#                                                       DIR/certificate.pem, process id in DIR/N.pid;
#                                                       single-primary, node 1 is the primary; returns
#                                                       when all are ONLINE
#   sh tests/support/group_replication.sh start DIR N   starts a node again that has ended, and joins it
#   sh tests/support/group_replication.sh join DIR N    a running node that has left joins again
#   sh tests/support/group_replication.sh kill DIR N    SIGKILL, waits for its end
#   sh tests/support/group_replication.sh cut DIR N     the others do not reach it any more, clients do
#   sh tests/support/group_replication.sh heal DIR N    they do again
#   sh tests/support/group_replication.sh down DIR      ends all; DIR stays
#   sh tests/support/group_replication.sh run COMMAND...  COMMAND with GATEHOUSE_TEST_GROUP, the DIR of a
#                                                       group that ends with it
#
# As root, with the right to make network namespaces. It installs iproute2 and socat where they are
# missing, and takes MySQL from mysql97.sh.
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/processes.sh"

group=4a6f0e52-7c1d-4c7e-9d0b-6a7465686f75
subnet=10.97.0

usage() {
    sed -n '/^#   sh/,/^#$/s/^# *//p' "$0" >&2
    exit 2
}

fail() {
    echo "group_replication.sh: $1" >&2
    [ -z "${2:-}" ] || tail -n 20 "$2" >&2
    exit 1
}

free_port() {
    port=$((31000 + $$ % 1000))
    while ss -Hltn | awk '{ sub(/.*:/, "", $4); print $4 }' | grep -qx "$port"; do
        port=$((port + 1))
    done
    echo "$port"
}

# sql N STATEMENTS
sql() {
    mariadb --no-defaults -uroot -N -S "$dir/$1.sock" -e "$2"
}

answers() {
    sql "$n" 'SELECT 1' >/dev/null 2>&1
}

answers_or_ended() {
    answers || ! kill -0 "$(cat "$dir/$n.pid")" 2>/dev/null
}

online() {
    [ "$(sql "$n" "SELECT MEMBER_STATE FROM performance_schema.replication_group_members
        WHERE MEMBER_ID = @@server_uuid" 2>/dev/null)" = ONLINE ]
}

# --- The networks: a bridge in a namespace of its own, and a cable from it to each node's.

space() {
    echo "gh$(cat "$dir/ports")-$1"
}

make_networks() {
    ip netns add "$(space hub)"
    ip netns exec "$(space hub)" ip link add bridge type bridge
    ip netns exec "$(space hub)" ip link set bridge up
    for n in 1 2 3; do
        ip netns add "$(space "$n")"
        ip -n "$(space hub)" link add "port$n" type veth peer name wire netns "$(space "$n")"
        ip -n "$(space hub)" link set "port$n" master bridge up
        ip -n "$(space "$n")" addr add "$subnet.$n/24" dev wire
        ip -n "$(space "$n")" link set lo up
        ip -n "$(space "$n")" link set wire up
    done
}

remove_networks() {
    for name in 1 2 3 hub; do
        ip netns del "$(space $name)" 2>/dev/null || true
    done
}

# --- The nodes

# Read-only until it is in the group, as with group_replication_start_on_boot: what is written to it
# before would keep it out for good.
begin() {
    n=$1
    shift
    rm -f "$dir/$n.sock.lock" # where its process was killed, another may have that number now
    start "$dir/$n.pid" "$dir/$n.log" ip netns exec "$(space "$n")" "$mysqld" --user="$(id -un)" \
        --datadir="$dir/$n.data" --socket="$dir/$n.sock" --pid-file="$dir/$n.data/pid" \
        --bind-address="$subnet.$n" --port=3306 --report-host="$subnet.$n" --mysqlx=OFF \
        --secure-file-priv=NULL --innodb-buffer-pool-size=64M --performance-schema-instrument='%=OFF' \
        --server-id="$n" --gtid-mode=ON --enforce-gtid-consistency=ON --log-bin=binlog \
        --innodb-flush-log-at-trx-commit=2 --sync-binlog=0 \
        --plugin-load-add=group_replication.so --group-replication-start-on-boot=OFF \
        --group-replication-group-name=$group \
        --group-replication-local-address="$subnet.$n:33061" \
        --group-replication-group-seeds=$subnet.1:33061,$subnet.2:33061,$subnet.3:33061 \
        --group-replication-ip-allowlist=$subnet.0/24 --group-replication-recovery-get-public-key=ON \
        --group-replication-member-expel-timeout=0 --super-read-only=ON \
        --ssl-ca="$dir/certificate.pem" --ssl-cert="$dir/certificate.pem" --ssl-key="$dir/key.pem" "$@"
    within 60 answers_or_ended || fail "node $n did not come up in 60 s" "$dir/$n.log"
    answers || fail "node $n ended" "$dir/$n.log"
}

# A member that was killed may not come back before the others have expelled it.
joins() {
    sql "$n" 'STOP GROUP_REPLICATION; START GROUP_REPLICATION'
}

join_group() {
    n=$1
    within 60 joins || fail "node $n does not join" "$dir/$n.log"
    within 60 online || fail "node $n is not ONLINE after 60 s" "$dir/$n.log"
}

# Without TLS nobody gets in over TCP: MySQL 9 has no other way to take a password there.
make_certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test \
        -addext subjectAltName=IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3 \
        -keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/openssl.log" ||
        fail 'openssl could not make a certificate' "$dir/openssl.log"
}

make_data() {
    rm -rf "$dir"/[123].data
    "$mysqld" --user="$(id -un)" --datadir="$dir/1.data" --initialize-insecure >"$dir/install.log" 2>&1 ||
        fail 'MySQL could not make its data' "$dir/install.log"
    for n in 2 3; do
        cp -a "$dir/1.data" "$dir/$n.data"
        rm "$dir/$n.data/auto.cnf"
    done
}

up() {
    install_missing iproute2 mariadb-client-core openssl socat >&2
    mysqld=$(sh "$source_dir/tests/support/mysql97.sh" fetch)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd -P)
    free_port >"$dir/ports"
    make_certificate
    make_data
    make_networks
    for n in 1 2 3; do
        begin "$n"
        sql "$n" "SET GLOBAL super_read_only = OFF; SET sql_log_bin = 0; CREATE USER replication IDENTIFIED BY 'replication';
            GRANT REPLICATION SLAVE, CONNECTION_ADMIN, GROUP_REPLICATION_STREAM ON *.* TO replication;
            CHANGE REPLICATION SOURCE TO SOURCE_USER = 'replication', SOURCE_PASSWORD = 'replication'
                FOR CHANNEL 'group_replication_recovery';
            RESET BINARY LOGS AND GTIDS; SET GLOBAL super_read_only = ON"
        start "$dir/$n.relay" "$dir/$n.relay.log" socat "TCP-LISTEN:$(cat "$dir/ports"),bind=127.0.0.$n,reuseaddr,fork,backlog=128" \
            "UNIX-CONNECT:$dir/$n.sock"
    done
    n=1
    sql 1 'SET GLOBAL group_replication_bootstrap_group = ON; START GROUP_REPLICATION;
        SET GLOBAL group_replication_bootstrap_group = OFF'
    within 60 online || fail 'node 1 is not ONLINE' "$dir/1.log"
    join_group 2
    join_group 3
}

# The group's mode may have been changed; one that joins must have the same.
several_primaries() {
    for n in 1 2 3; do
        [ "$(sql $n 'SELECT @@group_replication_single_primary_mode' 2>/dev/null)" != 0 ] || return 0
    done
    return 1
}

begin_in_mode() {
    if several_primaries; then
        begin "$1" --group-replication-single-primary-mode=OFF \
            --group-replication-enforce-update-everywhere-checks=ON
    else
        begin "$1"
    fi
}

# MySQL sometimes stays out, in ERROR or RECOVERING, until it is started anew.
start_node() {
    ! running "$dir/$1.pid" "--datadir=$dir/$1.data" || fail "node $1 is running"
    mysqld=$source_dir/build/mysql97/mysqld
    for attempt in first second; do
        begin_in_mode "$1"
        (join_group "$1") && return
        echo "node $1 did not join at its $attempt start" >&2
        [ "$attempt" = second ] || kill_node "$1"
    done
    fail "node $1 does not join the group" "$dir/$1.log"
}

stop_node() {
    stop "$dir/$1.pid" "--datadir=$dir/$1.data"
}

kill_node() {
    ! running "$dir/$1.pid" "--datadir=$dir/$1.data" || kill -s KILL "$(cat "$dir/$1.pid")"
    within 20 stopped "$dir/$1.pid" "--datadir=$dir/$1.data"
    stop_node "$1" # what may be left of it
}

cut_node() {
    ip -n "$(space hub)" link set "port$1" down
}

heal_node() {
    ip -n "$(space hub)" link set "port$1" up
}

down() {
    for n in 1 2 3; do
        stop "$dir/$n.relay" "UNIX-CONNECT:$dir/$n.sock"
    done
    for n in 3 2 1; do # those without a majority do not end by themselves
        kill_node "$n" || fail "node $n does not end"
    done
    remove_networks
}

run() {
    dir=$(mktemp -d /tmp/gatehouse-group.XXXXXX)
    trap 'down; rm -rf "$dir"' EXIT
    trap 'exit 1' HUP INT TERM
    up
    GATEHOUSE_TEST_GROUP=$dir "$@"
}

verb=${1:-}
[ $# -gt 1 ] || usage
shift
case $verb in run) ;; *) dir=$1 && shift ;; esac
case $verb in
up) up ;;
down | start | kill | cut | heal | join)
    dir=$(cd "$dir" && pwd -P)
    case $verb in
    down) down ;;
    join) join_group "$1" ;;
    *) case ${1:-} in [123]) "${verb}_node" "$1" ;; *) usage ;; esac ;;
    esac
    ;;
run) run "$@" ;;
*) usage ;;
esac
