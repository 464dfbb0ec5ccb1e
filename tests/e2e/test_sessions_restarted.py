"""Restarts under visitors who come through nginx, 200 a second, half of them to log in.

Twice; ten times with GATEHOUSE_LONG=1.
"""
import itertools
import os
import time
from collections import Counter
from functools import partial

import pytest

from instance import Instance
from member import PASSWORD, Members, name, statuses
from threads import Threads
from visitor import home_request
from waiting import SLOW, allow, eventually

RESTARTS = 10 if os.environ.get("GATEHOUSE_LONG") == "1" else 2
RATE = 200 / SLOW  # requests a second
THREADS = 10
BETWEEN = 1.5  # seconds


class Stream(Threads):
    """A context manager: visitors at a steady rate, each on a browser's kept connection. One that
    is late comes at once, so that the rate holds."""

    def __init__(self, site):
        super().__init__(partial(self._come, turn) for turn in range(THREADS))
        self.site = site
        self.tokens, self.failures = [], []
        self.owners = {}  # the name of each token's login
        self.statuses = Counter()
        self._numbers = itertools.count()

    def _come(self, turn):
        with self.site.session() as browser:
            due = self.begun + turn / RATE
            while self.goes_on(max(0, due - time.monotonic())):
                try:
                    self._log_in(browser) if turn % 2 else self._look(browser)
                except Exception as error:  # pylint: disable=broad-except
                    self.failures.append(repr(error))
                due += THREADS / RATE

    def _log_in(self, browser):
        who = {"username": name(next(self._numbers)), "password": PASSWORD}
        answer = browser.post(self.site.url + "/login", json=who, timeout=30)
        self.statuses["login", answer.status_code] += 1
        if answer.status_code == 200:
            token = answer.cookies[self.site.cookie_name]
            self.owners[token] = who["username"]
            self.tokens.append(token)
        browser.cookies.clear()  # each is somebody else's

    def _look(self, browser):
        headers = {"Cookie": f"{self.site.cookie_name}={self.tokens[-1]}"} if self.tokens else {}
        answer = browser.get(self.site.url + "/", headers=headers, timeout=30)
        self.statuses["home", answer.status_code if headers else 200] += 1

    @property
    def rate(self):
        return self.statuses.total() / (time.monotonic() - self.begun)

    def __enter__(self):
        self.begun = time.monotonic()
        return super().__enter__()


@pytest.fixture
def service(spare_stack):
    """In the place where nginx looks for gatehouse, on a socket that outlives it."""
    spare_stack.gatehouse.stop(allow(12))
    settings = Members(spare_stack).settings(session={"max_per_user": 10_000})
    with Instance(spare_stack, "restarted", settings, spare_stack.fcgi_socket) as service:
        service.wait_until_serving(allow(5))
        yield service


def test_restarts_fail_no_request_and_lose_no_session(spare_stack, service, capsys):
    with Stream(spare_stack.site()) as stream:
        for _ in range(RESTARTS):
            stream_goes_on(stream)
            assert service.process.stop(allow(12)) == 0
            service.process = service.start()
        stream_goes_on(stream)
        rate = stream.rate
    with capsys.disabled():
        print(f"\n{RESTARTS} restarts under {rate:.0f} requests/s: {dict(stream.statuses)}")
    assert stream.failures == []
    assert set(stream.statuses) == {("home", 200), ("login", 200)}
    assert rate > 0.5 * RATE, "there was too little to be lost"
    cookies = [f"gatehouse={token}" for token in stream.tokens]
    assert set(statuses(service.place, cookies)) == {200}
    assert service.ask(home_request(cookies[0])).json()["username"] == stream.owners[stream.tokens[0]]


def stream_goes_on(stream):
    """For a while, and at its rate."""
    wanted = stream.statuses.total() + RATE * BETWEEN
    eventually(lambda: stream.statuses.total() >= wanted, allow(10 * BETWEEN), what="visitors come")
