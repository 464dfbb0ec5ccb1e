"""A host for `gatehouse init`: this machine's, with an /etc, a /run and a network of its own.

A MariaDB with a root password on a socket elsewhere, an nginx whose workers run as `nginx`, two applications with
the table prefix `x7_`, tables that only look like users, and Gatehouse's files for nginx."""
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from conversation import Conversation
from processes import spawn
from waiting import allow, eventually

SOURCE = Path(__file__).resolve().parents[3]
ROOT_PASSWORD = "of the 'root'"
SOCKET = "/run/elsewhere/mariadb.sock"
LOOPBACK_UP = ("import fcntl, socket, struct; "
               "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x41))")
# What systemd does for gatehouse.socket and gatehouse.service.
SERVE = """
import grp, os, pwd, socket, sys
path, group, user, binary, config = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
os.chown(path, 0, grp.getgrnam(group).gr_gid)
os.chmod(path, 0o660)
listener.listen(64)
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)  # dup2() leaves it as it was if it was 3 already
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
entry = pwd.getpwnam(user)
os.setgroups([])
os.setgid(entry.pw_gid)
os.setuid(entry.pw_uid)
os.execv(binary, [binary, "serve", "--config", config])
"""
NGINX = """
user nginx;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events { worker_connections 64; }
http {
    access_log off;
    include mime.types;
    include conf.d/*.conf;
    include sites-enabled/*;
}
"""
SHOP = """server {
    listen 80;
    server_name shop.example www.shop.example;
    root /run/www;

    location / {
        try_files $uri $uri/ =404;
    }
}
"""
OTHER = SHOP.replace("shop.example www.shop.example", "other.example").replace("/run/www", "/run/other")
TABLES = Path(__file__).with_name("init_host.sql").read_text


