"""A Debian of its own, whose systemd is booted in a container: for what only an init system does."""
import os
import shutil
import subprocess
from pathlib import Path

from processes import spawn
from waiting import allow, eventually


class Booted:
    """A context manager. `tree` is a folder that tests/support/debian.sh made; what is booted is a copy of it,
    `root`, without a network but its own loopback. Commands are run beside its systemd, as root."""

    def __init__(self, tree, folder):
        self.root = Path(folder) / "root"
        self._name = f"gatehouse-{os.getpid()}"
        self._log = Path(folder) / "console.log"
        subprocess.run(["cp", "-a", "--reflink=auto", str(tree), str(self.root)], check=True)

    def __enter__(self):
        self._boot()
        return self

    def _boot(self):
        # Where no systemd runs on this host, there is none to ask for a unit.
        own_unit = [] if os.path.isdir("/run/systemd/system") else ["--keep-unit"]
        self._nspawn = spawn(["systemd-nspawn", "--quiet", "-D", str(self.root), "--register=no", *own_unit,
                              f"--machine={self._name}", "--private-network", "--link-journal=no",
                              "--resolv-conf=off", "--timezone=off", "--boot"], self._log)
        try:
            eventually(self._has_booted, allow(90), every=0.2, what=f"systemd has booted, see {self._log}")
        except BaseException:
            self.__exit__()
            raise

    def reboot(self):
        """systemd-nspawn ends with the system, and another one begins."""
        self.run("systemctl", "reboot")
        self._nspawn.exit_code(allow(60))
        self._boot()

    def __exit__(self, *_):
        self._nspawn.stop(allow(60))  # shuts it down
        shutil.rmtree(self.root)
        # systemd-nspawn leaves this empty folder where /run is no tmpfs.
        shutil.rmtree(f"/run/systemd/nspawn/propagate/{self._name}", ignore_errors=True)

    def _has_booted(self):
        assert self._nspawn.running, self._log.read_text(errors="replace")[-2000:]
        return self._init() and self.run("systemctl", "is-system-running").stdout.strip() in ("running", "degraded")

    def _init(self):
        """The process id of its systemd on this host, or None before there is one: until then the child is
        systemd-nspawn's, and still sees this host."""
        pid = self._nspawn.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() in ("init", "systemd"):
                return child
        return None

    def run(self, *command):
        return self._enter("--all", "--root", "--wd", command=command)

    def ask(self, path):
        """What a web server in there answers, by this host's curl: (status, text)."""
        done = self._enter("--net", command=["curl", "-s", "-m", "10", "-w", "\n%{http_code}",
                                             f"http://127.0.0.1{path}"])
        text, _, status = done.stdout.rpartition("\n")
        return int(status or 0), text

    def in_its_network(self, command):
        """The command line by which a program of this host runs in the network of that one."""
        return ["nsenter", "--target", self._init(), "--net", "--", *command]

    def _enter(self, *namespaces, command):
        return subprocess.run(["nsenter", "--target", self._init(), *namespaces, "--", *command],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=allow(60),
                              check=False)
