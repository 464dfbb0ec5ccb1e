"""A program at a terminal of its own, to which a test types."""
import os
import pty
import select
import time

from waiting import allow


class Conversation:
    """Starts the program. `said` is all that it has written so far."""

    def __init__(self, argv):
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.execvp(argv[0], argv)
        self.said = ""
        self._seen = 0

    def _read(self, within):
        """False at the end."""
        if not select.select([self._terminal], [], [], within)[0]:
            return True
        try:
            more = os.read(self._terminal, 65536)
        except OSError:  # the other end is closed
            return False
        self.said += more.decode(errors="replace").replace("\r\n", "\n")
        return bool(more)

    def expect(self, text, within=60):
        """Waits until the program has said that, behind what was expected before."""
        deadline = time.monotonic() + allow(within)
        while text not in self.said[self._seen:]:
            assert time.monotonic() < deadline, f"{text!r} was not said:\n{self.said}"
            assert self._read(0.2) or text in self.said[self._seen:], f"it ended without {text!r}:\n{self.said}"
        self._seen = self.said.index(text, self._seen) + len(text)
        return self

    def type(self, text):
        os.write(self._terminal, text.encode())
        return self

    def finish(self, within=60):
        """The exit code."""
        deadline = time.monotonic() + allow(within)
        while self._read(0.2):
            assert time.monotonic() < deadline, f"it does not end:\n{self.said}"
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
