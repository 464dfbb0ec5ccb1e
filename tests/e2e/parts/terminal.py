"""The program at a terminal of a given width, as a person sees it."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unicodedata

from waiting import allow


class Shown:
    """How a verb ended, what it wrote to standard output, and what to standard error."""

    def __init__(self, returncode, out, err):
        self.returncode = returncode
        self.out = out
        self.err = err

    @property
    def lines(self):
        return self.out.splitlines()


def run_at_terminal(stack, *words, config, columns=80, out=True, err=True, env=None):
    """`gatehouse WORDS` with its outputs at terminals of that width; at pipes where `out` or `err` is False."""
    command = [stack.env["GATEHOUSE"], *words, "--config", str(config)]
    outputs = [_Output(columns if terminal else None) for terminal in (out, err)]
    variables = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=outputs[0].writer,
                               stderr=outputs[1].writer, env={**variables, "TERM": "xterm", **(env or {})})
    texts = [output.read_to_end() for output in outputs]
    return Shown(process.wait(allow(60)), *texts)


class _Output:
    def __init__(self, columns):
        if columns is None:
            self.reader, self.writer = os.pipe()
            return
        self.reader, self.writer = pty.openpty()
        fcntl.ioctl(self.writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read_to_end(self):
        # What a verb writes here fits the buffers, so that the one that is read second holds nobody up.
        os.close(self.writer)
        parts = []
        while True:
            try:
                part = os.read(self.reader, 65536)
            except OSError:  # what a terminal gives when nobody has its other end open any more
                part = b""
            if not part:
                break
            parts.append(part)
        os.close(self.reader)
        return b"".join(parts).decode().replace("\r\n", "\n")


def width(text):
    """The columns that it takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
