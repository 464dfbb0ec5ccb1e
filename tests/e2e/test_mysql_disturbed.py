"""MySQL is there but disturbed: a table is locked for a while, connections are killed. Whoever could be
answered within mysql.timeout is."""
import contextlib
import itertools
import subprocess
from collections import Counter

import pytest

from instance import Instance
from member import cookie_of, log_in
from threads import Threads
from visitor import auth_request, home_request
from waiting import allow, eventually

TIMEOUT = 10  # seconds, of mysql.timeout
LOCKED = 4


@pytest.fixture(scope="module")
def service(stack, members):
    settings = members.settings(mysql={"timeout": f"{TIMEOUT}s"}, user={"max_age": "1s"},
                                server={"database_threads": 4, "login_threads": 4})
    with Instance(stack, "disturbed", settings) as instance:
        instance.wait_until_serving(allow(5))
        yield instance


class Load(Threads):
    """A context manager: visitors log in, and ask for home and for protected places, until its end.
    `answers` counts the statuses by what was asked for."""

    def __init__(self, service):
        super().__init__([self._logins] * 3 + [self._insiders] * 3)
        self._service = service
        self._numbers = itertools.count()
        self.answers = Counter()

    def _logins(self):
        while self.goes_on():
            self.answers["login", log_in(self._service, next(self._numbers)).status] += 1

    def _insiders(self):
        cookie = cookie_of(self._service, next(self._numbers))
        while self.goes_on(0.01):
            self.answers["auth", self._service.ask(auth_request(cookie), timeout=allow(30)).status] += 1
            self.answers["home", self._service.ask(home_request(cookie)).status] += 1

    def wait_for_more(self, count=50):
        """Until so many more of each kind were answered."""
        wanted = {kind: self.asked(kind) + count for kind in ("login", "auth", "home")}
        eventually(lambda: all(self.asked(kind) >= least for kind, least in wanted.items()), allow(30))

    def asked(self, kind):
        return sum(count for (asked, _), count in list(self.answers.items()) if asked == kind)

    def assert_all_answered(self):
        assert set(self.answers) == {("login", 200), ("auth", 204), ("home", 200)}, self.answers


@contextlib.contextmanager
def locked(database, tables, seconds):
    """The tables are locked for so long, by one statement after the other of a client of its own."""
    sql = f"LOCK TABLES {', '.join(f'{table} WRITE' for table in tables)}; DO SLEEP({seconds}); UNLOCK TABLES;"
    client = subprocess.Popen(["mariadb", "--no-defaults", "-uroot", "-S", database.socket, database.name, "-e", sql])
    try:
        yield client
    finally:
        assert client.wait(allow(seconds + 10)) == 0


def connections(database):
    return database.run("SELECT id FROM information_schema.processlist WHERE user = 'gatehouse'").split()


def kill(database, connection):
    with contextlib.suppress(subprocess.CalledProcessError):  # it has ended by itself
        database.run(f"KILL {connection}")


@pytest.mark.parametrize("tables", [["member"], ["session"], ["user_role", "user_disabled"], ["session_epoch"]],
                         ids=lambda tables: tables[0])
def test_who_waits_for_a_locked_table_is_answered_once_it_is_free(stack, service, tables):
    with Load(service) as load:
        load.wait_for_more()
        with locked(stack.database, tables, LOCKED):
            pass
        load.wait_for_more()
    load.assert_all_answered()


def test_nobody_notices_that_connections_are_killed_one_by_one(stack, service):
    with Load(service) as load:
        load.wait_for_more()
        for _ in range(5):
            for connection in connections(stack.database):
                kill(stack.database, connection)
        load.wait_for_more()
    load.assert_all_answered()


def test_nobody_notices_that_connections_are_killed_that_have_waited_for_a_lock(stack, service):
    with Load(service) as load:
        load.wait_for_more()
        with locked(stack.database, ["member"], LOCKED) as client:
            def waiting():
                return stack.database.run("SELECT id FROM information_schema.processlist WHERE user = 'gatehouse'"
                                          " AND state LIKE 'Waiting for table%' AND time_ms > 1000").split()
            for _ in range(2):
                for connection in eventually(waiting, allow(5)):
                    kill(stack.database, connection)
            assert client.poll() is None
        load.wait_for_more()
    load.assert_all_answered()
