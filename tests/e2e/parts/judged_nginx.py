"""Real nginx as the judge of what `gatehouse check-nginx` says of a configuration."""
import http.client
import os
import shutil
import socket
import subprocess
from pathlib import Path

from processes import spawn
from stand_ins import SECRET, StandIns
from waiting import allow, eventually

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[2]
CONFIGURATIONS = HERE.parent / "nginx_configurations"
AROUND = """
user root;
daemon off;
worker_processes 1;
pid FOLDER/nginx.pid;
error_log FOLDER/error.log info;
events { worker_connections 512; }
http {
access_log off;
server_names_hash_bucket_size 128;
include /etc/nginx/mime.types;
client_body_temp_path FOLDER/tmp;
fastcgi_temp_path FOLDER/tmp;
proxy_temp_path FOLDER/tmp;
scgi_temp_path FOLDER/tmp;
uwsgi_temp_path FOLDER/tmp;
include gatehouse/http.conf;
BODY
}
"""
# Every folder that a configuration protects has these; `secret` is said by what only members may see.
PLACES = {"members": True, "admin": True, "private": True, "wp-admin": True, "public": False, "m": False, "": False}


class Configuration:
    """A file of nginx_configurations/: the inside of nginx's `http {}`. Its head says in comments what a
    stranger asks (`# ask: /members/page.html`), what of the answer is not for them (`# gets: TEXT`, else
    the secret) and the rule that finds it (`# rule: NAME`). `#!` at the end of a line takes it out of the
    mended configuration, `#+` at its beginning puts it in."""

    def __init__(self, path):
        self.path = Path(path)
        self.name = f"{self.path.parent.name}/{self.path.stem}"
        self.text = self.path.read_text()
        self.head = {}
        for line in self.text.splitlines():
            key, colon, value = line.removeprefix("# ").partition(": ")
            if line.startswith("# ") and colon and key.isidentifier():
                self.head.setdefault(key, []).append(value)

    @property
    def asked(self):
        return self.head["ask"]

    @property
    def first(self):
        """What a member asks before."""
        return self.head.get("first", [])

    @property
    def gets(self):
        return self.head.get("gets", [SECRET])[0]

    @property
    def headers(self):
        return dict(line.split(": ", 1) for line in self.head.get("header", []))

    @property
    def rules(self):
        return set(self.head.get("rule", []))

    def mended(self):
        lines = [line for line in self.text.splitlines() if not line.rstrip().endswith("#!")]
        return "\n".join(line.replace("#+ ", "", 1) if line.lstrip().startswith("#+ ") else line for line in lines)


def configurations(kind):
    return [Configuration(path) for path in sorted((CONFIGURATIONS / kind).glob("*.conf"))]


class JudgedNginx:
    """A folder with the snippets, files and stand-ins that each configuration in turn is tried with."""

    def __init__(self, folder, port, binary):
        self.folder = Path(folder)
        self.port = port
        self.binary = binary
        self._stand_ins = StandIns(self.folder)

    def __enter__(self):
        shutil.copytree(SOURCE / "nginx", self.folder / "gatehouse")
        upstream = self.folder / "gatehouse/upstream.conf"
        upstream.write_text(upstream.read_text().replace("/run/gatehouse/fcgi.sock", f"{self.folder}/gatehouse.sock"))
        zone = self.folder / "gatehouse/snippets/auth-cache-zone.conf"
        zone.write_text(zone.read_text().replace("/run/nginx-gatehouse", f"{self.folder}/auth-cache"))
        for place, secret in PLACES.items():
            self._files(self.folder / "www" / place, SECRET if secret else "for everyone")
        for name in ("fastcgi.conf", "fastcgi_params"):
            shutil.copy(f"/etc/nginx/{name}", self.folder)
        (self.folder / "php.conf").write_text(
            "include /etc/nginx/fastcgi_params;\n"
            "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;\n"
            f"fastcgi_pass unix:{self.folder}/php.sock;\n")
        self._stand_ins.__enter__()
        return self

    def __exit__(self, *_):
        self._stand_ins.__exit__()

    @staticmethod
    def _files(folder, text):
        for name in ("index.html", "page.html", "picture.jpg", "style.css", "sub/page.html", "files/page.html"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"{text} [{folder.name}/{name}]")
        for name in ("index.php", "page.php", "sub/page.php"):
            (folder / name).write_text(f"<?php {text} [{folder.name}/{name}]")

    def write(self, body):
        """The path of the whole configuration, which includes gatehouse/ beside it."""
        text = AROUND.replace("BODY", body)
        for port in (3, 2, 1):
            text = text.replace(f"PORT{port}", str(self.port + port))
        for name, value in {"FOLDER": self.folder, "PORT": self.port, "WWW": self.folder / "www"}.items():
            text = text.replace(name, str(value))
        path = self.folder / "nginx.conf"
        path.write_text(text)
        return path

    def _argv(self, *more):
        return ["nginx", "-e", f"{self.folder}/start.log", "-p", str(self.folder), "-c",
                str(self.folder / "nginx.conf"), *more]

    def dump(self):
        """(what `nginx -T` prints, or nothing if nginx does not take the configuration, its errors)."""
        done = subprocess.run(self._argv("-T"), capture_output=True, text=True, check=False)
        return (done.stdout if done.returncode == 0 else None), done.stderr

    def says(self, text):
        """`gatehouse check-nginx --file -` about the output of nginx -T: (exit code, what it prints)."""
        done = subprocess.run([self.binary, "check-nginx", "--file", "-"], input=text, capture_output=True, text=True,
                              timeout=allow(60), check=False)
        return done.returncode, done.stdout + done.stderr

    def serve(self):
        """A context manager: nginx with the configuration that was written."""
        return _Serving(self)


class _Serving:
    def __init__(self, judged):
        self._judged = judged
        self.nginx = None

    def __enter__(self):
        judged = self._judged
        self.nginx = spawn(judged._argv(), judged.folder / "start.log")
        eventually(self._listens, allow(10), what="nginx listens")
        return self

    def __exit__(self, *_):
        self.nginx.stop(allow(10))

    def _listens(self):
        assert self.nginx.running, (self._judged.folder / "start.log").read_text(errors="replace")[-2000:]
        try:
            socket.create_connection(("127.0.0.1", self._judged.port), timeout=1).close()
            return True
        except OSError:
            return False

    def ask(self, address, headers=None):
        """`address` is a path, as it goes over the wire, behind `:1` and so on for another port than the
        first, `@NAME` for a host name. (status, headers and text)."""
        port, host = self._judged.port, "localhost"
        if address.startswith(":"):
            port, address = port + int(address[1]), address[2:]
        if address.startswith("@"):
            host, _, address = address[1:].partition("/")
            address = "/" + address
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=allow(10))
        try:
            connection.putrequest("GET", address, skip_host=True)
            for name, value in {"Host": host, **(headers or {})}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, f"{answer.headers}{answer.read().decode('latin-1')}"
        finally:
            connection.close()


def binary():
    return os.environ.get("GATEHOUSE_BINARY", str(SOURCE / "build/release/fcgi/gatehouse"))
