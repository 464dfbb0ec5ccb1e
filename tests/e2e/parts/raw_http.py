"""Requests byte for byte: clients mend what attackers send."""
import socket
from urllib.parse import urlsplit

from guarded import SECRET
from waiting import allow


def raw(door, request):
    """The answer to these bytes."""
    parts = urlsplit(door.base)
    with socket.create_connection((parts.hostname, parts.port), timeout=allow(10)) as peer:
        peer.sendall(request)
        answer = b""
        while more := peer.recv(65536):
            answer += more
    return answer.decode(errors="replace")


def get(door, target, *lines, method="GET"):
    head = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *lines]
    body = b"0\r\n\r\n" if any("chunked" in line for line in lines) else b""
    return raw(door, "\r\n".join(head).encode() + b"\r\n\r\n" + body)


def status_of(answer):
    return int(answer.split(" ")[1])


def assert_closed(answer):
    assert SECRET not in answer and "REMOTE_USER" not in answer, answer[:300]
    assert not 200 <= status_of(answer) < 300, answer[:300]
