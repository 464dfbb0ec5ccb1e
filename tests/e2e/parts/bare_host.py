"""A host as an administrator has it before Gatehouse: nginx, MariaDB and two applications, under a systemd."""
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from booted import Booted

DATA = Path(__file__).resolve().parents[2] / "data/cms"
SOCKET = "/srv/database/server.sock"
ROOT_PASSWORD = "of the root"
ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SITE = """server {{
    listen 80;
    server_name {name};
    root /var/www/{folder};
    index index.html;

    location / {{
        try_files $uri $uri/ =404;
    }}
}}
"""


def phpass(kind, digest, password, salt="mG3k8Zp1"):
    """A hash of WordPress ($P$, MD5) or Drupal ($S$, SHA-512) with 2^13 rounds."""
    value = digest(f"{salt}{password}".encode()).digest()
    for _ in range(2**13):
        value = digest(value + password.encode()).digest()
    text = ""
    for at in range(0, len(value), 3):
        bits = int.from_bytes(value[at:at + 3], "little")
        text += "".join(ALPHABET[bits >> shift & 63] for shift in (0, 6, 12, 18)[:len(value[at:at + 3]) + 1])
    return f"${kind}${ALPHABET[13]}{salt}{text}"[:34 if kind == "P" else 55]


class BareHost(Booted):
    """Its database has a socket and a root password of its own, and nginx runs as the user `nginx`, as that of
    nginx.org does. The users are olga (an editor) and sam of WordPress and petra of Drupal; each password is the name
    with `7` behind it."""

    def __init__(self, tree, folder):
        super().__init__(tree, folder)
        self._jars = Path(folder)
        self.write("etc/mysql/mariadb.conf.d/99-socket.cnf",
                   f"[mariadbd]\nsocket = {SOCKET}\n[client]\nsocket = {SOCKET}\n")
        self.write("etc/hosts", "127.0.0.1 localhost blog.example.com shop.example.com\n")
        self.write("etc/passwd", "nginx:x:990:990:nginx:/nonexistent:/usr/sbin/nologin\n", mode="a")
        self.write("etc/group", "nginx:x:990:\n", mode="a")
        main = self.root / "etc/nginx/nginx.conf"
        assert "user www-data;" in main.read_text()
        main.write_text(main.read_text().replace("user www-data;", "user nginx;"))
        for folder_name in ("blog", "shop"):
            self.write(f"etc/nginx/sites-available/{folder_name}",
                       SITE.format(name=f"{folder_name}.example.com", folder=folder_name))
            link = self.root / f"etc/nginx/sites-enabled/{folder_name}"
            link.symlink_to(f"/etc/nginx/sites-available/{folder_name}")
            for place in ("", "members/", "editors/"):
                self.write(f"var/www/{folder_name}/{place}index.html", f"{folder_name}: the inside of /{place}\n")
        (self.root / "etc/nginx/sites-enabled/default").unlink()

    def write(self, name, text, mode="w"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, mode, encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        return (self.root / name).read_text()

    def install_applications(self):
        """What an administrator did long ago."""
        self.must("install", "-d", "-o", "mysql", "-g", "mysql", str(Path(SOCKET).parent))
        # The first boot of a folder enables every unit there is, also the socket that systemd would hand to MariaDB.
        self.must("systemctl", "disable", "--now", "mariadb.socket")
        self.must("systemctl", "restart", "mariadb.service")
        for name, made in (("wordpress", {"olga": ("P", hashlib.md5), "sam": ("P", hashlib.md5)}),
                           ("drupal", {"petra": ("S", hashlib.sha512)})):
            text = (DATA / f"{name}.sql").read_text()
            for user, (kind, digest) in made.items():
                text = text.replace(f"'{user}', 'HASH'", f"'{user}', '{phpass(kind, digest, user + '7')}'")
            assert "HASH'" not in text
            self.write(f"root/{name}.sql", text)
            self.must("sh", "-c", f"mariadb </root/{name}.sql && rm /root/{name}.sql")
        self.must("mariadb", "-e", f"ALTER USER root@localhost IDENTIFIED BY '{ROOT_PASSWORD}'")
        assert self.run("mariadb", "-e", "SELECT 1").returncode != 0
        self.must("nginx", "-t")
        self.must("systemctl", "restart", "nginx.service")

    def must(self, *command):
        """What the command prints; fails the test where it fails."""
        done = self.run(*command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def query(self, sql):
        self.write("root/.password.cnf", f"[client]\npassword = '{ROOT_PASSWORD}'\n")
        try:
            return self.must("mariadb", "--defaults-extra-file=/root/.password.cnf", "-Ne", sql).strip()
        finally:
            (self.root / "root/.password.cnf").unlink()

    def send(self, path, *options, host="blog.example.com", jar=None):
        """(status, headers and text) of what a visitor gets, by this host's curl; `jar` is the name of a browser."""
        cookies = ["-b", str(self.jar(jar)), "-c", str(self.jar(jar))] if jar else []
        done = self._enter("--net", command=["curl", "-s", "-i", "-m", "20", "--resolve", f"{host}:80:127.0.0.1",
                                             *cookies, *options, f"http://{host}{path}"])
        head = done.stdout.split(" ", 2)
        return (int(head[1]) if len(head) > 2 else 0), done.stdout

    def jar(self, name):
        """The file with the cookies of a browser."""
        return self._jars / f"{name}.jar"

    def login(self, user, jar, host="blog.example.com", password=None):
        body = json.dumps({"username": user, "password": password or f"{user}7"})
        return self.send("/gatehouse/login", "-H", "Content-Type: application/json", "-d", body, host=host, jar=jar)

    def main_process(self, unit):
        return self.must("systemctl", "show", "-p", "MainPID", "--value", unit).strip()

    def is_active(self, unit):
        return self.run("systemctl", "is-active", unit).stdout.strip() == "active"

    def put(self, package):
        """The package's path in there."""
        shutil.copy(package, self.root / "root/gatehouse.deb")
        return "/root/gatehouse.deb"

    def files(self):
        """The files of the host that a package could leave, without what servers write."""
        listing = subprocess.run(["find", "etc", "usr", "var", "opt", "srv", "root", "home", "-not", "-type", "d",
                                  "-not", "-path", "var/lib/mysql/*", "-not", "-path", "var/log/*",
                                  "-not", "-path", "var/lib/dpkg/*", "-not", "-path", "var/cache/*",
                                  "-not", "-path", "var/tmp/*", "-not", "-path", "srv/database/*"],
                                 cwd=self.root, capture_output=True, text=True, check=True).stdout
        folders = subprocess.run(["find", "etc", "usr", "var/lib", "-type", "d", "-name", "*gatehouse*", "-not", "-path",
                                  "var/lib/mysql/*"], cwd=self.root, capture_output=True, text=True, check=True).stdout
        return set(listing.split("\n")) | set(folders.split("\n"))
