"""Processes that the tests start, or that tests/stack.sh started and left to us."""
import ctypes
import os
import shlex
import signal
import subprocess
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Daemons of tests/stack.sh become our children, so that we learn how they end."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


class Child:
    """A child by its process id; a thread waits for it, so that it never stays a zombie."""

    def __init__(self, pid):
        self.pid = pid
        self._status = None
        self._ended = threading.Event()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self):
        _, status = os.waitpid(self.pid, 0)
        self._status = os.waitstatus_to_exitcode(status)
        self._ended.set()

    @property
    def running(self):
        return not self._ended.is_set()

    def send_signal(self, number):
        if self.running:
            os.kill(self.pid, number)

    def freeze(self):
        """Returns when the last of its threads has stopped: one may still be at work after the signal."""
        self.send_signal(signal.SIGSTOP)
        while not self._frozen():
            time.sleep(0.001)

    def _frozen(self):
        try:
            return all("State:\tT" in path.read_text() for path in Path(f"/proc/{self.pid}/task").glob("*/status"))
        except OSError:  # one of them has just ended
            return False

    def exit_code(self, within):
        """Negative for a signal, as in subprocess. Fails the test if it has not ended by then."""
        assert self._ended.wait(within), f"process {self.pid} still runs after {within} s"
        return self._status

    def stop(self, within, number=signal.SIGTERM):
        self.send_signal(number)
        return self.exit_code(within)

    def argv(self):
        return Path(f"/proc/{self.pid}/cmdline").read_bytes().decode().split("\0")[:-1]


def spawn(argv, log, **options):
    """Starts a daemon of ours whose output goes to the file `log`."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            **options)
    # The thread of Child reaps it: Popen must not try (nor warn) at its own end.
    process.returncode = 0
    return Child(process.pid)


def spawn_on_socket(argv, listener, log):
    """Starts `argv` as systemd does with socket activation (sd_listen_fds(3)): the listening socket
    is descriptor 3, and LISTEN_PID is the child's own id."""
    script = 'exec 3<&"$0"; LISTEN_FDS=1 LISTEN_PID=$$ exec ' + shlex.join(argv)
    descriptor = listener.fileno()
    return spawn(["bash", "-c", script, str(descriptor)], log, pass_fds=[descriptor])


def cpu_seconds(pid):
    """User and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
