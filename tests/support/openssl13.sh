#!/bin/sh
# The OpenSSL of Debian 13 and a Python that calls it, for tests/bench/hashes.py. They are unpacked into build/openssl13,
# once. Nothing is installed.
#
#   sh tests/support/openssl13.sh    prints the folder that they are unpacked in
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/unpacked.sh"
unpack_packages "$source_dir/build/openssl13" trixie "$(dpkg --print-architecture)" python3
echo "$source_dir/build/openssl13/root"
