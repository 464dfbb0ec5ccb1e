#!/bin/sh
# The nginx of Debian 13, which speaks HTTP/3, and a curl that does: for tests/e2e/test_http3.py. Their packages
# are downloaded from the mirror of the machine's own and unpacked into build/nginx13, once. Nothing is
# installed.
#
#   sh tests/support/nginx13.sh    prints the folder that they are unpacked in
#
#   GATEHOUSE_TEST_NGINX13=$(sh tests/support/nginx13.sh) /usr/bin/python3 -m pytest tests/e2e/test_http3.py
# shellcheck disable=SC1091 # what is sourced
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
. "$source_dir/tests/support/packages.sh"
cache=$source_dir/build/nginx13

# apt with a configuration and state of its own, which knows Debian 13 alone and no installed package.
own_apt() {
    apt-get -qq -o Dir::State="$cache/apt" -o Dir::State::status="$cache/apt/status" -o Dir::Cache="$cache/apt" \
        -o Dir::Etc::sourcelist="$cache/apt/trixie.sources" -o Dir::Etc::sourceparts=- \
        -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o Acquire::Languages=none \
        -o Acquire::Retries=3 "$@" >&2
}

if [ ! -e "$cache/root/complete" ]; then
    rm -rf "$cache/root"
    mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial" "$cache/root"
    : >"$cache/apt/status"
    cat >"$cache/apt/trixie.sources" <<END
Types: deb
URIs: $(debian_mirror)
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    own_apt update
    own_apt -y --download-only install nginx curl
    for package in "$cache"/apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$cache/root" --no-same-owner
    done
    : >"$cache/root/complete"
fi
echo "$cache/root"
