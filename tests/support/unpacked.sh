# shellcheck shell=sh
# Packages of another Debian, or for another processor, in a folder: nothing is installed, and root is not needed.
# Sourced by arm64.sh, installed.sh and nginx13.sh.

# unpack_packages FOLDER SUITE ARCHITECTURE PACKAGE...: downloads them, and what they depend on, from the mirror of
# the machine's own packages, and unpacks all into FOLDER/root, once for each list.
unpack_packages() {
    folder=$1 suite=$2 architecture=$3
    shift 3
    [ "$(cat "$folder/complete" 2>/dev/null)" != "$suite $architecture $*" ] || return 0
    rm -rf "$folder/root" "$folder/apt" "$folder/complete"
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial" "$folder/root/usr"
    : >"$folder/apt/status"
    cat >"$folder/apt/own.sources" <<END
Types: deb
URIs: $(debian_mirror)
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    own_apt update
    own_apt -y --download-only install "$@"
    for name in bin lib lib64 sbin; do
        mkdir "$folder/root/usr/$name"
        ln -s "usr/$name" "$folder/root/$name"
    done
    for package in "$folder"/apt/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$folder/root" --no-same-owner --keep-directory-symlink
    done
    rm -rf "$folder/apt"
    echo "$suite $architecture $*" >"$folder/complete"
}

# apt with a configuration and state of its own, which knows this suite alone and no installed package.
own_apt() {
    apt-get -qq -o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt" \
        -o Dir::Etc::sourcelist="$folder/apt/own.sources" -o Dir::Etc::sourceparts=- \
        -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o APT::Install-Recommends=0 -o APT::Sandbox::User=root -o Acquire::Languages=none \
        -o Acquire::Retries=3 "$@" >&2
}
