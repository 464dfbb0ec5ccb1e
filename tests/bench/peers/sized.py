"""Gatehouse with a given number of sessions, in a database of its own."""

import re
import subprocess
import time

from arena import BUILD
from instance import write_config

from . import front, tokens
from .database import sql
from .gatehouse import FROM, Gatehouse
from .peer import Request

READ_BACK = re.compile(r"(\d+) sessions were read from MySQL in ([\d.]+) s")
ROW_BYTES = 640
PATIENCE = 600  # seconds, for ten million


class Sized(Gatehouse):
    """Subclasses name it and say how many; sized() makes them."""

    count = 0
    hosts = "one"
    advice = "as gatehouse; its sessions lie in a database of their own, and session.capacity holds them all"
    page, file = Request("/", headers=FROM), None

    @property
    def database(self):
        return f"sessions_{self.count}"

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        session = {"database": self.database, "capacity": max(1024, self.count * 5 // 4), "hosts": self.hosts}
        self.config = write_config(self.arena, self.name,
                                   {"server": {"listen": f"unix:{self.socket}"}, "session": session})
        if not sql(self.arena, f"SHOW DATABASES LIKE '{self.database}'"):
            self.make_sessions()

    def make_sessions(self):
        sql(self.arena, f"CREATE DATABASE {self.database}; GRANT ALL ON {self.database}.* TO gatehouse@localhost")
        done = subprocess.run([BUILD / "fcgi/gatehouse", "migrate", "--config", self.config], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f"gatehouse migrate: {done.stderr}")
        # As a server's would, MariaDB's memory holds the table and its indices. (The stack's has 64 MB.)
        wanted = max(64, self.count * ROW_BYTES >> 20) << 20
        sql(self.arena, f"SET GLOBAL innodb_buffer_pool_size = GREATEST(@@innodb_buffer_pool_size, {wanted})")
        tokens.fill(self.arena, self.count, self.database)

    def server(self):
        front.backend(self.arena, self.name, self.socket)
        return f"""
            include gatehouse/upstream-{self.name}.conf;
            server {{
                listen 127.0.0.1:{self.port};
                location / {{ include gatehouse/api-{self.name}.conf; }}
                location @gatehouse_error {{ include gatehouse/error.conf; }}
            }}
        """

    def read_back(self):
        """(sessions, seconds), once it is through."""
        deadline = time.monotonic() + PATIENCE
        while not (found := READ_BACK.search(self.log.read_text())):
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name}: not read back in {PATIENCE} s")
            time.sleep(0.05)
        return int(found[1]), float(found[2])

    def requests(self, most):
        """Home, of so many of its sessions, spread over all."""
        step = max(1, self.count // most)
        return [self.page.within({"Cookie": f"gatehouse={token}"})
                for token in tokens.some(self.arena, range(1, self.count + 1, step))]


def sized(count, name=None, **attributes):
    """A class of its own, as Company wants them."""
    return type(f"Sized{count}", (Sized,), {"count": count, "name": name or f"sessions-{count}", **attributes})
