"""Where the benchmarks run: the private stack, one more nginx in front of it, and wrk."""

import http.client
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = ROOT / "tests/bench"
BUILD = pathlib.Path(os.environ.get("GATEHOUSE_BENCH_BUILD") or ROOT / "build/release")
PORT = int(os.environ.get("GATEHOUSE_BENCH_PORT", "5200"))
HONEST, HOSTILE = "127.0.0.2", "127.0.0.1"  # by the header that the stack's nginx believes
ADDRESS_HEADER = "Test-Client-Address"
CLIENTS = 32


class Arena:
    """The stack and what a benchmark adds to it; all ended, and the folder removed, at its end. Without
    `limits` as many guesses are looked at as the login lane can take."""

    def __init__(self, limits=False, program=BUILD / "fcgi/gatehouse"):
        self._limits, self._program = limits, program

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that __exit__ is not left out
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))
        self.folder.chmod(0o755)
        self.children = []
        try:
            self._stack("up", "--port", str(PORT), "--dir", str(self.folder), "--as-installed")
            lines = (line for line in (self.folder / "stack.env").read_text().splitlines())
            self.env = dict(shlex.split(line)[0].split("=", 1) for line in lines)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            end_session(child)
        self._stack("down", "--dir", str(self.folder))
        shutil.rmtree(self.folder)

    def _stack(self, *arguments):
        done = subprocess.run(["sh", ROOT / "tests/stack.sh", *arguments], env=self._environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise SystemExit(f"stack.sh {arguments[0]} failed")

    def _environment(self):
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "GATEHOUSE_BINARY": str(self._program),
                "GATEHOUSE_STACK_LIMITS": "installed" if self._limits else ""}

    @property
    def config(self):
        """The stack's configuration of gatehouse."""
        return tomllib.loads(pathlib.Path(self.env["GATEHOUSE_CONF"]).read_text())

    def spawn(self, command, log=None):
        """A process that ends with the arena. Its messages go to the file `log`, if there is one. It has a
        session of its own, as those of the stack do: the scheduler shares the cores out among sessions."""
        with open(log or os.devnull, "w", encoding="utf-8") as messages:
            self.children.append(subprocess.Popen([str(part) for part in command], start_new_session=True,
                                                  stdin=subprocess.DEVNULL, stdout=messages if log else None,
                                                  stderr=messages if log else None))
        return self.children[-1]

    def await_child(self, child, ready, name, log=None, seconds=60):
        """Returns when `ready()` holds."""
        deadline = time.monotonic() + seconds
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                messages = pathlib.Path(log).read_text(errors="replace")[-4000:] if log else ""
                raise SystemExit(f"{name} does not come up\n{messages}")
            time.sleep(0.01)

    def start(self, command, ready, log=None):
        """spawn() and await_child() together."""
        child = self.spawn(command, log)
        self.await_child(child, ready, command[0], log, seconds=10)
        return child

    def end(self, child):
        """Ends one of its processes, which ends its own; then what is left of its session is killed."""
        self.children.remove(child)
        end_session(child)


def end_session(child):
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def log_in(port=PORT, name="roy", password="roy", address=HONEST, timeout=30):
    """(status, token or None, seconds to wait before trying again)"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    headers = {"Content-Type": "application/json", ADDRESS_HEADER: address}
    try:
        connection.request("POST", "/login", json.dumps({"username": name, "password": password}), headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    token = re.match(r"gatehouse=([^;]+)", answer.getheader("Set-Cookie", ""))
    return answer.status, token and token[1], float(answer.getheader("Retry-After", 0))


def accepts(address):
    """Whether something listens: a port, or the path of a unix socket."""
    unix = isinstance(address, (str, pathlib.Path))
    with socket.socket(socket.AF_UNIX if unix else socket.AF_INET) as peer:
        return peer.connect_ex(str(address) if unix else ("127.0.0.1", address)) == 0


class Wrk:
    """One run of wrk, started at once; `result()` waits for its end."""

    def __init__(self, url, seconds, script=None, headers=(), clients=CLIENTS, threads=1, arguments=()):
        command = ["wrk", f"-t{threads}", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
        for name, value in dict(headers).items():
            command += ["-H", f"{name}: {value}"]
        command += ["-s", str(HERE / script)] if script else []
        command += [url, "--", *map(str, arguments)] if arguments else [url]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._seconds = seconds

    def result(self):
        text = self._process.communicate()[0]
        if self._process.returncode != 0:
            raise SystemExit(f"wrk failed:\n{text}")
        return Figures(text, self._seconds)


class Figures:
    """requests/s, p50 and p99 in milliseconds, and, from a script that counts, answers by status and those that set a
    cookie, a second."""

    def __init__(self, text, seconds):
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
        self.p50, self.p99 = (self._milliseconds(text, percent) for percent in ("50", "99"))
        errors = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        sockets = re.search(r"Socket errors: (.*)", text)
        self.refused = int(errors[1]) if errors else 0
        self.broken = sockets[1] if sockets else ""
        self.answers = {int(status): int(count) / seconds
                        for status, count in re.findall(r"^status (\d+): (\d+)$", text, re.MULTILINE)}
        cookies = re.search(r"^cookies: (\d+)$", text, re.MULTILINE)
        self.cookies = int(cookies[1]) / seconds if cookies else 0

    @staticmethod
    def _milliseconds(text, percent):
        found = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
        if not found:
            raise SystemExit(f"wrk measured nothing:\n{text}")
        number, unit = found.groups()
        return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def demand(holds, text):
    """Prints a line of the verdict; returns whether it holds."""
    print(f"{'met    ' if holds else 'NOT MET'}  {text}")
    return holds


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    cores = len(re.findall(r"^processor\s*:", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    return f"{cores} cores, {cpu[1] if cpu else 'unknown processor'}"
