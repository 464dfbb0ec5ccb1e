#!/bin/sh
# Real applications for tests/e2e/test_applications.py and test_php_applications.py: Debian's packages, downloaded
# and unpacked into build/applications, once for each list of packages. Nothing is installed, no service is started.
#
#   sh tests/support/applications.sh    prints the folder that they are unpacked in
#
#   GATEHOUSE_TEST_APPLICATIONS=$(sh tests/support/applications.sh) \
#       /usr/bin/python3 -m pytest tests/e2e/test_applications.py tests/e2e/test_php_applications.py
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
cache=$source_dir/build/applications
packages='fcgiwrap prometheus tt-rss cacti php8.2-mysql php8.2-mbstring php8.2-intl php8.2-xml libonig5 libicu72
    php-php-gettext php-psr-log phpqrcode libjs-dojo-core libjs-dojo-dijit libjs-scriptaculous libjs-prototype'

# The mark holds the list that was unpacked: another list begins anew, without what it no longer names.
if [ "$(cat "$cache/root/complete" 2>/dev/null)" != "$packages" ]; then
    rm -rf "$cache/root" "$cache/debs"
    mkdir -p "$cache/debs"
    cd "$cache/debs"
    # shellcheck disable=SC2086 # a list of words
    apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=3 download $packages >&2
    for package in *.deb; do
        dpkg-deb -x "$package" "$cache/root"
    done
    echo "$packages" >"$cache/root/complete"
fi
echo "$cache/root"
