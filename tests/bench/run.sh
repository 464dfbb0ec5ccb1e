#!/bin/sh
# Measures Gatehouse on this machine, but for password in a private stack on the ports from
# GATEHOUSE_BENCH_PORT (5200) on.
#
#   sh tests/bench/run.sh home        home with a session, against a canned and a textbook responder
#   sh tests/bench/run.sh auth        a protected file, against one that a canned responder guards
#   sh tests/bench/run.sh flood       what 32 clients that guess passwords do to everyone else
#   sh tests/bench/run.sh session     what sessions in MySQL cost: home, memory, look-up, read-back
#   sh tests/bench/run.sh lanes       what a round takes in each kernel, with logins side by side
#   sh tests/bench/run.sh password    PBKDF2 against OpenSSL's, and one verify in each scheme
#
# Prints what it measured and whether that is what is demanded; the exit code is 1 if it is not.
# shellcheck disable=SC1091,SC2154,SC2086 # what is sourced; lists of words
set -eu
cd "$(dirname "$0")/../.."
. tests/support/packages.sh

case ${1:-} in
home | auth | flood) targets='gatehouse bench_responders' ;;
session) targets='gatehouse bench_session' ;;
lanes | password) targets=bench_$1 ;;
*) sed -n '/^#   sh/s/^# *//p' "$0" >&2 && exit 2 ;;
esac
install_missing $packages_build $packages_stack $packages_test $packages_bench
mkdir -p build
build() {
    cmake --preset release -DGATEHOUSE_TESTS=ON &&
        cmake --build --preset release --target $targets
}
build >build/bench.log 2>&1 || {
    tail -n 40 build/bench.log >&2
    exit 1
}
# As the unit starts it (and those that it is compared with).
export "$(sed -n 's/^Environment=//p' systemd/gatehouse.service)"
case $1 in lanes | password) exec "build/release/tests/bench/bench_$1" ;; esac
exec /usr/bin/python3 "tests/bench/$1.py"
