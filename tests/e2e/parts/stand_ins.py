"""What stands behind an nginx in place of Gatehouse, PHP and an application, so that thousands of
configurations can be tried without a database: threads of this process on unix sockets."""
import socketserver
import struct
import threading
from pathlib import Path

SECRET = "only for members"
MEMBER = {"Cookie": "gatehouse=roy"}
BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def _read(stream, size):
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _length(data, at):
    if data[at] < 128:
        return data[at], at + 1
    return struct.unpack(">I", data[at:at + 4])[0] & 0x7fffffff, at + 4


def pairs_of(data):
    """The names and values in the content of a stream of parameters, in their order."""
    at = 0
    while at < len(data):
        name, at = _length(data, at)
        value, at = _length(data, at)
        yield (data[at:at + name].decode("latin-1"), data[at + name:at + name + value].decode("latin-1"))
        at += name + value


class FastCgiHandler(socketserver.StreamRequestHandler):
    """One request after another on a connection; the server's `answer` makes text of the parameters."""

    def handle(self):
        try:
            while self._one():
                pass
        except (EOFError, OSError):
            pass

    def text_of(self, pairs, body):
        """The answer, with its headers; the body of the request does not count here."""
        return self.server.answer(dict(pairs))  # PHP takes the last

    def _one(self):
        parameters, body, keep = b"", b"", False
        while True:
            _, kind, number, length, padding = struct.unpack(">BBHHBx", _read(self.rfile, 8))
            content = _read(self.rfile, length)
            _read(self.rfile, padding)
            if kind == BEGIN_REQUEST:
                keep = bool(content[2] & 1)
            elif kind == PARAMS:
                parameters += content
            elif kind == STDIN and content:
                body += content
            elif kind == STDIN:
                break
        text = self.text_of(list(pairs_of(parameters)), body).encode("latin-1", "replace")
        for kind, body in ((STDOUT, text), (STDOUT, b""), (END_REQUEST, bytes(8))):
            self.wfile.write(struct.pack(">BBHHBx", 1, kind, number, len(body), 0) + body)
        return keep


class _Http(socketserver.StreamRequestHandler):
    """An application that answers whatever it is asked, and says who it thinks is there."""

    def handle(self):
        line = self.rfile.readline().decode("latin-1").split(" ")
        headers = []
        while (header := self.rfile.readline().strip()):
            headers.append(header.decode("latin-1"))
        path = line[1] if len(line) > 1 else ""
        told = ("remote-user:", "x-remote-user:", "remote-team:", "remote_team:")
        user = [h for h in headers if h.lower().startswith(told)]
        body = f"{SECRET}: the application at [{path}], for {user}".encode("latin-1")
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


def gatehouse(parameters):
    """As Gatehouse answers, with one session: that of roy, who is an admin."""
    if parameters.get("PATH_INFO") != "/auth" or parameters.get("GATEHOUSE_INTERNAL") != "1":
        return "Status: 404 Not Found\r\n\r\n{}"
    if not parameters.get("GATEHOUSE_REQUIRE"):
        return "Status: 500 Internal Server Error\r\n\r\n{}"
    if "gatehouse=roy" not in parameters.get("HTTP_COOKIE", ""):
        return "Status: 401 Unauthorized\r\nGatehouse-Reason: no-session\r\n\r\n"
    return "Status: 204 No Content\r\nRemote-User: roy\r\nRemote-Groups: admin\r\nRemote-Id: 7\r\n\r\n"


def php(parameters):
    """Runs nothing: says which script PHP would run, as php-fpm finds it (cgi.fix_pathinfo), and whose
    name it would see. The text of the script comes with it, since that says what is secret."""
    script = parameters.get("SCRIPT_FILENAME", "")
    while script and script != "/" and not Path(script).is_file():
        script = str(Path(script).parent)
    if not script.endswith(".php"):
        return "Status: 404 Not Found\r\n\r\nFile not found."
    text = Path(script).read_text(encoding="latin-1").removeprefix("<?php ")
    seen = {name: parameters.get(name, "") for name in ("REMOTE_USER", "HTTP_REMOTE_USER", "REQUEST_URI")}
    return f"Status: 200 OK\r\nContent-Type: text/html\r\n\r\nPHP ran {script}: {text} {seen}"


class StandIns:
    """A context manager; `folder` gets the sockets gatehouse.sock, php.sock and app.sock."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._servers = []

    def __enter__(self):
        for name, handler, answer in (("gatehouse", FastCgiHandler, gatehouse), ("php", FastCgiHandler, php),
                                      ("app", _Http, None)):
            server = UnixServer(str(self.folder / f"{name}.sock"), handler)
            server.answer = answer
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(self, *_):
        for server in self._servers:
            server.shutdown()
            server.server_close()
