#!/bin/sh
# What the preset `arm64` builds with: the cross compiler and qemu, which it installs as root where they are
# missing, and the libraries of the machine's own release for arm64, unpacked into build/arm64-libraries, once.
#
#   sh tests/support/arm64.sh      prints the folder that the libraries are unpacked in
#
#   sh tests/support/arm64.sh && cmake --preset arm64 && cmake --build --preset arm64 && ctest --test-dir build/arm64
# shellcheck disable=SC1091,SC2086,SC2154 # what is sourced; lists of words
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
. "$source_dir/tests/support/unpacked.sh"
install_missing g++-aarch64-linux-gnu qemu-user-static >&2
# What the build needs of the processor it builds for; its tools are the machine's own.
libraries=$(printf '%s\n' $packages_build $packages_test | grep '^lib.*-dev$\|^rapidjson\|^robin' | grep -v clang)
unpack_packages "$source_dir/build/arm64-libraries" "$(. /etc/os-release && echo "$VERSION_CODENAME")" arm64 $libraries
echo "$source_dir/build/arm64-libraries/root"
