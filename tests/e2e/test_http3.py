"""HTTP/3 by the nginx of Debian 13, in which $http_host is empty; and its judgement of the addresses that
auth_request asks. tests/support/nginx13.sh fetches it."""
import os
import re
import subprocess

import pytest

from front import Front, server
from guarded import SECRET
from test_auth_address import FALLBACKS, STILL_OPEN, assert_shut, place
from waiting import allow

ROOT = os.environ.get("GATEHOUSE_TEST_NGINX13", "")
pytestmark = pytest.mark.skipif(not ROOT, reason="GATEHOUSE_TEST_NGINX13 is not set")
LIBRARIES = f"{ROOT}/usr/lib/x86_64-linux-gnu"
LOADER = [f"{LIBRARIES}/ld-linux-x86-64.so.2", "--library-path", LIBRARIES]
LOGIN = '{"username":"roy","password":"roy"}'


class NewFront(Front):
    def _argv(self, *more):
        return [*LOADER, f"{ROOT}/usr/sbin/nginx", *super()._argv(*more)[1:]]


@pytest.fixture(scope="module")
def front(stack, port):
    certificate = f"ssl_certificate {stack.dir}/nginx/tls.crt; ssl_certificate_key {stack.dir}/nginx/tls.key;"
    quic = f"listen 127.0.0.1:{port + 81} quic; listen 127.0.0.1:{port + 81} ssl; {certificate}"
    servers = [server("localhost", quic + place("gatehouse:*"))]
    servers += [server(name, place("gatehouse:*") + body) for name, body in {**FALLBACKS, **STILL_OPEN}.items()]
    servers += [server("without-" + name, place("gatehouse:*") + body, include="") for name, body in FALLBACKS.items()]
    with NewFront(stack, port + 80, "".join(servers), name="nginx13") as front:
        yield front


@pytest.fixture(scope="module")
def ask(port):
    """(status, header lines in lower case, body) of a request over HTTP/3."""
    origin = f"https://localhost:{port + 81}"

    def ask(path, *options):
        done = subprocess.run(
            [*LOADER, f"{ROOT}/usr/bin/curl", "-s", "-i", "-k", "--http3-only", "--max-time", str(allow(20)),
             *options, origin + path], capture_output=True, text=True, check=True)
        head, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
        assert head.startswith("HTTP/3 ")
        return int(head.split()[1]), head.lower(), body
    ask.origin = origin
    return ask


def log_in(ask, origin):
    return ask("/gatehouse/login", "-H", f"Origin: {origin}", "-H", "Content-Type: application/json", "-d", LOGIN)


def test_a_visitor_logs_in_and_out_over_http_3(front, ask):
    assert ask("/members/page.html")[0] == 401
    status, head, _ = log_in(ask, ask.origin)
    assert status == 200
    cookie = re.search(r"set-cookie: (__host-gatehouse=)", head)
    assert cookie, head
    token = ask_token(ask)
    assert SECRET in ask("/members/page.html", "-H", token)[2]
    assert ask("/gatehouse/logout", "-X", "POST", "-H", token, "-H", f"Origin: {ask.origin}")[0] == 200
    assert ask("/members/page.html", "-H", token)[0] == 401
    assert front.nginx.running


def ask_token(ask):
    """The header with the cookie of a new session, as it was written."""
    done = subprocess.run(
        [*LOADER, f"{ROOT}/usr/bin/curl", "-s", "-i", "-k", "--http3-only", "-H", "Content-Type: application/json",
         "-d", LOGIN, ask.origin + "/gatehouse/login"], capture_output=True, text=True, check=True)
    return "Cookie: " + re.search(r"set-cookie: ([^;]+)", done.stdout, re.IGNORECASE)[1]


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize("origin", ["https://evil.example", "https://localhost", "http://localhost:{port}", "null"])
def test_another_origin_is_refused_over_http_3(ask, origin):
    assert log_in(ask, origin.replace("{port}", ask.origin.rpartition(":")[2]))[0] == 403


@pytest.mark.usefixtures("front")
def test_no_request_over_http_3_names_the_address(ask):
    for target in ("gatehouse:*", "gatehouse-cached:*"):
        done = subprocess.run([*LOADER, f"{ROOT}/usr/bin/curl", "-s", "-k", "--http3-only", "-o", "/dev/null", "-w",
                               "%{http_code}", "--max-time", str(allow(5)), "--request-target", target, ask.origin],
                              capture_output=True, text=True, check=False)
        assert done.stdout in ("400", "000"), done


@pytest.mark.parametrize("name", [*FALLBACKS, *STILL_OPEN])
def test_this_nginx_takes_the_address_as_the_older_one_does(front, stack, name):
    token = stack.site().token()
    inside = {"Cookie": f"gatehouse={token}"}
    if name in FALLBACKS:
        assert_shut(front.ask("/members/page.html", host="without-" + name, headers=inside), name)
    assert front.ask("/members/page.html", host=name).status_code == 401
    assert SECRET in front.ask("/members/page.html", host=name, headers=inside).text
