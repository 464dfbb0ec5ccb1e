"""Failed logins of each kind, in turn and in bursts: their times do not tell which kind it was.

Minutes long, and so collected only where GATEHOUSE_LONG=1 says that there is time (tests/run.sh --full)."""
import contextlib
import hashlib
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial

import pytest

import fastcgi
from instance import Instance
from threads import Threads
from visitor import INVALID_PASSWORD, login_request
from waiting import allow

TIMES = int(os.environ.get("GATEHOUSE_EQUAL_TIMES", "600"))
TOLERANCE = 0.02
CUT = 10  # a 10th of the times at either end is left out: what else the machine did then
BURST = 8
BURST_TOLERANCE = {"quiet": 0.10, "busy": 0.15}
COMPANY_TOLERANCE = 0.10

# Two rows with one name and one password are a failed login like any other; 0 leaves the kind out.
AMBIGUOUS = os.environ.get("GATEHOUSE_EQUAL_AMBIGUOUS", "1") == "1"

WRONG = "not the password"
RIGHT = "the right one :)"  # of the same length: that, whoever typed it knows
LONG = 400 * "n"


def cheap_hash(password, rounds=1):
    return f"pbkdf2:sha256:{rounds}$salt${hashlib.pbkdf2_hmac('sha256', password.encode(), b'salt', rounds).hex()}"


# One table with all that can be wrong with a row. The dearest is not the one that a login name of the
# tutorial has, and not of its family.
ROWS = {
    "wrong": "pbkdf2:sha256:150000$k1Ud5dzh$d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e",
    "cheap": "pbkdf2:sha256:1$salt$" + 64 * "a",
    "weak": "5f4dcc3b5aa765d61d8327deb882cf99",
    "unreadable": "not a hash",
    "empty": "",
    "too dear": "pbkdf2:sha256:4000000000$salt$" + 64 * "a",
    "disabled": cheap_hash(RIGHT),
    "ambiguous": cheap_hash(RIGHT),
}


@dataclass(frozen=True)
class Table:
    dearest: str
    max_cost: str
    rounds: int  # of a $6$ that costs less than that for a usual password, and more with 400 bytes
    turns: int
    bursts: int

    @property
    def rows(self):
        return {**ROWS, "over-long": f"$6$rounds={self.rounds}$0123456789abcdef$" + 86 * "a", "dearest": self.dearest}


