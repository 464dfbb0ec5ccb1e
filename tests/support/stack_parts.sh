# shellcheck shell=sh disable=SC2154
# The three programs of a stack: each with prepare_ (files; stops what runs with other ones),
# running_, start_ (returns when it is there) and stop_. Sourced by stack.sh.

# As many descriptors as a test of thousands of connections wants.
# shellcheck disable=SC3045 # dash and bash have ulimit -n
raise_descriptors() {
    ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
}

alive_or() {
    ! kill -0 "$(cat "$1")" 2>/dev/null || "$2"
}

# await PART CONDITION LOG: until the condition holds; fails when the part ends before, or in 60 s
# (a ThreadSanitizer build is slow).
await() {
    within 60 alive_or "$dir/$1.pid" "$2" || fail "$1 did not come up in 60 s" "$3"
    "$2" || fail "$1 ended" "$3"
}

# --- MariaDB

as_root_in_mysql() {
    mariadb --no-defaults -uroot -S "$mysql_socket" "$@"
}

run_sql() {
    as_root_in_mysql "$@" >>"$dir/log/sql.log" 2>&1 ||
        fail 'MariaDB refused what sql/ says' "$dir/log/sql.log"
}

mysql_answers() {
    as_root_in_mysql -e 'SELECT 1' >/dev/null 2>&1
}

prepare_mysql() {
    [ ! -e "$mysql_data/loaded" ] || return 0
    stop_mysql
    rm -rf "$mysql_data"
    # --force: it is content without a lookup of the host's name (a chroot has no /etc/hosts).
    mkdir -p "$mysql_tmp"
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$mysql_data" --skip-test-db \
        --tmpdir="$mysql_tmp" --force --auth-root-authentication-method=normal \
        >"$dir/log/mysql-install.log" 2>&1 9>&- ||
        fail 'mariadb-install-db failed' "$dir/log/mysql-install.log"
}

running_mysql() {
    running "$dir/mysql.pid" "--datadir=$mysql_data"
}

start_mysql() {
    start "$dir/mysql.pid" "$dir/log/mysql.log" mariadbd --no-defaults --user="$(id -un)" \
        --datadir="$mysql_data" --tmpdir="$mysql_tmp" --socket="$mysql_socket" \
        --pid-file="$mysql_data/pid" \
        --skip-networking --skip-log-bin --innodb-buffer-pool-size=64M
    await mysql mysql_answers "$dir/log/mysql.log"
    [ -e "$mysql_data/loaded" ] || load_sql
}

load_sql() {
    (umask 077 && openssl rand -hex 16 >"$dir/mysql.password")
    run_sql -e "CREATE DATABASE $mysql_database"
    for file in schema sample grants; do
        run_sql "$mysql_database" <"$source_dir/sql/$file.sql"
    done
    run_sql -e "ALTER USER gatehouse@localhost IDENTIFIED BY '$(cat "$dir/mysql.password")'"
    : >"$mysql_data/loaded"
}

stop_mysql() {
    stop "$dir/mysql.pid" "--datadir=$mysql_data"
}

# --- Gatehouse

# gatehouse.toml as it was made lies beside it: the one of somebody who tries settings is theirs.
prepare_gatehouse() {
    if [ -e "$gatehouse_conf" ] && [ -e "$gatehouse_conf.made" ] && ! cmp -s "$gatehouse_conf" "$gatehouse_conf.made"; then
        echo "$gatehouse_conf was edited and stays as it is. (To have it written anew, remove it.)"
    else
        gatehouse_configuration >"$gatehouse_conf.made"
        if replace_if_other "$gatehouse_conf" <"$gatehouse_conf.made"; then
            stop_gatehouse
        fi
    fi
    # A program that was built anew since.
    if running_gatehouse && [ "$(readlink "/proc/$(cat "$dir/gatehouse.pid")/exe")" != "$binary" ]; then
        stop_gatehouse
    fi
    "$binary" migrate --config "$gatehouse_conf" >"$dir/log/migrate.log" 2>&1 ||
        fail 'gatehouse migrate failed' "$dir/log/migrate.log"
    [ -n "$as_installed" ] ||
        run_sql "$mysql_database" -e "GRANT UPDATE (password) ON user TO gatehouse@localhost"
    load_demo
    [ -e "$dir/session.keys" ] || "$binary" init --config "$gatehouse_conf" \
        >"$dir/log/init.log" 2>&1 || fail 'gatehouse init failed' "$dir/log/init.log"
}

