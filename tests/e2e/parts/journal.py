"""What a program tells the journal, heard in the place of journald."""
import socket
import threading

JOURNAL = "/run/systemd/journal"


def fields_of(datagram):
    """The fields of journald's native protocol, which none of ours needs the binary form of."""
    return dict(line.split("=", 1) for line in datagram.decode().splitlines())


class Journal:
    """Hears in the place of journald: the socket is mounted where it is for the program alone."""

    def __init__(self, folder):
        self.path = folder / "socket"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self.path.chmod(0o666)
        self.heard = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            self.heard.append(fields_of(self._socket.recv(65536)))

    def command(self, *argv):
        script = (f"mkdir -p {JOURNAL} && mount -t tmpfs none /run/systemd && mkdir {JOURNAL} && "
                  f"mount --bind {self.path.parent} {JOURNAL} && exec \"$@\"")
        return ["unshare", "--mount", "sh", "-c", script, "sh", *argv]

    def service(self):
        """What stands before the command line of a service whose standard error is the journal."""
        script = 'export JOURNAL_STREAM="$(stat -L -c %d:%i /proc/self/fd/2)"; exec "$@"'
        return self.command("sh", "-c", script, "sh")
