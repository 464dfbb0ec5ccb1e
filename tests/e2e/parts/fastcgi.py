"""A raw FastCGI client: honest requests, and any record bytes at all.

FastCGI specification 1.0, https://fastcgi-archives.github.io/FastCGI_Specification.html
"""
import contextlib
import json
import re
import socket
import struct

import used_secrets
from waiting import allow

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR, DATA = range(1, 9)
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = range(9, 12)
RESPONDER, AUTHORIZER, FILTER = 1, 2, 3
MAX_CONTENT = 65528  # 65535, a multiple of eight


class Closed(Exception):
    """The peer closed before a whole answer had come; `partial` is what had."""

    def __init__(self, partial=b""):
        super().__init__(f"closed after {len(partial)} bytes")
        self.partial = partial


def record(kind, content=b"", request_id=1, padding=None, version=1):
    padding = -len(content) % 8 if padding is None else padding
    head = struct.pack(">BBHHBB", version, kind, request_id, len(content), padding, 0)
    return head + content + bytes(padding)


def begin(role=RESPONDER, keep=True, request_id=1):
    return record(BEGIN_REQUEST, struct.pack(">HB5x", role, int(keep)), request_id)


def _length(n):
    return struct.pack(">B", n) if n < 128 else struct.pack(">I", n | 0x8000_0000)


def pairs_of(params):
    """`params` is a dict, or a list of tuples where a name shall repeat."""
    return params.items() if isinstance(params, dict) else params


def pairs(params):
    """The same as name-value pairs of the protocol."""
    encoded = [(_bytes(name), _bytes(value)) for name, value in pairs_of(params)]
    return b"".join(_length(len(n)) + _length(len(v)) + n + v for n, v in encoded)


def _bytes(text):
    return text if isinstance(text, bytes) else str(text).encode()


def stream(kind, content, request_id=1, chunk=MAX_CONTENT):
    """`content` in records of at most `chunk` bytes, and the empty record that ends it."""
    parts = [content[i : i + chunk] for i in range(0, len(content), chunk)]
    return b"".join(record(kind, part, request_id) for part in parts) + record(kind, b"", request_id)


def request(params, body=b"", keep=True, chunk=MAX_CONTENT, request_id=1):
    """The bytes of one whole, well-framed request."""
    return (
        begin(keep=keep, request_id=request_id)
        + stream(PARAMS, pairs(params), request_id, chunk)
        + stream(STDIN, body, request_id, chunk)
    )


def web(method, path, body=b"", headers=(), address="127.0.0.1", **params):
    """CGI parameters as our nginx files send them, as a list of pairs."""
    base = {
        "REQUEST_METHOD": method,
        "DOCUMENT_URI": path,
        "REQUEST_URI": path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": address,
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        **params,
    }
    base.update({"HTTP_" + name.upper().replace("-", "_"): v for name, v in dict(headers).items()})
    return list(base.items())


class Answer:
    """A CGI answer, taken apart."""

    def __init__(self, raw):
        head, separator, self.body = raw.partition(b"\r\n\r\n")
        assert separator, f"no end of headers in {raw!r}"
        self.raw = raw
        self.headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]
        self.status = int(re.match(r"\d+", self.header("Status")).group())
        for value in self._cookies():
            used_secrets.note_cookies(value)

    def header(self, name):
        """The one value of a header; None if it is absent. Sent twice, it fails the test."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)

    @property
    def cookie(self):
        """`name=value` of the session's Set-Cookie."""
        return self.set_cookie.partition(";")[0]

    @property
    def set_cookie(self):
        """The session's Set-Cookie."""
        [value] = [value for value in self._cookies() if "-device=" not in value]
        return value

    @property
    def device(self):
        """`name=value` of the device cookie."""
        [value] = [value for value in self._cookies() if "-device=" in value]
        return value.partition(";")[0]

    def _cookies(self):
        return [value for key, value in self.headers if key.lower() == "set-cookie"]


class Connection:
    """One connection to a FastCGI socket: a path, or (host, port). A context manager."""

    def __init__(self, place, timeout=allow(10)):
        tcp = isinstance(place, tuple)
        self.socket = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
        if tcp:
            self.socket.settimeout(timeout)
        # With a timeout a unix socket would not wait for its turn, were many to be accepted.
        self.socket.connect(place if tcp else str(place))
        self.socket.settimeout(timeout)
        self._received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def ask(self, params, body=b"", request_id=1, **how):
        """The answer, which may come, with the end of the connection, before all of the request is sent."""
        used_secrets.note_body(body)
        used_secrets.note_query(next((str(value) for name, value in pairs_of(params) if name == "QUERY_STRING"), ""))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send(request(params, body, request_id=request_id, **how))
        return self.answer(request_id)

    def answer(self, request_id=1):
        """The next answer; Closed if the connection ends before, socket.timeout if nothing comes."""
        stdout = b""
        while True:
            kind, answered_id, content = self._record(stdout)
            assert answered_id == request_id, f"an answer to {answered_id}"
            if kind == STDOUT:
                stdout += content
            elif kind == END_REQUEST:
                return Answer(stdout)

    def is_closed_within(self, seconds):
        """Whether the peer closes, without a byte before, in that time."""
        self.socket.settimeout(seconds)
        try:
            return self.socket.recv(1) == b""
        except (ConnectionResetError, BrokenPipeError):
            return True
        except socket.timeout:
            return False

    def _record(self, so_far):
        _, kind, request_id, length, padding, _ = struct.unpack(">BBHHBB", self._exactly(8, so_far))
        content = self._exactly(length + padding, so_far)[:length]
        return kind, request_id, content

    def _exactly(self, count, so_far):
        while len(self._received) < count:
            try:
                more = self.socket.recv(65536)
            except (ConnectionResetError, BrokenPipeError):
                more = b""
            if not more:
                raise Closed(so_far + self._received)
            self._received += more
        taken, self._received = self._received[:count], self._received[count:]
        return taken


@contextlib.contextmanager
def peers(place, count, timeout):
    """`count` connections, closed at the end."""
    with contextlib.ExitStack() as exits:
        yield [exits.enter_context(Connection(place, timeout)) for _ in range(count)]


def ask(place, params, body=b"", timeout=allow(10), **how):
    """One request on a connection of its own."""
    with Connection(place, timeout) as connection:
        return connection.ask(params, body, **how)
