# shellcheck shell=sh disable=SC2154
# The demonstration that a stack shows under /demo/: php-fpm and a small application, as parts (see
# stack_parts.sh), and the site in nginx. Sourced by stack.sh.

php_configuration() {
    cat <<END
[global]
error_log = $dir/log/php.log
daemonize = no
[demo]
user = root
group = root
listen = $php_socket
listen.mode = 0666
pm = static
pm.max_children = 2
END
}

prepare_php() {
    if php_configuration | replace_if_other "$dir/php-fpm.conf"; then
        stop_php
    fi
}

# The title that php-fpm gives its process.
running_php() {
    running "$dir/php.pid" "($dir/php-fpm.conf)"
}

php_listens() {
    [ -S "$php_socket" ] && running_php
}

# --allow-to-run-as-root: a container has nobody else.
start_php() {
    rm -f "$php_socket"
    start "$dir/php.pid" "$dir/log/php.log" "$(php_fpm)" --allow-to-run-as-root --nodaemonize \
        --fpm-config "$dir/php-fpm.conf"
    await php php_listens "$dir/log/php.log"
}

stop_php() {
    stop "$dir/php.pid" "$dir/php-fpm.conf"
}

prepare_app() {
    if replace_if_other "$dir/app.py" <"$source_dir/tests/support/demo/app.py"; then
        stop_app
    fi
}

running_app() {
    running "$dir/app.pid" "$dir/app.py $app_socket"
}

app_listens() {
    [ -S "$app_socket" ]
}

start_app() {
    rm -f "$app_socket"
    start "$dir/app.pid" "$dir/log/app.log" /usr/bin/python3 "$dir/app.py" "$app_socket"
    await app app_listens "$dir/log/app.log"
}

stop_app() {
    stop "$dir/app.pid" "$dir/app.py"
}

# The user admin and their role.
load_demo() {
    run_sql "$mysql_database" <"$source_dir/tests/support/demo/demo.sql"
}

copy_demo() {
    rm -rf "$dir/nginx/demo"
    cp -R "$source_dir/tests/support/demo" "$dir/nginx/demo"
    sed "s|FOLDER|$dir/nginx/demo|; s|unix:PHP|unix:$php_socket|; s|unix:APP|unix:$app_socket|" \
        "$source_dir/tests/support/demo/demo.conf" >"$dir/nginx/demo.conf"
    if [ "${GATEHOUSE_STACK_LIMITS:-}" = installed ]; then
        sed -i '/id="limits"/d' "$dir/nginx/demo/index.html"
    fi
    [ -n "$as_installed" ] || name_demo
}

# The pages of Gatehouse bear the name of the demonstration, and lead to it.
name_demo() {
    sed "s|\"\"; *# Sailing Club|\"Gatehouse, a demonstration\";|; s|\"\"; *# /members/|\"/demo/\";|" \
        "$source_dir/nginx/snippets/links.conf" >"$dir/nginx/gatehouse/snippets/links.conf"
}
