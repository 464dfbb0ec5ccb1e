"""Members who log in and out all the time, and know of each session what they were told of it."""
import itertools
from collections import Counter, deque

import fastcgi
from member import log_in, log_out
from threads import Threads
from waiting import allow, eventually

THREADS = 8
KEPT = 3  # by each thread, before it logs the oldest out and leaves the next one in for good


class Talk:
    """What `member` takes for a service: one kept connection."""

    def __init__(self, connection):
        self.ask = connection.ask


class Crowd(Threads):
    """A context manager: they come until its end. `inside` are the tokens of acknowledged logins
    whose logout nobody has asked for, `outside` those of acknowledged logouts. What got no answer
    is in neither."""

    def __init__(self, place):
        super().__init__([self._come] * THREADS)
        self._place = place
        self.inside, self.outside = set(), set()
        self.statuses = Counter()
        self.unanswered = 0
        self._numbers = itertools.count()

    def _come(self):
        logged_in = deque()
        while self.goes_on():
            try:
                with fastcgi.Connection(self._place, timeout=allow(30)) as connection:
                    while self.goes_on():
                        self._visit(Talk(connection), logged_in)
            except (OSError, fastcgi.Closed):
                self.unanswered += 1  # the service has ended

    def _visit(self, service, logged_in):
        answer = log_in(service, next(self._numbers))
        self.statuses["login", answer.status] += 1
        if answer.status == 200:
            self.inside.add(answer.cookie)
            logged_in.append(answer.cookie)
        if len(logged_in) > KEPT:
            self._leave(service, logged_in.popleft())
            logged_in.popleft()  # stays

    def _leave(self, service, cookie):
        self.inside.remove(cookie)
        answer = log_out(service, cookie)
        self.statuses["logout", answer.status] += 1
        if answer.status == 200:
            self.outside.add(cookie)

    def wait_for_logouts(self, more):
        """Until so many more were acknowledged."""
        wanted = len(self.outside) + more
        eventually(lambda: len(self.outside) >= wanted, allow(60), what=f"{more} more logouts")
