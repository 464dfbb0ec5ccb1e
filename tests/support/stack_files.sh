# shellcheck shell=sh disable=SC2034,SC2154
# The files of a stack: their names, and how each is made from the project's own. Sourced by
# stack.sh; `fail`, $source_dir, $dir and the ports come from there.

name_files() {
    run=$dir/run
    [ ! -L "$run" ] || run=$(readlink "$run")
    mysql_data=$run/mysql
    mysql_tmp=$run/mysql.tmp
    mysql_socket=$run/mysql.sock
    fcgi_socket=$run/fcgi.sock
    internal_socket=$run/internal.sock
    php_socket=$run/php.sock
    app_socket=$run/app.sock
    mysql_database=gatehouse
    gatehouse_conf=$dir/gatehouse.toml
    nginx_conf=$dir/nginx/nginx.conf
}

# The sockets and MariaDB's data live in DIR/run. A socket's path has at most 107 bytes, and nginx
# and mariadb-install-db stumble over some characters: where DIR does not fit, DIR/run is a link to
# a short and plain folder.
make_run_dir() {
    if [ ! -d "$dir/run" ]; then
        rm -f "$dir/run"
        case $dir in
        *[!A-Za-z0-9/._-]*) short=no ;;
        *) [ ${#dir} -lt 80 ] && short=yes || short=no ;;
        esac
        if [ "$short" = yes ]; then
            mkdir "$dir/run"
        else
            ln -s "$(mktemp -d /tmp/gatehouse.XXXXXX)" "$dir/run"
        fi
    fi
    name_files
}

remove_run_dir() {
    if [ -L "$dir/run" ]; then
        rm -rf "$(readlink "$dir/run")"
    fi
    rm -rf "$dir/run"
}

# replace_if_other FILE: puts standard input there; 1 if that is what it held already.
replace_if_other() {
    cat >"$1.new"
    if cmp -s "$1.new" "$1"; then
        rm -f "$1.new"
        return 1
    fi
    mv -f "$1.new" "$1"
}

# toml_string TEXT
toml_string() {
    printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
}

# set_key SECTION KEY VALUE: gives the configuration on standard input with this key set, whether it
# stood there as a comment or not. 1 if it did not stand there at all.
set_key() {
    section=$1 key=$2 value=$3 awk '
        /^\[/ { section = $0 }
        section == "[" ENVIRON["section"] "]" && !done &&
            $0 ~ "^(# ?)?" ENVIRON["key"] " *=" {
            print ENVIRON["key"] " = " ENVIRON["value"]
            done = 1
            next
        }
        { print }
        END { exit !done }'
}

# The installed configuration with the stack's own paths and its log. All who use it, and most tests, come from
# 127.0.0.1 and guess often: the limits on guesses are out of their way, unless GATEHOUSE_STACK_LIMITS is `installed`.
# Tests of the guard have their own.
gatehouse_configuration() {
    update_query='UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash'
    [ -z "$as_installed" ] || update_query=
    set -- "$(cat "$source_dir/systemd/gatehouse.toml")"
    for setting in \
        "server listen $(toml_string "unix:$fcgi_socket")" \
        "mysql socket $(toml_string "$mysql_socket")" \
        "mysql database $(toml_string "$mysql_database")" \
        "mysql user $(toml_string gatehouse)" \
        "mysql password_file $(toml_string "$dir/mysql.password")" \
        "session key_file $(toml_string "$dir/session.keys")" \
        "guard free_guesses 100000" \
        "guard strangers_free_guesses 100000" \
        "guard close_after 100000" \
        "guard address_free_guesses 100000" \
        "guard network_free_guesses 100000" \
        "user update_query $(toml_string "$update_query")"; do
        section=${setting%% *} setting=${setting#* }
        [ "$section:${GATEHOUSE_STACK_LIMITS:-}" != guard:installed ] || continue
        set -- "$(printf '%s\n' "$1" | set_key "$section" "${setting%% *}" "${setting#* }")" ||
            fail "systemd/gatehouse.toml has no ${setting%% *} in [$section]"
    done
    printf '%s\n' "$1"
}

# HTTP/2 is a directive since nginx 1.25.1, which warns of the parameter; older ones know the parameter alone.
name_http2() {
    version=$(nginx -v 2>&1 | sed 's|.*/||; s| .*||')
    if [ "$(printf '%s\n' 1.25.1 "$version" | sort -V | head -n 1)" = 1.25.1 ]; then
        http2_parameter='' http2_directive='http2 on;'
    else
        http2_parameter=' http2' http2_directive=''
    fi
}

# The project's nginx files, with the stack's socket and ports in their one line each.
copy_nginx_files() {
    rm -rf "$dir/nginx/gatehouse"
    cp -R "$source_dir/nginx" "$dir/nginx/gatehouse"
    sed "s|unix:/run/gatehouse/fcgi.sock|unix:$fcgi_socket|" "$source_dir/nginx/upstream.conf" \
        >"$dir/nginx/gatehouse/upstream.conf"
    cmake -D OUT="$dir/nginx/gatehouse/html" -D CONF="$dir/nginx/gatehouse/snippets/languages.conf" \
        -P "$source_dir/nginx/pages/pages.cmake" >"$dir/log/pages.log" 2>&1 ||
        fail 'the pages could not be made' "$dir/log/pages.log"
    echo "root $dir/nginx/gatehouse/html;" >"$dir/nginx/gatehouse/snippets/root.conf"
    name_http2
    # All tests come from one address.
    if [ "${GATEHOUSE_STACK_LIMITS:-}" != installed ]; then
        sed -i 's/^limit_req/# &/' "$dir/nginx/gatehouse/snippets/login-limit.conf"
        no_limit='s|^ *limit_req.*||;'
    else
        no_limit=
    fi
    sed "$no_limit s|^ *listen .*|    listen 127.0.0.1:$port;\\
    listen 127.0.0.1:$tls_port ssl$http2_parameter;\\
    $http2_directive\\
    ssl_certificate tls.crt;\\
    ssl_certificate_key tls.key;\\
    include gatehouse/tls.conf;\\
    include demo.conf;|" "$source_dir/nginx/tutorial.conf" \
        >"$dir/nginx/gatehouse/tutorial.conf"
}

# Paths are taken from nginx's prefix (-p, the folder of the stack) and from this file's folder.
nginx_configuration() {
    cat <<END
user root;
daemon off;
worker_processes auto;
worker_rlimit_nofile 16384;
pid nginx/nginx.pid;
error_log log/nginx.log warn;
events {
    worker_connections 8192;
}
http {
    access_log off;
    client_body_temp_path nginx/tmp;
    fastcgi_temp_path nginx/tmp;
    proxy_temp_path nginx/tmp;
    scgi_temp_path nginx/tmp;
    uwsgi_temp_path nginx/tmp;

    # So that a test can speak for clients of other addresses.
    set_real_ip_from 127.0.0.1;
    real_ip_header Test-Client-Address;

    include /etc/nginx/mime.types;
    map \$http_upgrade \$connection_upgrade {
        default upgrade;
        ""      close;
    }

    include gatehouse/http.conf;
    include gatehouse/tutorial.conf;

    # The backend's internal routes, for stack.sh alone.
    server {
        listen unix:$internal_socket;
        location / {
            include gatehouse/params.conf;
            fastcgi_param GATEHOUSE_INTERNAL 1;
            fastcgi_pass gatehouse;
        }
    }
}
END
}

make_certificate() {
    [ ! -s "$dir/nginx/tls.crt" ] || return 0
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
        -keyout "$dir/nginx/tls.key" -out "$dir/nginx/tls.crt") >"$dir/log/openssl.log" 2>&1 ||
        fail 'openssl made no certificate' "$dir/log/openssl.log"
}

# shell_quote TEXT: one word for a shell, whatever it holds.
shell_quote() {
    printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

write_env() {
    while read -r name value; do
        printf '%s=%s\n' "$name" "$(shell_quote "$value")"
    done >"$dir/stack.env.new" <<END
URL http://127.0.0.1:$port
TLS_URL https://127.0.0.1:$tls_port
STACK_DIR $dir
GATEHOUSE $binary
GATEHOUSE_CONF $gatehouse_conf
GATEHOUSE_PID $(cat "$dir/gatehouse.pid")
FCGI_SOCKET $fcgi_socket
MYSQL_SOCKET $mysql_socket
MYSQL_DATABASE $mysql_database
MYSQL_PID $(cat "$dir/mysql.pid")
PHP_SOCKET $php_socket
APP_SOCKET $app_socket
NGINX_CONF $nginx_conf
NGINX_PID $(cat "$dir/nginx.pid")
END
    mv -f "$dir/stack.env.new" "$dir/stack.env"
}

print_limits() {
    if [ "${GATEHOUSE_STACK_LIMITS:-}" = installed ]; then
        echo 'Its limits on guesses are those of an installation.'
    else
        echo 'Its limits on guesses are raised to 100000, so that wrong passwords make nobody wait. To see them work, start it'
        echo 'with GATEHOUSE_STACK_LIMITS=installed.'
    fi
}

print_hints() {
    cat <<END
Gatehouse answers on http://localhost:$port and https://localhost:$tls_port
(certificate: $dir/nginx/tls.crt). Its variables for a shell:
  . $(shell_quote "$dir/stack.env")
Pages for a browser: http://localhost:$port/demo/ (user roy, password roy; or admin, admin).
$(print_limits)
Try:
  curl -i http://localhost:$port/
  curl -i -c /tmp/cookies -H 'Content-Type: application/json' \\
      -d '{"username":"roy","password":"roy"}' http://localhost:$port/login
  curl -i -b /tmp/cookies http://localhost:$port/
  curl -i -b /tmp/cookies http://localhost:$port/sessions
  curl -i -b /tmp/cookies http://localhost:$port/logout
End it:
  sh $(shell_quote "$source_dir/tests/stack.sh") down --dir $(shell_quote "$dir")
END
}
