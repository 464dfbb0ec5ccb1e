"""What a service tells systemd (sd_notify(3)), heard on a socket in its place."""
import os
import socket

from waiting import eventually


class SystemdEar:
    """A context manager; `prefix` stands before the command line of a process that is to be heard."""

    def __init__(self, path):
        self._path = str(path)
        self._said = []

    def __enter__(self):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self._path)
        self._socket.setblocking(False)
        return self

    def __exit__(self, *_):
        self._socket.close()
        os.unlink(self._path)

    @property
    def prefix(self):
        return ["env", f"NOTIFY_SOCKET={self._path}"]

    def said(self):
        """All lines so far, in order."""
        while True:
            try:
                self._said += self._socket.recv(65536).decode().splitlines()
            except BlockingIOError:
                return list(self._said)

    def forget(self):
        self.said()
        self._said.clear()

    def status(self):
        """What `systemctl status` would show."""
        return next((line[7:] for line in reversed(self.said()) if line.startswith("STATUS=")), "")

    def hears(self, line, within):
        eventually(lambda: line in self.said(), within, what=f"systemd is told {line}")
