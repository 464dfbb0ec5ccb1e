#!/bin/sh
# Builds Gatehouse and runs its tests.
#
#   sh tests/run.sh           everything once: unit and contract tests and the core of the end-to-end
#                             tests with AddressSanitizer and UndefinedBehaviorSanitizer, all
#                             end-to-end tests at full speed: some 25 minutes on two cores
#   sh tests/run.sh --full    everything at length: all of it under both sanitizer sets, the contract
#                             tests on MySQL 9.7 and on a Galera cluster too, two hosts on clusters
#                             whose nodes fail, real applications, the nginx of Debian 13, nginx.service
#                             under a systemd, the times of 600 failed logins of each kind, 60 s of
#                             fuzzing for each target, a build of each file and header by itself, one
#                             by clang that checks that what a mutex guards is reached under it alone
#                             (-Wthread-safety), the other Debian (12 or 13) in a folder, the Debian
#                             package on booted hosts of both releases, and arm64
#   sh tests/run.sh --arm64   the unit tests, built for arm64 and run by qemu
#
# On Debian 12 and 13, as root, it installs the packages that are missing. Each step leaves its output
# in build/test-logs/STEP.log; the last line adds everything up, and the exit code is 1 if anything
# failed or nothing ran. tests/matrix.sh does the short run on both releases.
# shellcheck disable=SC1091,SC2154,SC2086,SC2046 # what is sourced; lists of words
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/packages.sh

logs=$PWD/build/test-logs
python=/usr/bin/python3
# Where the steps run: here, or in a folder with another Debian, where this path is the same one.
in=

# The sanitizer pass of the short run: the conversation, the contract, and what attackers send.
core_e2e='tests/e2e/test_conversation.py tests/e2e/test_contract.py tests/e2e/test_fastcgi.py
    tests/e2e/test_hostile_peers.py tests/e2e/test_json_strictness.py tests/e2e/test_stopping.py
    tests/e2e/test_auth_break_in.py'

# Those that have a long form.
long_e2e='tests/e2e/test_equal_time.py tests/e2e/test_sessions_killed.py
    tests/e2e/test_sessions_restarted.py tests/e2e/test_two_hosts.py
    tests/e2e/test_check_nginx_mutations.py tests/e2e/test_guesses.py tests/e2e/test_tables.py'

# Those with pages in a browser, with other frameworks and applications, and with published holes, which take as long as
# all others.
pages_e2e='tests/e2e/test_*page*.py tests/e2e/test_frameworks.py tests/e2e/test_known_holes*.py
    tests/e2e/test_preset*.py tests/e2e/test_recipe*.py'

# step NAME COMMAND...: runs it, keeps its output, and shows the end of it if it fails.
step() {
    name=$1
    shift
    echo "== $name"
    began=$(date +%s)
    "$@" >"$logs/$name.log" 2>&1 </dev/null
    code=$?
    printf '%s\t%s\t%s\n' "$name" "$code" $(($(date +%s) - began)) >>"$logs/steps.tsv"
    if [ "$code" != 0 ]; then
        tail -n 60 "$logs/$name.log"
        echo "== $name failed (exit code $code); all of its output: $logs/$name.log"
    fi
    return "$code"
}

# skip NAME WHY: counts it as skipped.
skip() {
    echo "== $1 skipped: $2"
    printf '%s\tskipped\t0\n' "$1" >>"$logs/steps.tsv"
}

# build PRESET [TARGET]: after whatever else wants to run.
build() {
    $in cmake --preset "$1" && $in chrt -i 0 cmake --build --preset "$1" --target "${2:-all}"
}

# ctests BUILD [OPTION...]: unit and contract tests and the fuzzers' seeds.
ctests() {
    ctests_build=$1
    shift
    $in ctest --test-dir "build/$ctests_build" --output-on-failure --no-tests=error -j "$(nproc)" \
        --output-junit "$logs/$name.xml" "$@"
}

# e2e BUILD TESTS...: through nginx and MariaDB, against the program of that build.
e2e() {
    e2e_build=$1
    shift
    $in env GATEHOUSE_BINARY="$PWD/build/$e2e_build/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/$name.xml" "$@"
}

