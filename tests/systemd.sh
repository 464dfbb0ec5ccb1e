#!/bin/sh
# The Debian package under a systemd: builds it on each release of Debian, and takes it through a life on a booted host,
# from `apt install` to `apt purge` (tests/e2e/test_package.py).
#
#   sh tests/systemd.sh [12|13]...    on both releases, or on these
#
# The release that this machine has is built for on the machine itself, the other one in a folder
# (tests/support/debian.sh). The commit before is built, too, to come from and go back to. On the machine's own release
# the package is built a second time, elsewhere: both must be the same, byte by byte. lintian looks at each.
# Only root can do this. GATEHOUSE_TEST_REPORTS=FOLDER gets a report of the tests for each release.
# shellcheck disable=SC1091,SC2154,SC2086,SC2016 # what is sourced; lists of words; what another shell expands
set -eu
cd "$(dirname "$0")/.." || exit 1
. tests/support/packages.sh
source_dir=$PWD
here=$(. /etc/os-release && echo "${VERSION_ID:-}")
reports=${GATEHOUSE_TEST_REPORTS:-$PWD/build/test-logs}
# Both builds of a package take the time of the commit. A folder with another Debian does not see .git.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
# CPack takes modes of it.
umask 022
host_packages='systemd-sysv nginx mariadb-server needrestart procps $(libraries_of $packages_build)'

# on RELEASE COMMAND...: here, or in the folder with that release, where build/ is one of its own.
on() {
    on_release=$1
    shift
    if [ "$on_release" = "$here" ]; then
        "$@"
    else
        sh tests/support/debian.sh run "$on_release" "$@"
    fi
}

# The folder outside that build/ of this release is.
build_of() {
    [ "$1" = "$here" ] && echo "$source_dir/build" || echo "$source_dir/build/debian$1/output"
}

# package RELEASE FOLDER [OPTION...]: builds the package of the sources in FOLDER, below build/ or `.`, and prints where
# it is. The compiler stands behind whatever else wants to run.
package() {
    package_release=$1 folder=$2
    shift 2
    rm -f "$(build_of "$package_release")/${folder#build/}"/build/package/*.deb 2>/dev/null || true
    on "$package_release" sh -euc '
        . tests/support/packages.sh
        install_missing dpkg-dev file
        cd "$1"
        shift
        rm -f build/package/*.deb
        cmake --preset package "$@"
        nice -n 19 cmake --build --preset package
        cpack --preset package' sh "$folder" "$@" >&2
    if [ "$folder" = . ]; then
        set -- "$(build_of "$package_release")"/package/*.deb
    else
        set -- "$(build_of "$package_release")/${folder#build/}"/build/package/*.deb
    fi
    [ -e "$1" ] || exit 1
    echo "$1"
}

# sources RELEASE NAME COMMIT: the files of the commit in build/NAME of that release.
sources() {
    sources_folder=$(build_of "$1")/$2
    rm -rf "$sources_folder"
    mkdir -p "$sources_folder"
    git archive "$3" | tar -x -C "$sources_folder"
}

# The commit before, or where that makes no package yet, this one. It has a version of its own, so that dpkg goes up and
# down between the two, and a line in two files: the tests know its snippets by that, and its settings must not be a
# question to anybody.
package_before() {
    before=HEAD~1
    git cat-file -e "$before:systemd/package/postinst" 2>/dev/null || before=HEAD
    sources "$1" before "$before"
    for file in nginx/mount.conf systemd/gatehouse.toml; do
        echo '# Of the version before.' >>"$sources_folder/$file"
    done
    package "$1" build/before -DGATEHOUSE_RELEASE="0~deb$1"
}

# The files as they are, committed or not, built in another folder and without a cache.
is_reproducible() {
    again=$source_dir/build/again
    rm -rf "$again"
    mkdir -p "$again"
    git ls-files -z | xargs -0 cp --parents -t "$again"
    CCACHE_DISABLE=1 package "$here" build/again >"$again/package"
    cmp "$1" "$(cat "$again/package")" || {
        echo "systemd.sh: two builds of one source differ: $1 $(cat "$again/package")" >&2
        return 1
    }
    rm -rf "$again"
}

# Errors and warnings fail.
lintian_is_content() {
    on "$1" sh -euc '
        . tests/support/packages.sh
        install_missing lintian
        lintian --fail-on error,warning --tag-display-limit 0 "$1"' sh "build/package/$(basename "$2")"
}

# life RELEASE PACKAGE BEFORE: of the package on a booted host.
life() {
    tree=$(sh tests/support/debian.sh tree "$1" package-host $host_packages)
    GATEHOUSE_TEST_HOST=$tree GATEHOUSE_TEST_PACKAGE=$2 GATEHOUSE_TEST_PACKAGE_BEFORE=$3 \
        /usr/bin/python3 -m pytest -q -x --tb=short --junitxml="$reports/package-$1.xml" tests/e2e/test_package.py \
        tests/e2e/test_reload_booted.py
}

if [ "$(id -u)" != 0 ]; then
    echo 'systemd.sh: only root can boot a host' >&2
    exit 1
fi
install_missing $packages_build debootstrap git python3-pytest systemd-container >&2
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
mkdir -p "$reports"
[ $# -gt 0 ] || set -- 12 13
for release in "$@"; do
    echo "== Debian $release"
    deb=$(package "$release" .)
    lintian_is_content "$release" "$deb"
    [ "$release" != "$here" ] || is_reproducible "$deb"
    before_deb=$(package_before "$release")
    life "$release" "$deb" "$before_deb"
done
