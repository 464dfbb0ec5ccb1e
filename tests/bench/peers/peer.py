"""What a peer is: a login service that a bench starts, logs in to and asks, whatever program it is.

All have the same users (database.py), the same number of workers where they have a process for each request, and the
same nginx in front (front.py), if any.
"""

import dataclasses
import http.client
import os
import pathlib
import re
import subprocess

from arena import CLIENTS, Wrk, accepts

WORKERS = 2 * (os.cpu_count() or 1) + 1  # what gunicorn's manual advises; the others' name no number
FILE = "<p>" + "x" * 1000  # what is protected
BCRYPT, PBKDF2, BCRYPT12, PHPASS = "bcrypt", "pbkdf2", "bcrypt-12-", "phpass-"  # kinds of hashes


@dataclasses.dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    headers: dict = dataclasses.field(default_factory=dict)
    body: str = ""

    def within(self, session):
        """The same request of somebody who is logged in; `session` are the headers that log_in() gave."""
        return dataclasses.replace(self, headers={**self.headers, **session})

    def raw(self, port):
        """Its bytes, as HTTP/1.1 writes them."""
        headers = {"Host": f"127.0.0.1:{port}", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body.encode()))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


class Answer:
    """status, headers and body."""

    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def cookie(self, name):
        """The value that this answer sets, or None."""
        for line in self.headers.get_all("Set-Cookie", []):
            found = re.match(rf"{re.escape(name)}=([^;]+)", line)
            if found:
                return found[1]
        return None


class Peer:
    """Subclasses say what they can: PAGE, a page that depends on the session; FILE_PATH, the protected file; and
    login_request() with session_of(), the login."""

    name = ""
    advice = ""  # which advice of its manual it follows, in words
    hash = BCRYPT  # of the users that log in to it
    page = None  # a Request: the page that greets whoever is logged in
    file = None  # a Request: the protected file
    accepted = 200  # the status of a login that works
    gives_cookie = True  # with such a login, and with no other
    closes = False  # whether it closes kept connections when it has much to do; their clients connect again

    def __init__(self, arena, port):
        self.arena, self.port = arena, port
        self.folder = arena.folder / "peers" / self.name
        self.socket = self.folder / "socket"
        self.log = arena.folder / f"log/{self.name}.log"
        self.process = None
        self._written = None  # which requests the file for wrk holds

    def prepare(self):
        """Writes its files and tables."""

    def server(self):
        """Its part of nginx's configuration, at the http level; empty if it has no nginx in front."""
        return ""

    def command(self):
        """How it is started; empty if nginx alone is all of it."""
        return []

    def version(self):
        """As the program itself gives it."""
        return ""

    def settings(self):
        """{name: value}: those that matter for its speed."""
        return {}

    def login_request(self, user, password):
        """The request of a login, or None where there is none. `user` is a name of database.py."""
        return None

    def session_of(self, answer):
        """The headers of a session that this answer to a login has begun, or None if it refused."""
        return None

    def many_sessions(self, count):
        """The headers of so many sessions, or None where that cannot be."""
        return None

    def asked_first(self):
        """What a stranger asks when it starts; the answer says that it is there."""
        return self.page or self.file

    # What all have alike.

    def launch(self):
        """Starts it, and returns at once."""
        if self.command():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.socket.unlink(missing_ok=True)
            self.process = self.arena.spawn(self.command(), self.log)

    def ready(self):
        return accepts(self.socket)

    def start(self):
        """Returns when it accepts connections."""
        self.launch()
        if self.process:
            self.arena.await_child(self.process, self.ready, self.name, self.log)

    def stop(self):
        """Ends it and every process that it has left in its group."""
        if self.process:
            self.arena.end(self.process)
            self.process = None

    def send(self, request, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(request.method, request.path, request.body or None, request.headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def ask(self, request, seconds, clients=CLIENTS):
        """wrk asks it, without a pause; every answer must be a good one."""
        return self.good(Wrk(self.url(request), seconds, headers=request.headers, clients=clients).result())

    def ask_any(self, requests, seconds, clients=CLIENTS, count=False):
        """wrk asks it for these requests, chosen at random; `count`s the answers, or every one must be good."""
        figures = Wrk(self.url(requests[0]), seconds, "requests.lua", clients=clients,
                      arguments=[self.write_requests(requests), *(["count"] if count else [])]).result()
        return figures if count else self.good(figures)

    def good(self, figures):
        """The same, unless answers were refusals or connections broke."""
        if figures.refused or (figures.broken and not self.closes):
            raise SystemExit(f"{self.name}: {figures.refused} answers were refusals; {figures.broken}")
        return figures

    def write_requests(self, requests):
        """The file of them for requests.lua; written once for the same list."""
        file = self.arena.folder / f"{self.name}.requests"
        if self._written is not requests:
            raw = [request.raw(self.port) for request in requests]
            file.write_bytes(b"".join(b"%d\n%s\n" % (len(one), one) for one in raw))
            self._written = requests
        return file

    def log_in(self, user, password):
        """The headers of a session, or None if the login is refused."""
        return self.session_of(self.send(self.login_request(user, password)))

    def url(self, request):
        return f"http://127.0.0.1:{self.port}{request.path}"

    def processes(self):
        """The ids of its processes: the one that was started and all below it."""
        found = [self.process.pid] if self.process else []
        for pid in found:
            for tasks in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in tasks.read_text().split()]
        return found


def first_line(command, pattern=r"[0-9]+(\.[0-9]+)+[\w.+~-]*"):
    """The first thing that looks like a version in what a program prints."""
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    found = re.search(pattern, done.stdout + done.stderr)
    return found[0] if found else "unknown"

