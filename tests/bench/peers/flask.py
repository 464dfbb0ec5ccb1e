"""The tutorial's application (files/app.py) on the two servers that Flask's manual names first."""

import json
import secrets
import shutil

from . import database
from .peer import PBKDF2, WORKERS, Peer, Request, first_line
from .tree import FILES, inside, one


class Flask(Peer):
    hash = PBKDF2  # Werkzeug writes and reads its own forms alone
    page = Request("/")
    file = Request("/files/file.html")

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(FILES / "app.py", self.folder)
        (self.folder / "settings.json").write_text(json.dumps({
            "secret": secrets.token_hex(32),
            "mysql": {"unix_socket": self.arena.env["MYSQL_SOCKET"], "database": self.arena.env["MYSQL_DATABASE"],
                      "user": database.ACCOUNT, "password": database.ACCOUNT_PASSWORD}}))

    def server(self):
        asked = self.asked()
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                location / {{ {asked} }}
                location = /asked {{ internal; {asked} {self.without_body} }}
                location ^~ /files/ {{ auth_request /asked; }}
            }}
        """

    def version(self):
        script = "import flask, werkzeug; print(flask.__version__, 'with Werkzeug', werkzeug.__version__)"
        return f"{self.server_version()}, Flask {first_line(inside(['python3', '-c', script]), r'[0-9].*')}"

    def login_request(self, user, password):
        return Request("/login", "POST", {"Content-Type": "application/json"},
                       json.dumps({"username": user, "password": password}))

    def session_of(self, answer):
        session = answer.cookie("session") if answer.status == self.accepted else None
        return {"Cookie": f"session={session}"} if session else None


class Uwsgi(Flask):
    name = "flask-uwsgi"
    advice = ("uWSGI's manual, \"Things to know\": master, need-app, die-on-term, vacuum, single-interpreter; a unix socket "
              "and nginx's uwsgi_pass, which keeps no connection. Request logging is off, as nginx's is")
    without_body = 'uwsgi_pass_request_body off; uwsgi_param CONTENT_LENGTH "";'

    def asked(self):
        return f"include /etc/nginx/uwsgi_params; uwsgi_pass unix:{self.socket};"

    def prepare(self):
        super().prepare()
        plugin = one("usr/lib/uwsgi/plugins/python3*_plugin.so").rpartition("/")[2].removesuffix("_plugin.so")
        (self.folder / "uwsgi.ini").write_text(f"""[uwsgi]
strict = true
plugins-dir = /usr/lib/uwsgi/plugins
plugin = {plugin}
master = true
processes = {WORKERS}
single-interpreter = true
need-app = true
die-on-term = true
vacuum = true
disable-logging = true
listen = 128
chdir = {self.folder}
module = app:app
socket = {self.socket}
chmod-socket = 666
""")

    def command(self):
        return inside(["uwsgi-core", "--ini", self.folder / "uwsgi.ini"])

    def server_version(self):
        return f"uWSGI {first_line(inside(['uwsgi-core', '--version']))}"

    def settings(self):
        return {"processes": WORKERS, "master": True, "listen": 128}


class Gunicorn(Flask):
    name = "flask-gunicorn"
    advice = ("gunicorn's manual: 2 workers for each core and one more, of its default kind (sync), behind nginx by a unix "
              "socket; the workers' files in memory (--worker-tmp-dir /dev/shm). Sync workers keep no connection")
    without_body = 'proxy_pass_request_body off; proxy_set_header Content-Length "";'

    def asked(self):
        return (f"proxy_pass http://unix:{self.socket}; proxy_redirect off; proxy_set_header Host $http_host; "
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
                "proxy_set_header X-Forwarded-Proto $scheme;")

    def command(self):
        return inside(["python3", "/usr/bin/gunicorn", "--workers", WORKERS, "--bind", f"unix:{self.socket}",
                       "--worker-tmp-dir", "/dev/shm", "--umask", "0", "--chdir", self.folder, "app:app"])

    def server_version(self):
        return f"gunicorn {first_line(inside(['python3', '/usr/bin/gunicorn', '--version']))}"

    def settings(self):
        return {"workers": WORKERS, "worker_class": "sync", "backlog": 2048}
