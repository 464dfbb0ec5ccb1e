#!/bin/sh
# Measures Gatehouse on this machine, beside other login services, in a private stack on the ports from
# GATEHOUSE_BENCH_PORT (5200) on. README.md in this folder says what each bench measures and how the others are set up.
#
#   sh tests/bench/run.sh home              home with a session
#   sh tests/bench/run.sh auth              a protected file, with one session and with 10,000
#   sh tests/bench/run.sh login             logins, 1, 8 and 64 waiting
#   sh tests/bench/run.sh hashes            logins in each scheme, 32 waiting; one alone; at random
#   sh tests/bench/run.sh start             the first answer after a start, memory, size
#   sh tests/bench/run.sh flood             what 32 clients that guess passwords do to everyone else
#   sh tests/bench/run.sh session           what sessions in MySQL cost: home, memory, look-up, read-back
#   sh tests/bench/run.sh scale             what a million sessions, 5,000 connections, a second process cost
#   sh tests/bench/run.sh lanes             what a round takes in each kernel, with logins side by side
#   sh tests/bench/run.sh password          PBKDF2 against OpenSSL's, and one verify in each scheme
#   sh tests/bench/run.sh all               all of these, one after the other
#   sh tests/bench/run.sh --try [PEER...]   each of the others, or these, once and step by step; nothing is measured
#
# Prints what it measured and whether that is what is demanded, and keeps it in build/bench/results.json; the exit code
# is 1 if it is not what is demanded. Only root can run the others: each has a root folder of its own.
# With GATEHOUSE_BENCH_BUILD nothing is built: the programs are those of that build folder.
# shellcheck disable=SC1091,SC2154,SC2086 # what is sourced; lists of words
set -eu
cd "$(dirname "$0")/../.."
. tests/support/packages.sh

all='home auth login hashes start flood session scale lanes password'

usage() {
    sed -n '/^#   sh/s/^# *//p' "$0" >&2
    exit 2
}

build() {
    cmake --preset release -DGATEHOUSE_TESTS=ON &&
        cmake --build --preset release --target "$@"
}

# measure BENCH [ARGUMENT...]
measure() {
    bench=$1
    shift
    case $bench in
    lanes | password) "$programs/tests/bench/bench_$bench" ;;
    *) /usr/bin/python3 "tests/bench/$bench.py" "$@" ;;
    esac
}

case ${1:-} in
home | auth | login | hashes | start | flood | scale | --try) targets='gatehouse bench_responders' ;;
session) targets='gatehouse bench_session' ;;
lanes | password) targets=bench_$1 ;;
all) targets='gatehouse bench_responders bench_session bench_lanes bench_password' ;;
*) usage ;;
esac
install_missing $packages_build $packages_stack $packages_test $packages_bench
programs=${GATEHOUSE_BENCH_BUILD:-build/release}
mkdir -p build
if [ -z "${GATEHOUSE_BENCH_BUILD:-}" ]; then
    build $targets >build/bench.log 2>&1 || {
        tail -n 40 build/bench.log >&2
        exit 1
    }
fi
# As the unit starts it (and those that it is compared with).
export "$(sed -n 's/^Environment=//p' systemd/gatehouse.service)"
case $1 in
all)
    failed=
    for bench in $all; do
        echo "== $bench"
        measure "$bench" || failed="$failed $bench"
    done
    [ -z "$failed" ] || {
        echo "not as demanded:$failed" >&2
        exit 1
    }
    ;;
--try)
    shift
    measure try "$@"
    ;;
*) measure "$1" ;;
esac
