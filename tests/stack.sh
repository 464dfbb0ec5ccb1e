#!/bin/sh
# A private Gatehouse to try and to test with: MariaDB, Gatehouse and nginx, all in one folder, from
# the project's own sql/, nginx/ and systemd/gatehouse.toml, with the users roy (password roy) and
# admin (password admin, role admin), and a small site under /demo/ that is protected.
#
#   sh tests/stack.sh up|down|status [--dir DIR] [--port N] [--as-installed]
#
# up      installs missing Debian packages (as root; no service of the host is touched), builds,
#         starts what does not run, and returns when all answers. Plain HTTP on 127.0.0.1:N (default
#         5000), TLS on N+443. Writes DIR/stack.env (default DIR: build/stack) with the variables
#         URL TLS_URL STACK_DIR GATEHOUSE GATEHOUSE_CONF GATEHOUSE_PID FCGI_SOCKET MYSQL_SOCKET
#         MYSQL_DATABASE MYSQL_PID PHP_SOCKET APP_SOCKET NGINX_CONF NGINX_PID for a shell.
#         A DIR/gatehouse.toml that was edited stays as it is.
#         With --as-installed it has no settings for a demonstration: nobody can change a password there, hashes
#         stay as they are, and the pages have no name and lead nowhere.
#         Wrong passwords make nobody wait: the limits on guesses are raised to 100000, also with --as-installed.
# status  says what runs; exit 0 if all does, else 1.
# down    ends it and removes DIR except for the logs.
#
# Environment: GATEHOUSE_BINARY, a program to start instead of building one (a sanitizer build);
# GATEHOUSE_BUILD_DIR, where to build (default build/release); GATEHOUSE_STACK_LIMITS=installed, to have the
# limits on guesses of an installation.
# shellcheck disable=SC1091,SC2154 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/processes.sh"
. "$source_dir/tests/support/stack_files.sh"
. "$source_dir/tests/support/stack_parts.sh"
. "$source_dir/tests/support/stack_demo.sh"

usage() {
    sed -n '/^#   sh/,/^#$/s/^# *//p' "$0" >&2
    echo 'sh tests/stack.sh --help explains it.' >&2
    exit 2
}

# The comment at the head of this file.
help() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" | grep -v '^shellcheck'
    exit 0
}

fail() {
    echo "stack.sh: $1" >&2
    if [ -n "${2:-}" ] && [ -s "$2" ]; then
        echo "--- the end of $2:" >&2
        tail -n 20 "$2" >&2
    fi
    exit 1
}

parse() {
    verb=${1:-}
    dir=$source_dir/build/stack
    port=5000
    as_installed=
    case " $* " in *' --help '* | *' -h '*) help ;; esac
    case $verb in up | down | status) shift ;; *) usage ;; esac
    while [ $# -gt 0 ]; do
        case $1 in
        --dir=*) dir=${1#*=} ;;
        --port=*) port=${1#*=} ;;
        --as-installed) as_installed=yes ;;
        --dir | --port)
            [ $# -gt 1 ] || usage
            [ "$1" = --port ] && port=$2 || dir=$2
            shift
            ;;
        *) usage ;;
        esac
        shift
    done
    [ -n "$dir" ] || usage
    case $port in '' | 0* | *[!0-9]* | ??????*) fail "--port wants a number, not '$port'" ;; esac
    tls_port=$((port + 443))
    [ "$tls_port" -le 65535 ] || fail "--port $port: the TLS port $tls_port would be over 65535"
}

# One `up` or `down` at a time for a folder.
enter_dir() {
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd -P)
    case $dir in *'
'*) fail 'the name of the folder holds a line feed' ;; esac
    mkdir -p "$dir/log" "$dir/nginx"
    exec 9>"$dir/lock"
    flock 9
    name_files
}

build() {
    binary=${GATEHOUSE_BINARY:-}
    if [ -n "$binary" ]; then
        [ -x "$binary" ] || fail "GATEHOUSE_BINARY: '$binary' is no program"
        binary=$(cd "$(dirname "$binary")" && pwd -P)/$(basename "$binary")
        return
    fi
    build_dir=${GATEHOUSE_BUILD_DIR:-$source_dir/build/release}
    mkdir -p "$build_dir"
    build_dir=$(cd "$build_dir" && pwd -P)
    echo "Building in $build_dir (minutes, the first time)"
    (run_build) >"$dir/log/build.log" 2>&1 9>&- || fail 'the build failed' "$dir/log/build.log"
    binary=$build_dir/fcgi/gatehouse
}

run_build() {
    cd "$source_dir" || return 1
    [ -f "$build_dir/build.ninja" ] ||
        cmake --preset release -B "$build_dir" -DGATEHOUSE_TESTS=OFF || return 1
    ninja -C "$build_dir" gatehouse
}

up() {
    # shellcheck disable=SC2086 # lists of words
    if [ -n "${GATEHOUSE_BINARY:-}" ]; then
        install_missing $packages_stack
    else
        install_missing $packages_stack $packages_build
    fi
    enter_dir
    demand_ports
    build
    started=
    trap 'undo' EXIT
    trap 'exit 1' HUP INT TERM
    raise_descriptors
    make_run_dir
    for part in mysql gatehouse php app nginx; do
        before=$(state_of "$part")
        "prepare_$part"
        if ! "running_$part"; then
            say_why_it_starts "$part" "$before"
            "stop_$part" # what may be left of it
            started="$part $started"
            "start_$part"
        fi
    done
    await_answers
    write_env
    trap - EXIT
    [ -n "$started" ] || echo 'Everything is up already.'
    print_hints
}

state_of() {
    if "running_$1"; then echo running; else echo ended; fi
}

# Nothing at the first start.
say_why_it_starts() {
    [ -e "$dir/stack.env" ] || return 0
    case $2 in
    running) echo "$1 starts anew: the program or its files have changed." ;;
    ended) echo "$1 did not run: it starts." ;;
    esac
}

# After a failure: ends what this run has started.
undo() {
    for part in $started; do
        "stop_$part" || true
    done
}

down() {
    [ -d "$dir" ] || return 0
    enter_dir
    for part in nginx app php gatehouse mysql; do
        "stop_$part" || fail "$part does not end"
    done
    remove_run_dir
    find "$dir" -mindepth 1 -maxdepth 1 ! -name log ! -name lock -exec rm -rf {} +
    echo "Ended; the logs are in $dir/log."
}

status() {
    [ -d "$dir" ] || fail "there is no stack in $dir"
    dir=$(cd "$dir" && pwd -P)
    name_files
    all=0
    for part in mysql gatehouse php app nginx; do
        if "running_$part"; then
            echo "$part: running, process $(cat "$dir/$part.pid")"
        else
            echo "$part: not running"
            all=1
        fi
    done
    return "$all"
}

parse "$@"
"$verb"
