"""nginx without a gatehouse behind it, and what nginx refuses by itself."""
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from test_contract import assert_message
from test_cors import LISTED, assert_readable_by, cors_headers, vary
from waiting import allow


@pytest.fixture(params=["http", "https"])
def orphaned(request, spare_stack):
    """A site whose gatehouse has ended."""
    spare_stack.gatehouse.stop(allow(12))
    return spare_stack.site(request.param)


@pytest.mark.parametrize("mount", ["", "/api", "/gatehouse"])
def test_without_gatehouse_each_request_is_503_in_json_and_readable_across_origins(orphaned, mount):
    for method, path in (("GET", "/"), ("POST", "/login"), ("POST", "/logout"), ("GET", "/nothing")):
        answer = orphaned.send(method, mount + path, headers={"Origin": LISTED})
        assert_message(answer, 503, "away")
        assert int(answer.headers["Retry-After"]) >= 1
        assert_readable_by(answer, LISTED)
        answer = orphaned.send(method, mount + path, headers={"Origin": "https://evil.example"})
        assert cors_headers(answer) == {}
        assert "origin" in vary(answer)


def test_without_gatehouse_nothing_is_open(orphaned):
    assert orphaned.home("x" * 43).status_code == 503


def raw_http(site, data):
    """Status line and rest of what nginx answers to these bytes."""
    parts = urlsplit(site.base)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as peer:
        peer.sendall(data)
        answer = b""
        while more := peer.recv(65536):
            answer += more
    return answer


@pytest.mark.parametrize("data, status", [
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", b"400"),
    (b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"414"),
    (b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"405"),
    (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"400"),
], ids=["a header too long", "a path too long", "TRACE", "no host"])
def test_what_nginx_refuses_before_any_location_is_json_too(site, data, status):
    head, _, body = raw_http(site, data).partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert b"application/json" in head
    assert body.startswith(b'{"message":')


def test_security_headers_stand_on_each_answer(any_site):
    for path in ("/", "/nothing", "/logout"):
        headers = any_site.send("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["login", "confirm-logout"])
def test_security_headers_stand_on_each_page(stack, page):
    headers = stack.site(mount="/gatehouse").send("GET", f"/{page}").headers
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"], headers["Cache-Control"]) == (
        "nosniff", "DENY", "no-store")
    assert "camera=()" in headers["Permissions-Policy"] and "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def tls_version(site, version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    parts = urlsplit(site.base)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as peer:
        with context.wrap_socket(peer) as tls:
            return tls.version()


def test_tls_is_1_2_or_1_3_and_nothing_older(tls_site):
    assert tls_version(tls_site, ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    assert tls_version(tls_site, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(OSError):
            tls_version(tls_site, old)