class BareHost:
    """A context manager, about three seconds from nothing."""

    def __init__(self, folder, binary):
        self.folder = Path(folder)
        self.binary = binary
        self._holder = None
        self._children = []

    def __enter__(self):
        self.folder.chmod(0o755)
        shutil.copytree("/etc", self.folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
        for name in ("backups", "lib", "log"):
            (self.folder / name).mkdir()
        etc = self.folder / "etc"
        shutil.rmtree(etc / "gatehouse", ignore_errors=True)
        self._add_nginx(etc)
        script = (f"mount --bind {etc} /etc && mount -t tmpfs -o mode=755 tmpfs /run && "
                  f"mount --bind {self.folder}/backups /var/backups && "
                  f"mount --bind {self.folder}/lib /var/lib/nginx && "
                  f"mount --bind {self.folder}/log /var/log/nginx && mkdir -p /run/www/members && "
                  "echo 'for members' >/run/www/members/page.html && echo everyone >/run/www/index.html && "
                  "touch /run/ready && exec sleep infinity")
        self._holder = spawn(["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", script],
                             self.folder / "holder.log")
        eventually(lambda: self.run("test", "-e", "/run/ready").returncode == 0, allow(10),
                   what="the host's own folders")
        self.must_run("/usr/bin/python3", "-c", LOOPBACK_UP)
        self._start_database()
        self._start_nginx()
        return self

    def __exit__(self, *_):
        for child in reversed(self._children):
            if child.running:
                child.stop(allow(20))
        self._holder.stop(allow(5))

    @staticmethod
    def _add_nginx(etc):
        nginx = etc / "nginx"
        for name in ("sites-enabled", "sites-available", "conf.d", "gatehouse"):
            shutil.rmtree(nginx / name, ignore_errors=True)
            (nginx / name).mkdir()
        for path in [*(SOURCE / "nginx").glob("*.conf"), *(SOURCE / "nginx").glob("snippets/*.conf")]:
            target = nginx / "gatehouse" / path.relative_to(SOURCE / "nginx")
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
        (nginx / "conf.d/gatehouse.conf").write_text("include gatehouse/http.conf;\n")
        (nginx / "nginx.conf").write_text(NGINX)
        (nginx / "sites-available/shop").write_text(SHOP)
        (nginx / "sites-enabled/shop").symlink_to("../sites-available/shop")
        (nginx / "sites-available/other").write_text(OTHER)
        (nginx / "sites-enabled/other").symlink_to("../sites-available/other")
        for name, line in (("passwd", "nginx:x:990:990::/nonexistent:/usr/sbin/nologin\n"),
                           ("group", "nginx:x:990:\n"), ("shadow", "nginx:!:19000::::::\n")):
            lines = [one for one in (etc / name).read_text().splitlines(True)
                     if not one.startswith(("nginx:", "gatehouse"))]
            (etc / name).write_text("".join(lines) + line)

    def _inside(self, words):
        return ["nsenter", "--mount", "--net", "--target", str(self._holder.pid), "--", *words]

    def run(self, *words, text="", env=None):
        return subprocess.run(self._inside(words), input=text, capture_output=True, text=True, timeout=allow(60),
                              check=False, env=env)

    def must_run(self, *words, text=""):
        done = self.run(*words, text=text)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *words, log):
        child = spawn(self._inside(words), self.folder / log)
        self._children.append(child)
        return child

    def _tmp(self):
        """A server clears at its start what others left in its folder for temporary files."""
        path = self.folder / "tmp"
        path.mkdir(exist_ok=True)
        return path

    def _start_database(self):
        data = self.folder / "data"
        subprocess.run(["mariadb-install-db", "--no-defaults", "--user=root", "--force", f"--datadir={data}",
                        "--auth-root-authentication-method=normal", "--skip-test-db", f"--tmpdir={self._tmp()}"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.must_run("mkdir", "/run/elsewhere")
        self.start("mariadbd", "--no-defaults", "--user=root", f"--datadir={data}", f"--socket={SOCKET}",
                   f"--pid-file={data}/pid", f"--tmpdir={self._tmp()}", "--skip-networking", "--skip-log-bin",
                   "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0", log="mariadb.log")
        eventually(lambda: self._sql("SELECT 1", "").returncode == 0, allow(30), what="MariaDB is there")
        self._password = ""
        done = self._sql(TABLES(), "")
        assert done.returncode == 0, done.stderr
        quoted = ROOT_PASSWORD.replace("'", "''")
        assert self._sql(f"ALTER USER root@localhost IDENTIFIED BY '{quoted}'", "").returncode == 0

    def _sql(self, text, password):
        return self.run("mariadb", "--no-defaults", "-N", "-uroot", "-S", SOCKET, f"--password={password}",
                        "-e", text)

    def sql(self, text):
        done = self._sql(text, ROOT_PASSWORD)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start_nginx(self):
        self.start("nginx", "-g", "daemon off;", log="nginx.log")
        eventually(lambda: self.ask("/") == 200, allow(10), what="nginx is there")

    def ask(self, path, port=80, name="shop.example"):
        """The status of what a stranger gets, 0 without an answer."""
        code = (f"import http.client; c = http.client.HTTPConnection('127.0.0.1', {port}, timeout=5); "
                f"c.request('GET', {path!r}, headers={{'Host': {name!r}}}); print(c.getresponse().status)")
        done = self.run("/usr/bin/python3", "-c", code)
        return int(done.stdout or 0)

    def serve(self):
        """The service, as systemd starts it."""
        child = self.start("/usr/bin/python3", "-c", SERVE, "/run/gatehouse/fcgi.sock", "nginx", "gatehouse",
                           self.binary, "/etc/gatehouse/gatehouse.toml", log="gatehouse.log")
        eventually(lambda: self.run("test", "-S", "/run/gatehouse/fcgi.sock").returncode == 0, allow(10),
                   what="the socket")
        return child

    def init(self, *words, path=""):
        """`gatehouse init` without a terminal, with the password of root in a file, and a folder before PATH."""
        secret = self.folder / "root.password"
        secret.write_text(ROOT_PASSWORD + "\n")
        secret.chmod(0o600)
        # A strict umask must not keep the service from its files.
        strict = ["sh", "-c", 'umask 077; exec "$0" "$@"']
        return self.run("setsid", "--wait", *strict, self.binary, "init", "--admin-password-file", str(secret), *words,
                        env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}"} if path else None)

    def converse(self, *words):
        """`gatehouse init` at a terminal."""
        return Conversation(self._inside([self.binary, "init", *words]))

    def state(self):
        """Everything that init may change: the files of /etc and /run, accounts, rights, databases and tables."""
        digest = hashlib.sha256()
        for top in ("/etc", "/run"):
            digest.update(self.must_run("sh", "-c", f"find {top} -xdev -not -type s -not -path '/run/nginx.pid' "
                                        "-printf '%p %m %u %g %l\\n' | sort").encode())
        digest.update(self.must_run("sh", "-c", "find /etc -xdev -type f -exec sha256sum {} + | sort").encode())
        digest.update(self.sql(
            "SELECT Host, User, JSON_VALUE(Priv, '$.plugin') FROM mysql.global_priv ORDER BY 1, 2;"
            "SELECT * FROM mysql.tables_priv ORDER BY 1, 2, 3, 4;"
            "SELECT Host, Db, User, Table_name, Column_name, Column_priv FROM mysql.columns_priv"
            " ORDER BY 1, 2, 3, 4, 5;"
            "SELECT table_schema, table_name FROM information_schema.tables ORDER BY 1, 2; SHOW DATABASES").encode())
        return digest.hexdigest()

    def site(self, name="shop"):
        return (self.folder / "etc/nginx/sites-available" / name).read_text()

    def write_site(self, text, name="shop"):
        """Returns when nginx answers by it: its old workers answer until the new ones are there."""
        (self.folder / "etc/nginx/sites-available" / name).write_text(text)
        before = self._workers()
        self.must_run("nginx", "-s", "reload")
        eventually(lambda: (now := self._workers()) and not now & before, allow(20), what="nginx has read the site")

    def nginx_master(self):
        return int(self.must_run("cat", "/run/nginx.pid"))

    def _workers(self):
        """The process ids of those that take connections."""
        master, workers = self.nginx_master(), set()
        for child in Path(f"/proc/{master}/task/{master}/children").read_text().split():
            try:
                title = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if title.startswith(b"nginx: worker process") and b"shutting down" not in title:
                workers.add(int(child))
        return workers

    def grants(self):
        return self.sql("SHOW GRANTS FOR gatehouse@localhost")

    def configuration(self):
        return (self.folder / "etc/gatehouse/gatehouse.toml").read_text()
