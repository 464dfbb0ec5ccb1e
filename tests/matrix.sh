#!/bin/sh
# The short run of the tests on each system that Gatehouse supports, and one table of what came of it.
#
#   sh tests/matrix.sh [12|13|arm64]...    all three, or these
#
# The release of Debian that this machine has is tested on the machine itself, the other one in a folder
# (tests/support/debian.sh); of arm64, the unit tests under qemu. As root: some ten minutes each on two cores,
# and a few more the first time. What each run printed is in build/matrix/NAME.log. The last line adds
# everything up; the exit code is 1 if anything failed, or if a run did not get to its end.
# shellcheck disable=SC1091,SC2086 # what is sourced; lists of words
set -u
cd "$(dirname "$0")/.." || exit 1
host=$(. /etc/os-release && echo "${VERSION_ID:-}")
[ $# -gt 0 ] || set -- 12 13 arm64

# run NAME: adds a row to the table.
run() {
    began=$(date +%s)
    log=build/matrix/$1.log in='' option='' name="Debian $1"
    case $1 in
    "$host") ;;
    arm64) option=--arm64 name=arm64 ;;
    *) in="sh tests/support/debian.sh run $1" ;;
    esac
    echo "== $name: $log"
    $in sh tests/run.sh $option >"$log" 2>&1 </dev/null
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
    [ -n "$counts" ] || tail -n 20 "$log"
    # A run that did not get to its end is one failure.
    printf '%s\t' "$name" ${counts:-0 1 0} $(($(date +%s) - began)) >>build/matrix/rows
    $in sh tests/support/versions.sh ${option#--} >>build/matrix/rows
}

table() {
    awk -F '\t' '
        function row(name, passed, failed, skipped, seconds, with) {
            printf "  %-10s%9s%9s%9s%9s  %s\n", name, passed, failed, skipped, seconds, with
        }
        BEGIN { row("", "passed", "failed", "skipped", "seconds", "with") }
        {
            row($1, $2, $3, $4, $5, $6)
            passed += $2
            failed += $3
            skipped += $4
        }
        END {
            printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
            exit failed > 0 || !passed
        }' build/matrix/rows
}

for name in "$@"; do
    case $name in 12 | 13 | arm64) ;; *) sed -n '/^#   sh/s/^# *//p' "$0" >&2 && exit 2 ;; esac
done
mkdir -p build/matrix
rm -f build/matrix/rows
for name in "$@"; do
    run "$name"
done
echo
table