running_gatehouse() {
    running "$dir/gatehouse.pid" "serve --config $gatehouse_conf"
}

fcgi_socket_there() {
    [ -S "$fcgi_socket" ]
}

start_gatehouse() {
    rm -f "$fcgi_socket"
    start "$dir/gatehouse.pid" "$dir/log/gatehouse.log" \
        env "$(sed -n 's/^Environment=//p' "$source_dir/systemd/gatehouse.service")" \
        "$binary" serve --config "$gatehouse_conf"
    await gatehouse fcgi_socket_there "$dir/log/gatehouse.log"
}

stop_gatehouse() {
    stop "$dir/gatehouse.pid" "serve --config $gatehouse_conf"
}

# --- nginx

prepare_nginx() {
    make_certificate
    copy_nginx_files
    copy_demo
    nginx_configuration >"$nginx_conf"
    if cat "$nginx_conf" "$dir"/nginx/*.conf "$dir"/nginx/gatehouse/*.conf \
        "$dir"/nginx/gatehouse/snippets/*.conf | replace_if_other "$dir/nginx/all"; then
        stop_nginx
    fi
}

running_nginx() {
    running "$dir/nginx.pid" "-c $nginx_conf"
}

# Asked on a socket of its own: on the port another program might answer.
nginx_answers() {
    curl -s -o /dev/null --max-time 5 --unix-socket "$internal_socket" http://stack/
}

# port_is_free PORT
port_is_free() {
    /usr/bin/python3 -c 'import socket, sys
with socket.socket() as place:
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", int(sys.argv[1])))' "$1" 2>/dev/null
}

# Fails where another program has a port of ours.
demand_ports() {
    running_nginx || stop_nginx # its workers may be left, and have the ports
    for wanted_port in "$port" "$tls_port"; do
        if running_nginx && grep -q "listen 127.0.0.1:${wanted_port}[ ;]" "$dir/nginx/gatehouse/tutorial.conf"; then
            continue
        fi
        port_is_free "$wanted_port" || fail "port $wanted_port is in use: choose another N with --port N (it takes N and N + 443)"
    done
}

start_nginx() {
    rm -f "$internal_socket"
    start "$dir/nginx.pid" /dev/null nginx -e "$dir/log/nginx.log" -p "$dir" \
        -c "$nginx_conf"
    await nginx nginx_answers "$dir/log/nginx.log"
}

stop_nginx() {
    stop "$dir/nginx.pid" "-c $nginx_conf"
}

# --- all of them

answers() {
    [ "$(curl -s -o /dev/null --max-time 5 -w '%{http_code}' "$@")" = "$wanted" ]
}

# Gatehouse has MySQL; nginx hands on what it gets, plain and over TLS.
await_answers() {
    wanted=200 within 60 answers --unix-socket "$internal_socket" http://stack/readyz ||
        fail 'gatehouse is not ready' "$dir/log/gatehouse.log"
    wanted=401 within 10 answers "http://127.0.0.1:$port/" ||
        fail "http://127.0.0.1:$port/ does not answer 401" "$dir/log/nginx.log"
    wanted=401 within 10 answers --cacert "$dir/nginx/tls.crt" "https://127.0.0.1:$tls_port/" ||
        fail "https://127.0.0.1:$tls_port/ does not answer 401" "$dir/log/nginx.log"
}
