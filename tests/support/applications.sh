#!/bin/sh
# Real applications for tests/e2e/test_applications.py, test_recipe_*.py and test_preset_packages.py: Debian's packages,
# and what they depend on as far as this machine lacks it, downloaded and unpacked into build/applications, once for each
# list of packages. Nothing is installed, no service is started.
#
#   sh tests/support/applications.sh    prints the folder that they are unpacked in
#
#   GATEHOUSE_TEST_APPLICATIONS=$(sh tests/support/applications.sh) \
#       /usr/bin/python3 -m pytest tests/e2e/test_applications.py tests/e2e/test_recipe_cacti.py
# shellcheck disable=SC2086 # lists of words
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
cache=$source_dir/build/applications

# Debian 13 has no tt-rss: its tests are skipped there.
packages=
for package in fcgiwrap prometheus zabbix-server-mysql php-mysql php-intl \
    cacti dokuwiki gitweb icingaweb2 mediawiki phpmyadmin radicale tt-rss uwsgi uwsgi-plugin-python3 zabbix-frontend-php; do
    ! apt-cache show "$package" >/dev/null 2>&1 || packages="$packages $package"
done

# download: the packages, installed here or not, and those that they need and this machine lacks.
download() {
    mkdir -p "$cache/debs/partial"
    apt-get -qq -y -o APT::Sandbox::User=root -o Acquire::Retries=3 -o Dir::Cache::archives="$cache/debs" \
        -o Debug::NoLocking=1 --no-install-recommends --download-only --reinstall install $packages >&2
}

# unpack_all: with /bin, /lib and /sbin where Debian has them, in /usr.
unpack_all() {
    mkdir -p "$cache/root/usr"
    for name in bin lib sbin; do
        mkdir "$cache/root/usr/$name"
        ln -s "usr/$name" "$cache/root/$name"
    done
    for package in "$cache"/debs/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$cache/root" --no-same-owner --keep-directory-symlink
    done
}

# The mark holds the list that was unpacked: another list begins anew, without what it no longer names.
if [ "$(cat "$cache/root/complete" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$cache/root" "$cache/debs"
    download
    unpack_all
    echo "$packages" >"$cache/root/complete"
fi
echo "$cache/root"
