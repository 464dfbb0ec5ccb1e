#!/bin/sh
# A Galera cluster for the tests: three MariaDB servers on the loopback address. No service of the
# host is touched.
#
#   sh tests/support/galera.sh up DIR          node N on DIR/N.sock and on 127.0.0.N with the port
#                                              in DIR/ports, its process id in DIR/N.pid; returns
#                                              when all are synced
#   sh tests/support/galera.sh start DIR N     starts a node again that has ended; likewise
#   sh tests/support/galera.sh stop DIR N      SIGTERM, waits for its end
#   sh tests/support/galera.sh kill DIR N      SIGKILL, likewise
#   sh tests/support/galera.sh down DIR        ends all; DIR stays
#   sh tests/support/galera.sh run COMMAND...  COMMAND with GATEHOUSE_TEST_GALERA, the DIR of a cluster
#                                              that ends with it
#
# As root it installs galera-4 and rsync where they are missing. The nodes run as nobody: Galera's
# rsync does not work as root.
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/processes.sh"

tested_galera=26.4.23-0+deb12u1
tested_mariadb=1:10.11.19-0+deb12u1
cache=$source_dir/build/galera
user=nobody

usage() {
    sed -n '/^#   sh/,/^#$/s/^# *//p' "$0" >&2
    exit 2
}

fail() {
    echo "galera.sh: $1" >&2
    [ -z "${2:-}" ] || tail -n 20 "$2" >&2
    exit 1
}

# installed PACKAGE VERSION: says so where it is another.
installed() {
    version=$(dpkg-query -W -f '${Version}' "$1")
    [ "$version" = "$2" ] ||
        echo "galera.sh: $1 is $version; these tests were last seen with $2" >&2
}

# The scripts that copy a node's data are in mariadb-server, which would also install the service:
# they are unpacked from it.
fetch() (
    install_missing galera-4 rsync iproute2 mariadb-server-core mariadb-client-core >&2
    installed galera-4 "$tested_galera"
    installed mariadb-server-core "$tested_mariadb"
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock 9
    [ ! -e "$cache/bin/wsrep_sst_rsync" ] || exit 0
    cd "$cache"
    rm -f ./*.deb
    apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download mariadb-server >&2
    mkdir -p bin.new
    dpkg-deb --fsys-tarfile mariadb-server_*.deb |
        tar x -C bin.new --strip-components=3 --no-same-owner ./usr/bin/wsrep_sst_common ./usr/bin/wsrep_sst_rsync
    rm -f ./*.deb
    mv bin.new bin
)

# Ten ports in a row that nobody listens on, below those that the system gives out itself.
free_ports() {
    base=$((20000 + $$ % 1000 * 10))
    while ss -Hltn | awk '{ sub(/.*:/, "", $4); print $4 }' | grep -qx "${base%?}[0-9]"; do
        base=$(((base - 20000 + 10) % 10000 + 20000))
    done
    echo "$base"
}

# mariadbd_of N OPTION COMMAND...: COMMAND with mariadbd of node N, its usual options and this one.
mariadbd_of() {
    n=$1 option=$2
    shift 2
    base=$(cat "$dir/ports")
    others=127.0.0.1:$((base + 1)),127.0.0.1:$((base + 2)),127.0.0.1:$((base + 3))
    provider="gmcast.listen_addr=tcp://127.0.0.1:$((base + n));gcache.size=32M"
    provider="$provider;ist.recv_addr=127.0.0.1:$((base + 3 + n))"
    "$@" mariadbd --no-defaults --user=$user --datadir="$dir/$n.data" --tmpdir="$dir/$n.tmp" \
        --socket="$dir/$n.sock" --pid-file="$dir/$n.data/pid" \
        --bind-address="127.0.0.$n" --port="$base" --skip-name-resolve \
        --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=2 --binlog-format=ROW \
        --innodb-autoinc-lock-mode=2 --wsrep-on=ON \
        --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name=gatehouse-test \
        --wsrep-cluster-address="gcomm://$others" --wsrep-node-name="node$n" \
        --wsrep-node-address=127.0.0.1 --wsrep-sst-method=rsync \
        --wsrep-sst-receive-address=127.0.0.1:$((base + 6 + n)) \
        --wsrep-provider-options="$provider" "$option"
}

# begin N OPTION: a node in the background; returns when it is in step with the others.
begin() {
    mariadbd_of "$1" "$2" start "$dir/$1.pid" "$dir/$1.log" env PATH="$cache/bin:$PATH"
    within 90 synced_or_ended || fail "node $n did not get in step within 90 s" "$dir/$n.log"
    synced || fail "node $n ended" "$dir/$n.log"
}

synced() {
    mariadb --no-defaults -uroot -NS "$dir/$n.sock" -e "SHOW STATUS LIKE 'wsrep_local_state_comment'" \
        2>/dev/null | grep -qw Synced
}

synced_or_ended() {
    synced || ! kill -0 "$(cat "$dir/$n.pid")" 2>/dev/null
}

up() {
    fetch
    mkdir -p "$dir"
    chmod 755 "$dir"
    dir=$(cd "$dir" && pwd -P)
    chown $user "$dir"
    free_ports >"$dir/ports"
    for n in 1 2 3; do
        rm -rf "${dir:?}/$n.data" "${dir:?}/$n.tmp"
        mkdir "$dir/$n.data" "$dir/$n.tmp"
        chown $user "$dir/$n.data" "$dir/$n.tmp"
    done
    # The others' data comes from the first.
    mariadb-install-db --no-defaults --user=$user --datadir="$dir/1.data" --tmpdir="$dir/1.tmp" \
        --skip-test-db --force --auth-root-authentication-method=normal >"$dir/install.log" 2>&1 ||
        fail 'mariadb-install-db failed' "$dir/install.log"
    begin 1 --wsrep-new-cluster
    begin 2 --wsrep-new-cluster=OFF
    begin 3 --wsrep-new-cluster=OFF
}

# Where a node that was killed had got to: with that it needs no more than what it has missed.
position() {
    mariadbd_of "$1" --wsrep-recover 2>&1 | sed -n 's/.*WSREP: Recovered position:* *//p' | tail -n 1
}

start_node() {
    ! running "$dir/$1.pid" "--datadir=$dir/$1.data" || fail "node $1 is running"
    recovered=$(position "$1")
    begin "$1" "--wsrep-start-position=${recovered:?}"
}

stop_node() {
    stop "$dir/$1.pid" "--datadir=$dir/$1.data"
}

kill_node() {
    ! running "$dir/$1.pid" "--datadir=$dir/$1.data" || kill -s KILL "$(cat "$dir/$1.pid")"
    within 20 stopped "$dir/$1.pid" "--datadir=$dir/$1.data"
    stop_node "$1" # what may be left of it
}

down() {
    for n in 3 2 1; do
        stop_node "$n" || fail "node $n does not end"
    done
}

run() {
    dir=$(mktemp -d /tmp/gatehouse-galera.XXXXXX)
    trap 'down; rm -rf "$dir"' EXIT
    trap 'exit 1' HUP INT TERM
    up
    GATEHOUSE_TEST_GALERA=$dir "$@"
}

verb=${1:-}
[ $# -gt 1 ] || usage
shift
case $verb in run) ;; *) dir=$1 && shift ;; esac
case $verb in
up) up ;;
down | start | stop | kill)
    dir=$(cd "$dir" && pwd -P)
    case $verb in
    down) down ;;
    *) case ${1:-} in [123]) "${verb}_node" "$1" ;; *) usage ;; esac ;;
    esac
    ;;
run) run "$@" ;;
*) usage ;;
esac
