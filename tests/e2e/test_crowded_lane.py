"""One account that keeps MySQL busy from many addresses costs the visitors of protected places little."""
import contextlib
import selectors
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import fastcgi
from fastcgi import web
from instance import Instance
from member import PASSWORD, cheap_hash
from visitor import login_request
from waiting import allow

VISITORS = 300
WITHIN = 3  # seconds in which they all come
LIMIT = 0.150
# The background looks a user up until 20 s after their last request, and that holds for user.max_age:
# who comes later than both has to be looked up again.
PAUSE = 20 + 30 + 2
LOOPER = Path(__file__).with_name("parts") / "looping.py"
CASES = {  # the addresses of the attack, and the number of networks that the visitors come from
    "one IPv4 network": ([f"203.0.113.{i}" for i in range(64)], 100),
    "one IPv6 site": ([f"2001:db8:66:{i:x}::1" for i in range(64)], 2),
    "an address of each of 64 networks": ([f"203.{i}.113.9" for i in range(64)], 100),
}


def crowd_of(networks):
    """The addresses of all visitors, from so many networks."""
    return [f"198.51.{i % networks}.{1 + i // networks}" for i in range(VISITORS)]


def log_in(stack, number):
    """The cookie of a session of the user of this number, by a client that the queue does not refuse."""
    credentials = login_request(f"visitor-{number}", PASSWORD, address=f"10.{number // 250}.{number % 250}.1")
    answer = fastcgi.ask(stack.fcgi_socket, *credentials)
    assert answer.status == 200
    return answer.cookie


@pytest.fixture(scope="module")
def crowds(stack):
    """For each case the cookies of 300 users who have made a pause."""
    count = VISITORS * len(CASES)
    rows = ", ".join(f"('visitor-{i}', '{cheap_hash(PASSWORD)}')" for i in range(count))
    stack.database.run(f"INSERT INTO user (username, password) VALUES {rows}")
    with ThreadPoolExecutor(4) as pool:
        cookies = list(pool.map(lambda number: log_in(stack, number), range(count)))
    time.sleep(PAUSE)  # what the tests are about
    yield {case: cookies[i::len(CASES)] for i, case in enumerate(CASES)}
    stack.database.run("DELETE FROM user WHERE username LIKE 'visitor-%'")


def page_request(cookie, address):
    return (f"GET /demo/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n"
            f"Test-Client-Address: {address}\r\n\r\n").encode()


def clicks(site, visitors, within):
    """Seconds that each of them waits for their page; they come one after the other, evenly spread."""
    with contextlib.ExitStack() as exits, selectors.DefaultSelector() as selector:
        requests = []
        for cookie, address in visitors:
            peer = exits.enter_context(socket.create_connection(("127.0.0.1", urlsplit(site.url).port)))
            requests.append((peer, page_request(cookie, address)))
        begin = time.monotonic()
        coming = [begin + within * i / len(requests) for i in range(len(requests))]
        answers = []
        while len(answers) < len(requests):
            while (came := len(requests) - len(coming)) < len(requests) and coming[0] <= time.monotonic():
                peer, request = requests[came]
                selector.register(peer, selectors.EVENT_READ, (coming.pop(0), bytearray()))
                peer.sendall(request)
            pause = max(coming[0] - time.monotonic(), 0) if coming else allow(20)
            ready = selector.select(pause)
            assert ready or coming, f"only {len(answers)} pages of {len(requests)}"
            for key, _ in ready:
                since, page = key.data
                received = key.fileobj.recv(65536)
                page.extend(received)
                if not received:
                    answers.append((time.monotonic() - since, bytes(page)))
                    selector.unregister(key.fileobj)
        others = [page for _, page in answers if not page.startswith(b"HTTP/1.1 200")]
        assert not others, f"{len(others)} got no page: {others[0]}"
        return [elapsed for elapsed, _ in answers]


class Looping:
    """A context manager: one account repeats DELETE /sessions from these addresses until its end."""

    def __init__(self, site, addresses):
        port, cookie = str(urlsplit(site.url).port), f"gatehouse={site.token()}"
        self._argv = [sys.executable, str(LOOPER), port, cookie, "DELETE", "/sessions", *addresses]

    def __enter__(self):
        self._process = subprocess.Popen(self._argv, stdout=subprocess.PIPE)
        assert self._process.stdout.readline() == b"loops\n"
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


@pytest.mark.parametrize("case", CASES)
def test_a_page_after_a_pause_is_quick_while_one_account_loops_on_the_database(site, crowds, case):
    addresses, networks = CASES[case]
    with Looping(site, addresses):
        times = clicks(site, zip(crowds[case], crowd_of(networks)), WITHIN)
    median = statistics.median(times)
    print(f"median {median * 1000:.0f} ms, last {max(times) * 1000:.0f} ms")
    assert median <= allow(LIMIT)


@pytest.mark.parametrize("name, address, line", [
    ("absent", "", "install gatehouse/snippets/auth-params.conf of this version"), ("unix", "unix:", 'REMOTE_ADDR is "unix:"')])
def test_that_nginx_tells_no_address_is_said_once(stack, name, address, line):
    with Instance(stack, f"address-{name}") as service:
        service.wait_until_serving(allow(5))
        for _ in range(2):  # sessions that it has to look up
            cookie = fastcgi.ask(stack.fcgi_socket, *login_request()).cookie
            asked = web("GET", "/auth", headers={"Cookie": cookie}, address=address,
                        GATEHOUSE_INTERNAL="1", GATEHOUSE_REQUIRE="*")
            assert service.ask(asked).status == 204
        log = service.log()
    assert log.count(line) == 1, log
    assert log.count("count as one") == 1
