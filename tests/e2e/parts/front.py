"""An nginx in front of a stack whose servers a test writes itself: nginx is the judge of them."""
import shutil
import socket
import subprocess

from guarded import PHP, SECRET
from processes import spawn
from visitor import Site
from waiting import allow, eventually

CONFIGURATION = """
user root;
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 512; }}
http {{
access_log off;
include /etc/nginx/mime.types;
client_body_temp_path {folder}/tmp;
fastcgi_temp_path {folder}/tmp;
proxy_temp_path {folder}/tmp;
scgi_temp_path {folder}/tmp;
uwsgi_temp_path {folder}/tmp;
map $http_upgrade $connection_upgrade {{ default upgrade; "" close; }}
server_names_hash_bucket_size 128;
include gatehouse/http.conf;
{http}
{servers}
}}
"""
FILES = {"index.html": "the site's first page", "page.html": "a page for everyone", "index.php": PHP,
         "members/page.html": SECRET, "members/index.php": PHP, "admin/page.html": SECRET,
         "office/page.html": SECRET, "sorry.html": "sorry"}


class Front:
    """A context manager. `servers` is nginx's text; FILES in it is the folder of the files, PORT a port
    of its own, PHP and APP the sockets of the stack's PHP and of its small application. A test that has
    many servers tells them apart by name (`ask(..., host=name)`)."""

    def __init__(self, stack, port, servers, http="", files=None, name="front", edits=None):
        """`edits`: {file of nginx/: [(text, other text)]}, made in a copy of the project's files."""
        self._stack = stack
        self.folder = stack.dir / name
        self._edits = edits
        # Beside gatehouse/, which it includes.
        self.conf = (stack.dir / "nginx" if edits is None else self.folder / "nginx") / f"{name}.conf"
        self._port = port
        self._texts = servers, http
        self._files = {**FILES, **(files or {})}
        self.site = Site(f"http://127.0.0.1:{port}")
        self.nginx = None

    def filled(self, text):
        for name, value in {"FILES": self.folder / "files", "PORT": self._port, "FOLDER": self.folder,
                            "PHP_SOCKET": self._stack.env["PHP_SOCKET"],
                            "APP_SOCKET": self._stack.env["APP_SOCKET"]}.items():
            text = text.replace(name, str(value))
        return text

    def _copy(self):
        copy = self.folder / "nginx/gatehouse"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self._stack.dir / "nginx/gatehouse", copy)
        for path, changes in self._edits.items():
            text = (copy / path).read_text()
            for old, new in changes:
                assert old in text, f"{path}: {old}"
                text = text.replace(old, new)
            (copy / path).write_text(text)

    def write(self):
        if self._edits is not None:
            self._copy()
        for path, content in self._files.items():
            (self.folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "files" / path).write_text(content)
        servers, http = (self.filled(text) for text in self._texts)
        self.conf.write_text(CONFIGURATION.format(folder=self.folder, http=http, servers=servers))

    def _argv(self, *more):
        return ["nginx", "-e", f"{self.folder}/start.log", "-p", str(self._stack.dir), "-c", str(self.conf), *more]

    def check(self):
        """What nginx -t says: (whether it takes the configuration, its words)."""
        self.write()
        done = subprocess.run(self._argv("-t"), capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr

    def __enter__(self):
        self.write()
        self.nginx = spawn(self._argv(), self.folder / "start.log")
        eventually(self._listens, allow(10), what=f"nginx: {self.log()}")
        return self

    def __exit__(self, *_):
        self.nginx.stop(allow(10))

    def log(self):
        return (self.folder / "start.log").read_text(errors="replace")[-2000:]

    def errors(self):
        return (self.folder / "error.log").read_text(errors="replace")

    def _listens(self):
        assert self.nginx.running, self.log()
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            return True
        except OSError:
            return False

    def ask(self, path, host="localhost", method="GET", headers=None, **how):
        return self.site.send(method, path, headers={"Host": host, **(headers or {})}, **how)

    def raw(self, text):
        """The status line that nginx answers these bytes with."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=allow(10)) as peer:
            peer.sendall(text.encode("latin-1"))
            return peer.recv(65536).split(b"\r\n")[0].decode("latin-1")


def server(name, body, include="include gatehouse/mount.conf;"):
    """One server of many behind a Front, with the files of the site."""
    return f"server {{ listen 127.0.0.1:PORT; server_name {name}; root FILES; {include}\n{body}\n}}\n"
