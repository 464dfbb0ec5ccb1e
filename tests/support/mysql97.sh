#!/bin/sh
# MySQL 9.7 for the tests. Debian 12 has none, Debian unstable has: its packages are downloaded from
# the mirror of the machine's own and unpacked into build/mysql97, once. Nothing is installed.
#
#   sh tests/support/mysql97.sh fetch               prints the path of a mysqld that starts anywhere
#   sh tests/support/mysql97.sh up DIR [OPTION...]  a private server on DIR/1.sock, its process id in
#                                                   DIR/1.pid; returns when it answers
#   sh tests/support/mysql97.sh down DIR            ends it; DIR stays
#   sh tests/support/mysql97.sh run COMMAND...      COMMAND with the path in GATEHOUSE_TEST_MYSQLD
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/processes.sh"

tested=9.7.4-2
cache=$source_dir/build/mysql97
mysqld=$cache/mysqld

usage() {
    sed -n '/^#   sh/,/^# shellcheck/{/^# shellcheck/d;s/^# *//p}' "$0" >&2
    exit 2
}

fail() {
    echo "mysql97.sh: $1" >&2
    [ -z "${2:-}" ] || tail -n 20 "$2" >&2
    exit 1
}

# --- Fetching it

# apt with a configuration and state of its own, which knows unstable alone and no installed package.
own_apt() {
    apt_program=$1
    shift
    "$apt_program" -qq -o Dir::State="$cache/apt" -o Dir::State::status="$cache/apt/status" \
        -o Dir::Cache="$cache/apt" -o Dir::Etc::sourcelist="$cache/apt/unstable.sources" \
        -o Dir::Etc::sourceparts=- -o APT::Install-Recommends=0 -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}

# The address that the machine's own sources name.
mirror() {
    # shellcheck disable=SC2016 # the words are apt's
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 !~ /-/ { print $3; found = 1; exit } END { exit !found }' ||
        echo http://deb.debian.org/debian/
}

download() {
    mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial"
    : >"$cache/apt/status"
    cat >"$cache/apt/unstable.sources" <<END
Types: deb
URIs: $(mirror)
Suites: sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    own_apt apt-get update
    version=$(own_apt apt-cache show --no-all-versions mysql-server-core | sed -n 's/^Version: //p')
    case $version in
    9.7.*) ;;
    *) fail "unstable has no MySQL 9.7 any more, but $version" ;;
    esac
    [ "$version" = "$tested" ] ||
        echo "mysql97.sh: unstable has MySQL $version now; these tests were last seen with $tested" >&2
    own_apt apt-get -y --download-only install mysql-server-core
}

unpack() {
    mkdir "$cache/root"
    for package in "$cache"/apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$cache/root" --no-same-owner
    done
    rm -rf "$cache/apt"
}

# Through its own loader: the machine's C library is older.
write_starter() {
    loader=$(ls "$cache"/root/usr/lib/*/ld-linux-*.so.*)
    cat >"$mysqld.new" <<END
#!/bin/sh
exec '$loader' --library-path '$(dirname "$loader")' '$cache/root/usr/sbin/mysqld' --no-defaults \\
    --basedir='$cache/root/usr' "\$@"
END
    chmod 755 "$mysqld.new"
    mv "$mysqld.new" "$mysqld"
}

fetch() (
    mkdir -p "$cache"
    exec 9>"$cache/lock"
    flock 9
    [ "$(cat "$cache/tested" 2>/dev/null)" != "$tested" ] || exit 0
    rm -rf "$cache/apt" "$cache/root"
    { download && unpack && write_starter; } >"$cache/log" || fail 'MySQL could not be fetched' "$cache/log"
    echo "$tested" >"$cache/tested"
)

# --- A private instance

answers() {
    mariadb --no-defaults -uroot -S "$dir/1.sock" -e 'SELECT 1' >/dev/null 2>&1
}

answers_or_ended() {
    answers || ! kill -0 "$(cat "$dir/1.pid")" 2>/dev/null
}

# start's, in processes.sh, ends the sharing of this one's descriptor 9.
up() {
    dir=$1
    shift
    fetch
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd -P)
    if [ ! -e "$dir/1.data/installed" ]; then
        rm -rf "$dir/1.data"
        "$mysqld" --user="$(id -un)" --datadir="$dir/1.data" --initialize-insecure \
            >"$dir/1.log" 2>&1 || fail 'MySQL could not make its data' "$dir/1.log"
        : >"$dir/1.data/installed"
    fi
    start "$dir/1.pid" "$dir/1.log" "$mysqld" --user="$(id -un)" --datadir="$dir/1.data" \
        --socket="$dir/1.sock" --pid-file="$dir/1.data/pid" --skip-networking --mysqlx=OFF \
        --secure-file-priv=NULL --skip-log-bin --innodb-buffer-pool-size=64M "$@"
    within 60 answers_or_ended || fail 'MySQL did not come up in 60 s' "$dir/1.log"
    answers || fail 'MySQL ended' "$dir/1.log"
}

down() {
    stop "$1/1.pid" "--datadir=$(cd "$1" && pwd -P)/1.data"
}

verb=${1:-}
[ $# = 0 ] || shift
case $verb in
fetch)
    fetch
    echo "$mysqld"
    ;;
up | down)
    [ $# -gt 0 ] || usage
    "$verb" "$@"
    ;;
run)
    fetch
    GATEHOUSE_TEST_MYSQLD=$mysqld exec "$@"
    ;;
*) usage ;;
esac
