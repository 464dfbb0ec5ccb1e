"""Visitors of a booted host: so many pages and logins a second through nginx, each answer noted.

As a program, in the network of the host: `python3 load.py COOKIE`, until its standard input ends; then it prints one
line of JSON. `Load` starts it there."""
import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

PAGES, LOGINS = 200, 10
THREADS = 8
HOST = "blog.example.com"
LOGIN = json.dumps({"username": "sam", "password": "sam7"})


class Load:
    """A context manager; afterwards `answers` are [kind, status, begin, seconds], with the status 0 where no whole
    answer came. `host` is a Booted, `cookie` that of somebody who is inside."""

    def __init__(self, host, cookie):
        self._command = host.in_its_network([sys.executable, str(Path(__file__)), cookie])

    def __enter__(self):
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        said, _ = self._process.communicate()
        self.answers = json.loads(said)

    def failed(self):
        return [answer for answer in self.answers if answer[1] != 200]


class Visitors:
    def __init__(self, cookie):
        self.answers, self._cookie = [], cookie
        self._enough, self._lock = threading.Event(), threading.Lock()

    def stop(self):
        self._enough.set()

    def visit(self, kind, rate, send):
        """Asks `rate` times a second on a connection of its own."""
        connection, due = None, time.monotonic()
        while not self._enough.is_set():
            due = max(due + 1 / rate, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
            begin, status = time.monotonic(), 0
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", 80, timeout=40)
                send(connection)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
            with self._lock:
                self.answers.append([kind, status, begin, round(time.monotonic() - begin, 3)])

    def page(self, connection):
        connection.request("GET", "/members/", headers={"Host": HOST, "Cookie": self._cookie})

    @staticmethod
    def login(connection):
        connection.request("POST", "/gatehouse/login", LOGIN, {"Host": HOST, "Content-Type": "application/json"})


def main():
    visitors = Visitors(sys.argv[1])
    threads = [threading.Thread(target=visitors.visit, args=("page", PAGES / THREADS, visitors.page))
               for _ in range(THREADS)]
    threads += [threading.Thread(target=visitors.visit, args=("login", LOGINS / 2, visitors.login)) for _ in range(2)]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    visitors.stop()
    for thread in threads:
        thread.join()
    print(json.dumps(visitors.answers))


if __name__ == "__main__":
    main()
