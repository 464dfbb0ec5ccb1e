#!/bin/sh
# Prints in one line the versions of what Gatehouse is built and tested with on this machine.
#
#   sh tests/support/versions.sh [arm64]
set -u

# found PROGRAM ARGUMENT...: the first thing that looks like a version in what it prints.
found() {
    "$@" 2>&1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1
}

if [ "${1:-}" = arm64 ]; then
    echo "gcc $(found aarch64-linux-gnu-g++ -dumpfullversion), qemu $(found qemu-aarch64-static --version)"
    exit
fi
mariadb=$(mariadbd --version | grep -oE '[0-9.]+-MariaDB')
echo "gcc $(found g++ -dumpfullversion), nginx $(found nginx -v), MariaDB ${mariadb%-MariaDB}," \
    "PHP $(found php --version), Python $(found /usr/bin/python3 --version), OpenSSL $(found openssl version)," \
    "libfcgi $(dpkg-query -W -f '${source:Upstream-Version}' libfcgi-dev)"
