#!/bin/sh
# The nginx of Debian 13, which speaks HTTP/3, and a curl that does: for tests/e2e/test_http3.py. They are unpacked
# into build/nginx13, once. Nothing is installed.
#
#   sh tests/support/nginx13.sh    prints the folder that they are unpacked in
#
#   GATEHOUSE_TEST_NGINX13=$(sh tests/support/nginx13.sh) /usr/bin/python3 -m pytest tests/e2e/test_http3.py
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/unpacked.sh"
unpack_packages "$source_dir/build/nginx13" trixie amd64 nginx curl
echo "$source_dir/build/nginx13/root"
