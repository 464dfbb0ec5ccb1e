"""PHP-FPM with its own sessions and password_verify: the login script of a textbook (files/login.php)."""

import json
import shutil

from . import database
from .peer import WORKERS, Peer, Request, first_line
from .tree import FILES, inside, one, own, tree


class Php(Peer):
    name = "php-fpm"
    advice = ("PHP's manual: password_verify() with password_hash()'s bcrypt; a new session id at the login "
              "(session_regenerate_id); session.use_strict_mode; sessions that are only read are closed at once "
              "(read_and_close); a persistent PDO connection and a prepared statement; OPcache on. Sessions in files, its "
              "default. As many workers as the others have (pm = static); nginx as Debian's snippets/fastcgi-php.conf has "
              "it, with a new connection for each request, since a worker that keeps one serves nobody else")
    page = Request("/")
    file = Request("/files/file.html")

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        own(self.folder / "sessions").chmod(0o700)
        shutil.copy(FILES / "login.php", self.folder)
        (self.folder / "settings.json").write_text(json.dumps({
            "dsn": f"mysql:unix_socket={self.arena.env['MYSQL_SOCKET']};dbname={self.arena.env['MYSQL_DATABASE']};"
                   "charset=utf8mb4",
            "user": database.ACCOUNT, "password": database.ACCOUNT_PASSWORD}))
        production = (tree() / one("usr/lib/php/*/php.ini-production").lstrip("/")).read_text()
        (self.folder / "php.ini").write_text(f"""{production}
zend_extension=opcache
extension=mysqlnd
extension=pdo
extension=pdo_mysql
session.save_path={self.folder}/sessions
session.use_strict_mode=1
session.cookie_httponly=1
session.cookie_samesite=Lax
session.gc_probability=0
""")
        (self.folder / "fpm.conf").write_text(f"""
[global]
error_log = {self.log}
daemonize = no
[www]
user = www-data
group = www-data
listen = {self.socket}
listen.mode = 0666
listen.backlog = 4096
pm = static
pm.max_children = {WORKERS}
""")

    def server(self):
        asked = f"""
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_FILENAME {self.folder}/login.php;
                    fastcgi_pass unix:{self.socket};"""
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                location / {{ {asked} }}
                location = /asked {{
                    internal;
                    fastcgi_pass_request_body off;
                    fastcgi_param CONTENT_LENGTH "";
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param DOCUMENT_URI /asked;
                    fastcgi_param SCRIPT_FILENAME {self.folder}/login.php;
                    fastcgi_pass unix:{self.socket};
                }}
                location ^~ /files/ {{ auth_request /asked; }}
            }}
        """

    def command(self):
        return inside([one("usr/sbin/php-fpm*"), "--allow-to-run-as-root", "--nodaemonize", "-c", self.folder / "php.ini",
                       "--fpm-config", self.folder / "fpm.conf"], PHP_INI_SCAN_DIR="")

    def version(self):
        return first_line(inside([one("usr/sbin/php-fpm*"), "-v"]))

    def settings(self):
        return {"pm": "static", "pm.max_children": WORKERS, "opcache": "on", "session.save_handler": "files"}

    def login_request(self, user, password):
        return Request("/login", "POST", {"Content-Type": "application/json"},
                       json.dumps({"username": user, "password": password}))

    def session_of(self, answer):
        session = answer.cookie("PHPSESSID") if answer.status == self.accepted else None
        return {"Cookie": f"PHPSESSID={session}"} if session else None

    def many_sessions(self, count):
        """Copies of the file of one."""
        first = self.log_in(database.user(self.hash), database.PASSWORD)["Cookie"].partition("=")[2]
        content = (self.folder / f"sessions/sess_{first}").read_bytes()
        names = [f"{number:026d}" for number in range(count)]
        for name in names:
            file = self.folder / f"sessions/sess_{name}"
            file.write_bytes(content)
            shutil.chown(file, "www-data", "www-data")
        return [{"Cookie": f"PHPSESSID={name}"} for name in names]