TABLES = {
    "processor": Table("$2b$08$" + 53 * "a", "40ms 256MiB", 20_000, TIMES, max(3, TIMES // 30)),
    "memory": Table("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$" + 43 * "A", "150ms 256MiB", 60_000,
                    max(5, TIMES // 12), max(3, TIMES // 100)),
}
TYPED = {"disabled": RIGHT, "ambiguous": RIGHT}
KINDS = [kind for kind in [*ROWS, "over-long", "dearest", "unknown"] if AMBIGUOUS or kind != "ambiguous"]

LOOK_UP = "SELECT id, name, pass FROM timed_user WHERE name = :name"
CENSUS = "SELECT pass FROM timed_user"


@pytest.fixture(scope="module", params=[*TABLES])
def service(request, stack):
    table = TABLES[request.param]
    rows = [*table.rows.items()]
    if AMBIGUOUS:
        rows.append(("ambiguous", cheap_hash(RIGHT)))
    values = ", ".join(f"({2_000_000 + i}, '{name}', '{stored}')" for i, (name, stored) in enumerate(rows))
    disabled = [*ROWS].index("disabled") + 2_000_000
    stack.database.run("CREATE TABLE timed_user (id INT PRIMARY KEY, name VARCHAR(45), pass VARCHAR(255));"
                       f"INSERT INTO timed_user VALUES {values};"
                       f"REPLACE INTO user_disabled VALUES ('{disabled}');"
                       "GRANT SELECT ON timed_user TO gatehouse@localhost")
    settings = {"user": {"query": LOOK_UP, "census_query": CENSUS}, "log": {"level": "error"},
                "password": {"max_cost": table.max_cost}}
    with Instance(stack, "timed", settings) as instance:
        instance.wait_until_serving(allow(5))
        instance.table = table
        yield instance
    stack.database.run(f"DROP TABLE timed_user; DELETE FROM user_disabled WHERE user_id = '{disabled}'")


@contextlib.contextmanager
def busy_memory_bus():
    """Another process copies more memory than any cache holds, over and over."""
    copying = "a = memoryview(bytearray(256 << 20)); b = memoryview(bytearray(256 << 20))\nwhile True: b[:] = a"
    process = subprocess.Popen([sys.executable, "-c", copying])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def ask(connection, kind, password):
    """Seconds until it is refused."""
    params, body = login_request(kind, password)
    begin = time.monotonic()
    answer = connection.ask(params, body)
    elapsed = time.monotonic() - begin
    assert answer.json() == INVALID_PASSWORD, kind
    return elapsed


def middle(times):
    cut = len(times) // CUT
    return statistics.fmean(sorted(times)[cut:len(times) - cut])


def means_of(times):
    """The mean of each kind. Answers come at ticks, so that a median of those that come at one of two ticks would
    jump between them; a mean tells how many come at which."""
    means = {kind: middle(all_of_it) for kind, all_of_it in times.items()}
    print({kind: f"{mean * 1000:.3f} ms" for kind, mean in means.items()})
    return means


def assert_alike(measure, tolerance):
    """The two kinds that are furthest apart, of all that there are, may be so by chance. Where they are too far apart
    everything is measured once more, and those two must not be so again."""
    first = means_of(measure())
    fastest, slowest = min(first, key=first.get), max(first, key=first.get)
    if first[slowest] / first[fastest] - 1 < tolerance:
        return
    second = means_of(measure())
    apart = second[slowest] / second[fastest] - 1
    assert apart < tolerance, f"twice {slowest!r} took longer than {fastest!r}, {apart:.1%}: {first}, {second}"


def assert_one_by_one(service, turns, typed):
    def measure():
        times = {kind: [] for kind in KINDS}
        order = random.Random(1)
        with fastcgi.Connection(service.place, timeout=allow(30)) as connection:
            warm_up = max(2, turns // 100)
            for turn in range(warm_up + turns):
                for kind in order.sample(KINDS, len(KINDS)):
                    elapsed = ask(connection, kind, typed(kind))
                    if turn >= warm_up:
                        times[kind].append(elapsed)
        return times
    assert_alike(measure, TOLERANCE)


def test_the_time_of_a_failed_login_does_not_tell_why_it_failed(service):
    assert_one_by_one(service, service.table.turns, lambda kind: TYPED.get(kind, WRONG))


def test_nor_does_that_of_a_long_password(service):
    """Of which the hash of "over-long" costs more than is allowed."""
    assert_one_by_one(service, max(40, service.table.turns // 10), lambda _: LONG)


def burst(connections, kind):
    """Seconds of each of eight at once."""
    times = [None] * len(connections)

    def one(i):
        times[i] = ask(connections[i], kind, TYPED.get(kind, WRONG))

    with Threads(partial(one, i) for i in range(len(connections))):
        pass  # each asks once
    return times


@pytest.mark.parametrize("bus", [*BURST_TOLERANCE])
def test_bursts_of_eight_take_as_long_whatever_their_kind(service, bus):
    def measure():
        times = {kind: [] for kind in KINDS}
        order = random.Random(1)
        with contextlib.ExitStack() as held:
            connections = [held.enter_context(fastcgi.Connection(service.place, timeout=allow(60)))
                           for _ in range(BURST)]
            if bus == "busy":
                held.enter_context(busy_memory_bus())
            for turn in range(1 + service.table.bursts):
                for kind in order.sample(KINDS, len(KINDS)):
                    taken = burst(connections, kind)
                    if turn >= 1:
                        times[kind].append(max(taken))
        return times
    assert_alike(measure, BURST_TOLERANCE[bus])


def test_nor_does_it_beside_others_whose_hash_is_the_dearest(service):
    """Their hashes are computed side by side with that of a failed login if it has the same function, and by turns
    with it if it has another."""
    company = 3

    def measure():
        times = {kind: [] for kind in KINDS}
        order = random.Random(1)

        def others():
            with fastcgi.Connection(service.place, timeout=allow(60)) as connection:
                while threads.goes_on():
                    ask(connection, "unknown", WRONG)
        threads = Threads(others for _ in range(company))
        with threads, fastcgi.Connection(service.place, timeout=allow(60)) as connection:
            for _ in range(max(20, service.table.turns // 6)):
                for kind in order.sample(KINDS, len(KINDS)):
                    times[kind].append(ask(connection, kind, TYPED.get(kind, WRONG)))
        return times
    assert_alike(measure, COMPANY_TOLERANCE)