# Limits of time that the tests set are for programs at full speed.
e2e_slow() {
    GATEHOUSE_SLOW=1 e2e "$@"
}

# fuzz TARGET SECONDS: from the seeds on; a folder of its own takes what is found.
fuzz() {
    found=build/fuzz/found/$1
    mkdir -p "$found"
    "build/fuzz/tests/fuzz/$1_fuzzer" -max_total_time="$2" -artifact_prefix="$logs/$1-" \
        -print_final_stats=1 "$found" "tests/fuzz/corpus/$1"
}

floors() {
    step floors-self-test $python tests/floors.py --self-test
    step floors $python tests/floors.py
}

# Through nginx and MariaDB, at full speed, but for those that mostly wait. The two halves go on beside each other.
at_speed() {
    GATEHOUSE_E2E_PORT=7100 step e2e-pages e2e release $pages_e2e -m 'not waits' &
    step e2e-release e2e release tests/e2e -m 'not waits' $(printf -- '--ignore=%s ' $pages_e2e)
    wait
}

# Those few that failed at full speed, each once more by itself: many judge times, and another step may have taken
# theirs. What fails again has failed.
again() {
    $python tests/support/count.py --failed "$logs" e2e-release e2e-pages e2e-waits >"$logs/again"
    grep -q . "$logs/again" || return 0
    step again xargs -d '\n' -a "$logs/again" env GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/again.xml"
}

# Everything under both sanitizer sets. The end-to-end tests under ASan go on beside what TSan does: they
# wait for processes more than they compute.
sanitized() {
    step e2e-waits e2e release tests/e2e -m waits &
    step build-asan build asan
    wait
    step ctest-asan ctests asan
    GATEHOUSE_E2E_PORT=6100 step e2e-asan e2e_slow asan tests/e2e &
    step build-tsan build tsan
    step ctest-tsan ctests tsan
    step e2e-tsan e2e_slow tsan tests/e2e
    wait
}

