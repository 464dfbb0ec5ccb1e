#!/bin/sh
# Real applications for tests/e2e/test_applications.py, test_php_applications.py and test_preset_packages.py: Debian's
# packages, downloaded and unpacked into build/applications, once for each list of packages. Nothing is installed, no
# service is started.
#
#   sh tests/support/applications.sh    prints the folder that they are unpacked in
#
#   GATEHOUSE_TEST_APPLICATIONS=$(sh tests/support/applications.sh) \
#       /usr/bin/python3 -m pytest tests/e2e/test_applications.py tests/e2e/test_php_applications.py
# shellcheck disable=SC2046,SC2086 # lists of words
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
cache=$source_dir/build/applications

# depended_on PATTERN PACKAGE...: what these depend on, of that name. Names that hold a version are found so.
depended_on() {
    pattern=$1
    shift
    apt-cache depends --important "$@" | sed -n "s/^  Depends: \\($pattern\\)\$/\\1/p"
}

modules=$(depended_on 'php[0-9][0-9.]*-.*' php-mysql php-mbstring php-intl php-xml)
libraries=$(depended_on 'lib\(onig\|icu\)[0-9]*' $modules)
packages="fcgiwrap prometheus cacti php-psr-log phpqrcode libjs-dojo-core libjs-dojo-dijit libjs-scriptaculous
libjs-prototype icingaweb2 zabbix-server-mysql
$modules
$libraries"
# Debian 13 has no tt-rss: its tests are skipped there.
! apt-cache show tt-rss >/dev/null 2>&1 || packages="$packages tt-rss php-php-gettext"

# The mark holds the list that was unpacked: another list begins anew, without what it no longer names.
if [ "$(cat "$cache/root/complete" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$cache/root" "$cache/debs"
    mkdir -p "$cache/debs"
    cd "$cache/debs"
    apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download $packages >&2
    for package in *.deb; do
        dpkg-deb -x "$package" "$cache/root"
    done
    echo "$packages" >"$cache/root/complete"
fi
echo "$cache/root"
