#!/bin/sh
# Debian 12 and 13 in folders, for tests on another release than the host's and for hosts that are booted.
# They are made in build/debianRELEASE, once, from the mirror of the machine's own packages. Only root can
# make and enter them.
#
#   sh tests/support/debian.sh tree RELEASE NAME PACKAGE...  prints the folder of a minimal Debian with these
#                                                            packages, whose services are enabled; another
#                                                            list for the same NAME makes it anew
#   sh tests/support/debian.sh host RELEASE                  the same with systemd, nginx and the libraries
#                                                            that Gatehouse needs: tests boot copies of it
#   sh tests/support/debian.sh build RELEASE                 the same with all that building and testing needs
#   sh tests/support/debian.sh run RELEASE COMMAND...        runs it in that one, in this folder. The sources
#                                                            are there read-only; build/ is another one, which
#                                                            lies in build/debianRELEASE/output outside
#   sh tests/support/debian.sh possible RELEASE              exit 1, and prints why, where this machine can make
#                                                            or enter none
#   sh tests/support/debian.sh other                         the release that the host is not: 13, or 12
#
# `run` has the network of the host, so GATEHOUSE_E2E_PORT keeps two runs apart. What it starts ends with it.
# shellcheck disable=SC1091,SC2016 # what is sourced; what a shell in the tree expands
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"

usage() {
    sed -n '/^#   sh/,/^#$/s/^#   //p' "$0" >&2
    exit 2
}

fail() {
    echo "debian.sh: $1" >&2
    if [ -n "${2:-}" ]; then
        tail -n 20 "$2" >&2
    fi
    exit 1
}

# in_tree ROOT COMMAND...: with processes and mounts of its own, none of which outlive it. The shell between
# is their process 1, which reaps what they leave.
in_tree() (
    temporary=$(mktemp -d /tmp/gatehouse-debian.XXXXXX)
    trap 'rm -rf "$temporary"' EXIT
    trap 'exit 1' HUP INT TERM
    chmod 1777 "$temporary"
    entered=$1
    shift
    mkdir -p "$entered$source_dir" "$source_dir/build" "$cache/output"
    cp -L /etc/resolv.conf "$entered/etc/resolv.conf"
    unshare --mount --pid --fork --kill-child sh -euc '
        root=$1 source=$2 build=$3 temporary=$4
        shift 4
        mount --bind "$source" "$root$source"
        mount -o remount,bind,ro "$root$source"
        mount --bind "$build" "$root$source/build"
        mount --bind "$temporary" "$root/tmp"
        mount -t tmpfs -o mode=755 run "$root/run"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        code=0
        chroot "$root" env -C "$source" "$@" || code=$?
        exit "$code"' sh "$entered" "$source_dir" "$cache/output" "$temporary" \
        env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        PYTHONDONTWRITEBYTECODE=1 CCACHE_DIR="$source_dir/build/ccache" "$@" 9>&-
)

# with_packages ROOT SCRIPT: a shell script in there that may use packages.sh; its output goes to the log.
with_packages() {
    in_tree "$1" sh -euc '. tests/support/packages.sh
'"$2" >"$1.log" 2>&1 </dev/null || fail "$1 did not get its packages" "$1.log"
}

# Nothing but what apt needs, and apt knows the packages of this release.
make_base() {
    [ ! -e "$cache/base.complete" ] || return 0
    install_missing debootstrap >&2
    rm -rf "$cache/base"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$cache/base" "$(debian_mirror)" \
        >"$cache/debootstrap.log" 2>&1 ||
        fail "debootstrap made no Debian $release from $(debian_mirror): is that mirror reached from here?" \
            "$cache/debootstrap.log"
    with_packages "$cache/base" 'apt-get -qq update; apt-get clean'
    : >"$cache/base.complete"
}

# tree NAME SCRIPT: a copy of the base that the script has filled. The mark holds the script: another one makes
# the tree anew.
tree() {
    root=$cache/$1
    if [ "$(cat "$root.complete" 2>/dev/null)" != "$2" ]; then
        make_base
        rm -rf "$root" "$root.complete"
        cp -a --reflink=auto "$cache/base" "$root"
        with_packages "$root" "$2"
        printf '%s\n' "$2" >"$root.complete"
    fi
}

# What building and testing need may have become more since the tree was made.
tree_for_building() {
    tree build :
    with_packages "$root" 'install_missing $packages_build $packages_stack $packages_test; apt-get clean'
}

# A tree that is there needs no mirror.
possible() {
    if [ "$(id -u)" != 0 ]; then
        echo 'only root can make a Debian, and enter it'
    elif ! unshare --mount true 2>/dev/null; then
        echo 'this machine lets nobody mount'
    elif [ ! -e "$cache/build.complete" ] && ! mirror_answers; then
        echo "the mirror $(debian_mirror) does not answer"
    else
        return 0
    fi
    return 1
}

mirror_answers() (
    file=$(mktemp)
    trap 'rm -f "$file"' EXIT
    /usr/lib/apt/apt-helper download-file "$(debian_mirror)dists/$suite/Release" "$file" >/dev/null 2>&1
)

[ $# -gt 0 ] || usage
verb=$1
shift
if [ "$verb" = other ]; then
    [ "$(. /etc/os-release && echo "${VERSION_ID:-}")" = 13 ] && echo 12 || echo 13
    exit
fi
release=${1:-}
case $release in
12) suite=bookworm ;;
13) suite=trixie ;;
*) usage ;;
esac
shift
cache=$source_dir/build/debian$release
if [ "$verb" = possible ]; then
    possible
    exit
fi
[ "$(id -u)" = 0 ] || fail 'only root can make a Debian, and enter it'
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9

case $verb in
tree)
    [ $# -gt 1 ] || usage
    name=$1
    shift
    tree "$name" "install_with_services $*"
    echo "$root"
    ;;
host)
    tree host 'install_with_services systemd-sysv nginx $(libraries_of $packages_build)'
    echo "$root"
    ;;
build)
    tree_for_building
    echo "$root"
    ;;
run)
    [ $# -gt 0 ] || usage
    tree_for_building
    exec 9>&-
    in_tree "$root" "$@"
    ;;
*) usage ;;
esac
