#!/bin/sh
# The programs that tests/bench/ measures beside Gatehouse: Debian's packages of the host's own release and all that they
# depend on, unpacked into build/peers, once for each list of packages. Nothing is installed, no service is started.
#
#   sh tests/support/peers.sh    prints the folder that they are unpacked in
# shellcheck disable=SC1091,SC2086 # what is sourced; a list of words
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/unpacked.sh"
cache=$source_dir/build/peers

# What lemonldap-ng recommends is there as far as it cannot start without it (GD::SecurityImage), or is faster with it.
packages='lemonldap-ng-fastcgi-server liblemonldap-ng-portal-perl libapache-session-browseable-perl libdbd-mysql-perl
    libgd-securityimage-perl libimage-magick-perl libhttp-parser-xs-perl libcookie-baker-xs-perl libstring-random-perl libio-string-perl
    libunicode-string-perl
    apache2 libaprutil1-dbd-mysql php-fpm php-mysql uwsgi-core uwsgi-plugin-python3 gunicorn python3-flask
    python3-pymysql coreutils dash'
unpack_packages "$cache" "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$(dpkg --print-architecture)" $packages
echo "$cache/root"
