# shellcheck shell=sh disable=SC2030,SC2031 # a subshell is meant
# The Debian packages that building and testing need, and a function that installs what is missing
# of them without touching a service of the host. Debian 12 and 13 have them all by these names: those
# whose names hold a version (php8.2-fpm, libclang-rt-14-dev) come by the package that depends on them.
# Sourced by stack.sh, run.sh and .ci/run.

# shellcheck disable=SC2034 # used where this is sourced
packages_build='cmake g++ ninja-build pkgconf libargon2-dev libboost-dev libcli11-dev libcrypt-dev
    libexpected-dev libfcgi-dev libfmt-dev libmysqlcppconn-dev libpcre2-dev libspdlog-dev libssl-dev
    libsystemd-dev libtomlplusplus-dev libunistring-dev rapidjson-dev robin-map-dev'
# The -core packages of MariaDB hold the programs alone, no service.
# shellcheck disable=SC2034
packages_stack='cmake curl mariadb-client-core mariadb-server-core nginx openssl php-fpm python3'
# shellcheck disable=SC2034
packages_test='ccache chromium chromium-driver clang fail2ban libclang-rt-dev libgmock-dev libgtest-dev mariadb-client
    php-cli python3 python3-argon2 python3-bcrypt python3-django python3-flask python3-pytest python3-requests
    python3-selenium'
# For axe-core; where node came with an npm of its own, that serves.
# shellcheck disable=SC2034
command -v npm >/dev/null || packages_test="$packages_test npm"
# shellcheck disable=SC2034
packages_bench='wrk'
# shellcheck disable=SC2034
packages_ci='clang-format clang-tidy shellcheck'

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The address of Debian's packages that the machine's own sources name.
debian_mirror() {
    # shellcheck disable=SC2016 # the words are apt's
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 !~ /-/ { print $3; found = 1; exit } END { exit !found }' ||
        echo http://deb.debian.org/debian/
}

# install_missing PACKAGE...: returns 1, with a line that says why, where that is not possible.
install_missing() {
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        echo "Packages are missing, and only root can install them:$missing" >&2
        return 1
    fi
    echo "Installing the Debian packages that are missing:$missing"
    # shellcheck disable=SC2086 # a list of words
    install_quietly $missing
}

policy=/usr/sbin/policy-rc.d
policy_mark='# Temporary, of the Gatehouse tests: starts no service while packages are installed.'

# In a subshell of its own, whose end (a failure and a signal too) takes the policy away again.
install_quietly() (
    exec 9>/run/gatehouse-packages.lock
    flock 9
    services_before=$(web_services)
    trap 'after_install' EXIT
    trap 'exit 1' HUP INT TERM
    forbid_services
    apt_install "$@"
)

apt_install() {
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    apt-get -qq -o Acquire::Retries=3 update || echo 'apt-get update failed; trying without' >&2
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 \
        -o Acquire::Retries=3 install "$@" </dev/null
}

# For a tree that is booted later: its services are enabled, but none is started meanwhile.
install_with_services() {
    forbid_services
    apt_install "$@"
    apt-get clean
    rm "$policy"
}

# libraries_of PACKAGE...: the libraries behind those of them that are lib*-dev: a program that was built needs
# these to run. Their names hold versions, and endings such as t64, that differ from release to release.
libraries_of() {
    printf '%s\n' "$@" | grep '^lib.*-dev$' | xargs apt-cache depends --important |
        sed -n '/-dev$/d; s/^  Depends: \(lib[^ ]*\)$/\1/p' | sort -u
}

# invoke-rc.d asks this program, if there is one, before it starts anything (a host's own is left).
forbid_services() {
    [ ! -e "$policy" ] || return 0
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
    chmod 755 "$policy"
}

# The mark also finds what an install left that was killed; the lock is ours, so nobody needs it.
after_install() {
    if grep -qsF "$policy_mark" "$policy"; then
        rm -f "$policy"
    fi
    # Debian enables a service with its package; the host did not ask for a web server, nor for PHP.
    for service in $(web_services); do
        case " $services_before " in
        *" $service "*) ;;
        *) update-rc.d "$service" disable ;;
        esac
    done
}

# The services of nginx and of php-fpm that are there, whatever version PHP's name holds.
web_services() {
    for script in /etc/init.d/nginx /etc/init.d/php*-fpm; do
        [ ! -e "$script" ] || printf '%s ' "${script##*/}"
    done
}

# The path of the php-fpm that Debian's package brought: its name holds the version.
php_fpm() {
    find /usr/sbin -name 'php-fpm[0-9]*' | sort -V | tail -n 1
}
