"""The census of the hashes is nobody's business but its own: however slow it is, and however it ends,
no request that MySQL could answer is refused."""
import re
import time
from collections import Counter
from functools import partial

import pytest

import fastcgi
from fastcgi import web
from instance import Instance, write_config
from member import log_in, log_out
from threads import Threads
from verbs import run_verb
from visitor import auth_request
from waiting import allow, eventually

# A row takes longer than a statement of a login may (mysql.timeout), the table takes minutes.
SLOW = "SELECT password FROM member WHERE SLEEP(3) = 0"
# Long enough for a census to fail, and for what it may have broken to be noticed.
WATCHED = 5.0


class Load(Threads):
    """A context manager: until its end visitors log in, ask /auth, list their sessions and log out."""

    def __init__(self, service):
        super().__init__(partial(self._come, number) for number in range(4))
        self._service = service
        self.statuses = Counter()

    def _come(self, number):
        with fastcgi.Connection(self._service.place, timeout=allow(30)) as connection:
            while self.goes_on():
                login = log_in(connection, number)
                self.statuses["login", login.status] += 1
                if login.status != 200:
                    continue
                for what, params in (
                        ("auth", auth_request(login.cookie)),
                        ("sessions", web("GET", "/sessions", headers={"Cookie": login.cookie})),
                        ("ready", web("GET", "/readyz", GATEHOUSE_INTERNAL="1"))):
                    self.statuses[what, connection.ask(params).status] += 1
                self.statuses["logout", log_out(connection, login.cookie).status] += 1


ALL_WELL = {("login", 200), ("auth", 204), ("sessions", 200), ("ready", 200), ("logout", 200)}


def assert_all_well(load):
    assert set(load.statuses) == ALL_WELL, load.statuses


@pytest.fixture
def with_census(request, stack, members):
    """A gatehouse with this census and a log of its own. What the census leaves on the server is ended."""
    name = re.sub("[^a-z]+", "-", request.node.name)
    def start(query):
        return Instance(stack, name, members.settings(user={"census_query": query}))
    yield start
    for census in running_census(stack):
        stack.database.run(f"KILL {census}")


def running_census(stack):
    """The ids of the connections that count at this moment."""
    rows = stack.database.run("SELECT id FROM information_schema.processlist"
                              " WHERE info LIKE '%SLEEP(3)%' AND id <> CONNECTION_ID()")
    return rows.split()


def test_no_request_is_refused_while_a_slow_census_goes_on(stack, with_census):
    with with_census(SLOW) as service:
        service.wait_until_serving(allow(5))
        eventually(lambda: running_census(stack), allow(10), what="the census has begun")
        with Load(service) as load:
            time.sleep(WATCHED)
        assert_all_well(load)
        assert "MySQL is away" not in service.log()


def test_no_request_is_refused_when_the_connection_of_the_census_is_killed(stack, with_census):
    with with_census(SLOW) as service:
        service.wait_until_serving(allow(5))
        with Load(service) as load:
            (census,) = eventually(lambda: running_census(stack), allow(10))
            time.sleep(1)
            stack.database.run(f"KILL {census}")
            eventually(lambda: "cannot be counted" in service.log(), allow(10))
            time.sleep(1)
        assert_all_well(load)
        assert "MySQL is away" not in service.log()


def test_no_request_is_refused_while_the_rows_of_the_census_are_locked(stack, with_census):
    """Of a table that the census alone reads: as while an ALTER TABLE goes on."""
    stack.database.run("CREATE TABLE IF NOT EXISTS counted (id int PRIMARY KEY, password varchar(255));"
                       "GRANT SELECT ON counted TO gatehouse@localhost")
    lock = partial(stack.database.run, "LOCK TABLES counted WRITE; SELECT SLEEP(6)")
    with Threads([lock]), with_census("SELECT password FROM counted") as service:
        service.wait_until_serving(allow(5))
        with Load(service) as load:
            time.sleep(WATCHED)
        assert_all_well(load)
        assert "MySQL is away" not in service.log()


def test_it_stops_at_once_while_a_slow_census_goes_on(stack, with_census):
    with with_census(SLOW) as service:
        service.wait_until_serving(allow(5))
        eventually(lambda: running_census(stack), allow(10))
        begin = time.monotonic()
        assert service.process.stop(allow(12)) == 0
        assert time.monotonic() - begin < allow(3)


def test_the_verb_counts_for_longer_than_a_login_may_take(stack, members):
    config = write_config(stack, "slow-verb", members.settings(
        user={"census_query": "SELECT password FROM (SELECT password FROM member LIMIT 4) AS few"
                              " WHERE SLEEP(1) = 0"}))
    done = run_verb(stack, "password", "census", config=config)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4  in all" in done.stdout
