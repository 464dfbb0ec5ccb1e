#!/bin/sh
# nginx: an SSI `if` whose regular expression ends in `$` is no condition at all: what stands in it is shown, and so is what
# stands behind its `else`.
#
# One expects `expr="$name = /^(?:red|blue)$/"` to match by PCRE as everywhere else in nginx. The SSI module looks for
# variables in the expression first and takes the `$` for the beginning of one; it logs `invalid variable name`, drops the
# `if`, and then takes `else` and `endif` for words without one. With `ssi_silent_errors on` the page has both texts and
# nothing else to be seen. `\z` says the same to PCRE and works.
#
# Seen with nginx 1.22.1-9+deb12u11 of Debian 12, $name being green:
#   /^(?:red|blue)$/     yes no
#   /^(?:red|blue)\z/    no
#
# Needs Debian 12, curl, apt-get and the right to run as root. Leaves nothing behind. Exits with 1
# if the behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${NGINX_VERSION:-1.22.1-9+deb12u11}

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "nginx=$version" || exit 2
dpkg-deb -x nginx_*.deb root
mkdir site
# page NAME END: a page that tells by a regular expression that ends so.
page() {
    printf '%s\n' "<!--# if expr=\"\$name = /^(?:red|blue)$2/\" -->yes <!--# else -->no <!--# endif -->" >"site/$1.html"
}
page dollar '$'
page end '\z'

cat >nginx.conf <<END
daemon off;
user root;
pid $folder/pid;
events {}
http {
    access_log off;
    client_body_temp_path $folder/body;
    fastcgi_temp_path $folder/fastcgi;
    proxy_temp_path $folder/proxy;
    scgi_temp_path $folder/scgi;
    uwsgi_temp_path $folder/uwsgi;
    server {
        listen unix:$folder/http;
        root $folder/site;
        default_type text/html;
        ssi on;
        ssi_silent_errors on;
        set \$name green;
    }
}
END
root/usr/sbin/nginx -c "$folder/nginx.conf" -e "$folder/error.log" &
server=$!
tries=0
until [ -S http ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done
ask() {
    curl -sS --fail --unix-socket "$folder/http" "http://localhost/$1.html" | tr -d '\n' | sed 's/ $//'
}
dollar=$(ask dollar) || exit 2
end=$(ask end) || exit 2
printf '/^(?:red|blue)$/     %s\n/^(?:red|blue)\\z/    %s\n' "$dollar" "$end"
[ "$dollar" = 'yes no' ] && [ "$end" = no ]
