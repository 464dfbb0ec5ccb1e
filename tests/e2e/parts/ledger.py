"""Visitors of two hosts on one cluster, and a ledger of all that was acknowledged to them, which is asked again once a
second."""
import itertools
import time
from collections import Counter, defaultdict, deque
from functools import partial

import fastcgi
from fastcgi import web
from member import log_in, log_out, status
from standstill import Standstill
from threads import Threads
from visitor import auth_request, home_request
from waiting import allow, eventually

NODES = (1, 2, 3)
NOTICED = 1.0  # seconds in which a node is current, from a logout's acknowledgement to its refusal everywhere
SLACK = 0.2  # seconds by which it may be later: so coarse are the times that are taken here
THREADS = 3  # of each host
PACE = 0.05  # seconds between two visits of a thread


def ready(host):
    return host.ask(web("GET", "/readyz", GATEHOUSE_INTERNAL="1")).status


def whole(host):
    """Logins and logouts work, and it says so."""
    answer = log_in(host, 1)
    return answer.status == 200 and log_out(host, answer.cookie).status == 200 and ready(host) == 200


class Ledger(Threads):
    """What the hosts have acknowledged, and what they say of it once a second. A context manager: visitors come
    and go at both hosts until its end."""

    def __init__(self, hosts, cluster):
        super().__init__([partial(self._come, host) for host in hosts for _ in range(THREADS)]
                         + [partial(self._audit, host) for host in hosts])
        self.hosts = hosts
        self.standstill = Standstill(cluster, NODES)
        self.inside = {}  # cookie: when its login was acknowledged
        self.outside = {}  # cookie: when its logout was
        self.undone = set()  # logouts answered 503
        self.wrong = []  # (host, what, seconds after the acknowledgement)
        self.late = []  # (host, when it was acknowledged, when it was still 200)
        self.by_second = defaultdict(Counter)
        self.begun = time.monotonic()
        self._numbers = itertools.count()

    def _note(self, host, what, code):
        second = int(time.monotonic() - self.begun)
        self.by_second[second][f"{'ab'[self.hosts.index(host)]} {what} {code}"] += 1

    def _come(self, host):
        logged_in = deque()
        while self.goes_on(PACE):
            answer = log_in(host, next(self._numbers))
            self._note(host, "login", answer.status)
            if answer.status == 200:
                self.inside[answer.cookie] = time.monotonic()
                logged_in.append(answer.cookie)
            if len(logged_in) > 3:
                cookie = logged_in.popleft()
                self._note(host, "home", status(host, cookie))
                self._note(host, "auth", host.ask(auth_request(cookie)).status)
                self._leave(host, cookie)
                logged_in.popleft()  # stays

    def _leave(self, host, cookie):
        del self.inside[cookie]
        answer = log_out(host, cookie)
        self._note(host, "logout", answer.status)
        if answer.status == 200:
            self.outside[cookie] = time.monotonic()
        else:
            self.undone.add(cookie)

    def _audit(self, host):
        while self.goes_on(1):
            self.ask_again(host)

    def ask_again(self, host):
        """Everything that was acknowledged, at one host."""
        with fastcgi.Connection(host.place, timeout=allow(30)) as connection:
            for cookie, since in list(self.outside.items()):
                asked = time.monotonic()
                code = connection.ask(home_request(cookie)).status
                self._note(host, "out", code)
                if code == 200:
                    self.late.append((host.name, since, asked))
            for cookie, since in list(self.inside.items()):
                code = connection.ask(home_request(cookie)).status
                self._note(host, "in", code)
                if code == 401 and cookie in self.inside:
                    self.wrong.append((host.name, "a login is 401", round(time.monotonic() - since, 2)))

    def wait_for_logouts(self, more):
        wanted = len(self.outside) + more
        eventually(lambda: len(self.outside) >= wanted, allow(60), what=f"{more} more logouts")

    def __enter__(self):
        self.standstill.__enter__()
        return super().__enter__()

    def __exit__(self, failed, *rest):
        try:
            super().__exit__(failed, *rest)
            if failed is None:
                self.judge()
        finally:
            self.standstill.__exit__(failed, *rest)

    def judge(self):
        for host in self.hosts:
            eventually(lambda host=host: whole(host), allow(10), what="it is whole at the end")
        time.sleep(NOTICED)  # the last logouts are as old as is judged
        for host in self.hosts:
            self.ask_again(host)
        # A logout answered with 503 is done all the same as soon as a node can be written.
        left = [cookie for cookie in self.undone for host in self.hosts if status(host, cookie) == 200]
        assert not left, f"{len(left)} logouts that were answered with 503 were never done"
        for name, since, asked in self.late:
            if asked - since - self.standstill.seconds_between(since, asked) > allow(NOTICED + SLACK):
                self.wrong.append((name, "a logout is 200", round(asked - since, 2)))
        assert not self.wrong, f"{len(self.wrong)}: {self.wrong[:10]} …; by second:\n{self.table()}"

    def slowest(self):
        """The longest time after which a logout was still 200, and how much of it the cluster stood still."""
        since, asked = max(((since, asked) for _, since, asked in self.late), key=lambda span: span[1] - span[0],
                           default=(0.0, 0.0))
        return asked - since, self.standstill.seconds_between(since, asked)

    def table(self):
        return "\n".join(
            f"{second:4} {', '.join(f'{what}: {n}' for what, n in sorted(self.by_second[second].items()))}"
            for second in sorted(self.by_second))