# Two at a time.
fuzz_all() {
    step build-fuzz build fuzz fuzzers || return
    beside=
    for source in tests/fuzz/*_fuzzer.cpp; do
        target=$(basename "$source" _fuzzer.cpp)
        step "fuzz-$target" fuzz "$target" 60 &
        [ -z "$beside" ] || wait
        [ -z "$beside" ] && beside=yes || beside=
    done
    wait
}

# The sanitizer build goes on beside the end-to-end tests, since it gives way to whatever else wants to run.
short() {
    floors
    step build-release build release gatehouse && {
        step build-asan build asan &
        at_speed
    }
    [ -x build/asan/fcgi/gatehouse ] || return
    step e2e-waits e2e release tests/e2e -m waits &
    step ctest-asan ctests asan
    wait
    step e2e-asan e2e_slow asan $core_e2e
    again
}

# on SERVER: the contract tests on another database server than MariaDB, which ctests uses.
on() {
    sh "tests/support/$1.sh" run build/release/tests/contract \
        --gtest_output="xml:$logs/contract-$1.xml"
}

on_other_servers() {
    step build-contract build release contract || return
    step contract-mysql97 on mysql97
    step contract-galera on galera
}

# Guesses over a MySQL, whose collations differ from MariaDB's.
guesses_mysql97() {
    step guesses-mysql97 sh tests/support/mysql97.sh run \
        env GATEHOUSE_LONG=1 GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/guesses-mysql97.xml" tests/e2e/test_guesses.py
}

# Two hosts while nodes of a Galera cluster are ill.
e2e_galera() {
    step e2e-galera sh tests/support/galera.sh run \
        env GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/e2e-galera.xml" tests/e2e/test_galera.py
}

# The same on a group of three MySQL servers, with one primary and with three.
e2e_group() {
    step e2e-group sh tests/support/group_replication.sh run \
        env GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/e2e-group.xml" tests/e2e/test_group_replication.py
}

# The drop-in for nginx.service, under a systemd that is booted in a container.
drop_in() {
    if [ "$(id -u)" != 0 ]; then
        skip systemd 'only root can boot a container'
        return
    fi
    step debian12 sh tests/support/debian.sh host 12 || return
    step systemd env GATEHOUSE_TEST_DEBIAN12="$(tail -n 1 "$logs/debian12.log")" \
        GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/systemd.xml" tests/e2e/test_drop_in.py
}

# The Debian package on booted hosts of both releases.
package() {
    for release in 12 13; do
        sh tests/support/debian.sh possible "$release" >"$logs/why" || {
            skip "package-$release" "$(cat "$logs/why")"
            continue
        }
        step "package-$release" env GATEHOUSE_TEST_REPORTS="$logs" sh tests/systemd.sh "$release"
    done
}

# What takes many rounds: times are measured, sessions are lost or kept, while nothing else runs.
at_length() {
    step at-length env GATEHOUSE_LONG=1 GATEHOUSE_BINARY="$PWD/build/release/fcgi/gatehouse" \
        $python -m pytest -q --tb=short --junitxml="$logs/at-length.xml" $long_e2e
}

# The tests that need them are skipped where they cannot be unpacked, and the step has failed then.
real_applications() {
    step applications sh tests/support/applications.sh &&
        GATEHOUSE_TEST_APPLICATIONS=$(tail -n 1 "$logs/applications.log")
    step installed sh tests/support/installed.sh && GATEHOUSE_TEST_INSTALLED=$(tail -n 1 "$logs/installed.log")
    step nginx13 sh tests/support/nginx13.sh && GATEHOUSE_TEST_NGINX13=$(tail -n 1 "$logs/nginx13.log")
    export GATEHOUSE_TEST_APPLICATIONS GATEHOUSE_TEST_INSTALLED GATEHOUSE_TEST_NGINX13
}

# Builds of the program that nothing runs: the compilers' word is the test.
other_builds() {
    step build-apart build apart gatehouse
    step build-headers build apart headers
    step build-clang build clang gatehouse
}

# The release of Debian that this machine does not have: a folder of its own, with its compiler and servers.
# Reports are written there and taken from there.
other_debian() {
    release=$(sh tests/support/debian.sh other)
    sh tests/support/debian.sh possible "$release" >"$logs/why" || {
        skip "debian$release" "$(cat "$logs/why")"
        return
    }
    step "debian$release" sh tests/support/debian.sh build "$release" || return
    reports=build/debian$release/output/test-logs
    rm -rf "$reports"
    mkdir -p "$reports"
    in="sh tests/support/debian.sh run $release"
    step "build-debian$release" build release && {
        step "ctest-debian$release" ctests release
        step "e2e-debian$release" e2e release $core_e2e
        cp "$reports"/*.xml "$logs"
    }
    in=
}

# The contract tests are left out: what they start are this machine's programs.
arm64() {
    step arm64-libraries sh tests/support/arm64.sh || return
    step build-arm64 build arm64 && step ctest-arm64 ctests arm64 -E '^contract$'
}

# What measures times comes first: the machine is quiet then.
full() {
    floors
    real_applications
    step build-release build release gatehouse && at_length
    [ ! -x build/release/fcgi/gatehouse ] || { guesses_mysql97; e2e_galera; e2e_group; drop_in; at_speed; }
    on_other_servers
    sanitized
    again
    fuzz_all
    other_builds
    other_debian
    package
    arm64
}

case ${1:-} in
'') run=short ;;
--full) run=full ;;
--arm64) run=arm64 ;;
*) sed -n '/^#   sh/s/^# *//p' "$0" >&2 && exit 2 ;;
esac

install_missing $packages_build $packages_stack $packages_test || exit 1
# Chromium's driver is asked at `localhost`, which has no address where there is no /etc/hosts, as
# after debootstrap.
getent hosts localhost >/dev/null || {
    echo 'localhost has no address: writing it into /etc/hosts'
    echo '127.0.0.1 localhost' >>/etc/hosts || exit 1
}
rm -rf "$logs"
mkdir -p "$logs"
export UBSAN_OPTIONS=print_stacktrace=1
# One checkout's compilations serve another: paths below this folder are hashed as relative ones.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
"$run"
echo
exec $python tests/support/count.py "$logs"
