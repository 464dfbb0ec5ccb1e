"""The stack under test: tests/stack.sh up, and hands on its processes."""
import hashlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import tomllib
from pathlib import Path

import used_secrets
from processes import Child, adopt_orphans, spawn
from visitor import Site
from waiting import allow, eventually

STACK_SH = Path(__file__).resolve().parents[2] / "stack.sh"
REPORTS = re.compile(
    r"ERROR: (Address|Leak)Sanitizer|WARNING: ThreadSanitizer|runtime error:|terminate called")


class Database:
    """The stack's own MariaDB: stopped, killed, frozen, and brought back on the same data."""

    def __init__(self, env):
        self.socket = env["MYSQL_SOCKET"]
        self.name = env["MYSQL_DATABASE"]
        self._log = Path(env["STACK_DIR"]) / "log/mysql.log"
        self._child = Child(int(env["MYSQL_PID"]))
        self._argv = self._child.argv()

    def stop(self):
        self._child.send_signal(signal.SIGCONT)
        self._child.stop(allow(20))

    def kill(self):
        self._child.stop(allow(5), signal.SIGKILL)

    def freeze(self):
        self._child.freeze()

    def thaw(self):
        self._child.send_signal(signal.SIGCONT)

    def start(self):
        """Returns as soon as it greets, polled each few milliseconds."""
        self._child = spawn(self._argv, self._log)
        eventually(self.greets, allow(20), every=0.005, what="MariaDB is back")

    def bring_back(self):
        self.thaw()
        if not self._child.running:
            self.start()

    def greets(self):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(1)
            try:
                peer.connect(self.socket)
                # Protocol 10 is a greeting; 0xff would be an error packet.
                return peer.recv(5)[4:5] == b"\n"
            except OSError:
                return False

    def run(self, sql):
        done = subprocess.run(
            ["mariadb", "--no-defaults", "-uroot", "-N", "-S", self.socket, self.name],
            input=sql, text=True, capture_output=True, check=True)
        return done.stdout


def _sql(text):
    return f"CONVERT(X'{text.encode().hex()}' USING utf8mb4)"


class Stack:
    """One private stack on its own ports. Ends with `down`, which judges how gatehouse ended."""

    def __init__(self, port, *how):
        """`how`: the words for stack.sh; `up --as-installed` without."""
        adopt_orphans()
        self.dir = Path(tempfile.mkdtemp(prefix="gatehouse-e2e-"))
        self.dir.chmod(0o755)  # nginx's workers must reach the socket in it
        self.logs = self.dir / "log"  # what `down` leaves there
        self.logs.mkdir()
        self._run_script(*(how or ("up", "--as-installed")), "--port", str(port))
        self.env = self._read_env()
        self.fcgi_socket = self.env["FCGI_SOCKET"]
        self.gatehouse = Child(int(self.env["GATEHOUSE_PID"]))
        self.nginx = Child(int(self.env["NGINX_PID"]))
        self.database = Database(self.env)

    def _run_script(self, verb, *options):
        # Not through pipes: the daemons would hold them open.
        log = self.logs / f"stack-{verb}.log"
        with open(log, "w", encoding="utf-8") as output:
            done = subprocess.run(
                ["sh", str(STACK_SH), verb, "--dir", str(self.dir), *options],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        assert done.returncode == 0, f"stack.sh {verb} failed:\n{log.read_text()}"

    def _read_env(self):
        lines = (self.dir / "stack.env").read_text().splitlines()
        pairs = (shlex.split(line)[0].split("=", 1) for line in lines if "=" in line)
        return dict(pairs)

    def site(self, scheme="http", mount=""):
        if scheme == "http":
            return Site(self.env["URL"], mount)
        return Site(self.env["TLS_URL"], mount, f"{self.dir}/nginx/tls.crt")

    @property
    def config(self):
        return tomllib.loads(Path(self.env["GATEHOUSE_CONF"]).read_text())

    def command(self, config=None):
        """The command line of one more gatehouse."""
        return [self.env["GATEHOUSE"], "serve", "--config", str(config or self.env["GATEHOUSE_CONF"])]

    def add_row(self, name, stored):
        """A row of the user table with this hash, or another hash for the row that is there."""
        self.database.run(
            f"INSERT INTO user (username, password) VALUES ({_sql(name)}, {_sql(stored)}) "
            "ON DUPLICATE KEY UPDATE password = VALUES(password)")

    def add_user(self, name, password):
        salt = "k1Ud5dzh"
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000).hex()
        self.add_row(name, f"pbkdf2:sha256:1000${salt}${key}")

    def reports(self):
        """What sanitizers and the C++ runtime wrote into any log of the stack."""
        found = []
        for log in self.logs.glob("*.log"):
            text = log.read_text(errors="replace")
            for match in REPORTS.finditer(text):
                found.append(f"{log}: {text[match.start():match.start() + 2000]}")
        return found

    def _write_events(self):
        """What login_event has is searched for secrets as the logs are."""
        texts = "kind, reason, user_id, username, address, user_agent, session, request"
        if self.database.run("SHOW TABLES LIKE 'login_event'"):
            (self.logs / "login_event.log").write_text(self.database.run(f"SELECT {texts} FROM login_event"))

    def down(self):
        code = self.gatehouse.stop(allow(12))
        self.database.bring_back()
        self._write_events()
        self.database.stop()
        told = used_secrets.told_in(self.dir.rglob("*.log"))
        self._run_script("down")
        reports = self.reports()
        assert not told, "secrets stand in a log:\n" + "\n".join(f"{log}: {secret}" for log, secret in told[:20])
        assert not reports, "\n".join(reports)
        assert code == 0, f"gatehouse ended with {code}"
        if not os.environ.get("GATEHOUSE_KEEP_STACK"):
            shutil.rmtree(self.dir)
