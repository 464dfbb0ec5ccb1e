#!/bin/sh
# A minimal Debian 12 with systemd, nginx and the libraries of Gatehouse, for tests/e2e/test_drop_in.py: it is made
# in build/debian12, once, from the mirror of the machine's own packages. Only root can make it, and boot it.
#
#   sh tests/support/debian12.sh    prints its folder
#
#   GATEHOUSE_TEST_DEBIAN12=$(sh tests/support/debian12.sh) /usr/bin/python3 -m pytest tests/e2e/test_drop_in.py
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
cache=$source_dir/build/debian12
packages='systemd-sysv nginx libargon2-1 libfcgi0ldbl libfmt9 libmysqlcppconn7v5 libpcre2-8-0 libspdlog1.10
    libtomlplusplus3'

if [ "$(id -u)" != 0 ]; then
    echo 'debian12.sh: only root can make a Debian and boot it' >&2
    exit 1
fi
install_missing debootstrap systemd-container >&2
# The mark holds the list that was installed.
if [ "$(cat "$cache/complete" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$cache"
    mkdir -p "$cache"
    # shellcheck disable=SC2086 # a list of words, which debootstrap wants with commas
    debootstrap --variant=minbase --include="$(echo $packages | tr ' ' ,)" bookworm "$cache/root" "$(debian_mirror)" \
        >"$cache/debootstrap.log" 2>&1 || {
        tail -n 20 "$cache/debootstrap.log" >&2
        echo "debian12.sh: debootstrap made no Debian 12 from $(debian_mirror): is that mirror reached from here?" >&2
        exit 1
    }
    rm -f "$cache/root/var/cache/apt/archives/"*.deb
    echo "$packages" >"$cache/complete"
fi
echo "$cache/root"
