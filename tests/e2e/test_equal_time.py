"""Two thousand failed logins of each kind, in turn: their times do not tell which kind it was.

Minutes long, and so collected only where GATEHOUSE_LONG=1 says that there is time (tests/run.sh --full)."""
import random
import statistics

import pytest

import fastcgi
from instance import Instance
from visitor import INVALID_PASSWORD, login_request
from waiting import allow, timed

TIMES = 2_000
TOLERANCE = 0.02
WARM_UP = 20

# One table with all that can be wrong with a row. The dearest is not the one that a log-in name of the
# tutorial has, and not of its family.
ROWS = {
    "wrong": "pbkdf2:sha256:150000$k1Ud5dzh$d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e",
    "cheap": "pbkdf2:sha256:1$salt$" + 64 * "a",
    "dearest": "$2b$08$" + 53 * "a",
    "weak": "5f4dcc3b5aa765d61d8327deb882cf99",
    "unreadable": "not a hash",
    "empty": "",
    "too dear": "pbkdf2:sha256:4000000000$salt$" + 64 * "a",
}
KINDS = [*ROWS, "unknown"]


LOOK_UP = "SELECT id, name, pass FROM timed_user WHERE name = :name"
CENSUS = "SELECT pass FROM timed_user"


@pytest.fixture
def service(stack):
    rows = ", ".join(f"('{name}', '{stored}')" for name, stored in ROWS.items())
    stack.database.run("CREATE TABLE timed_user (id INT PRIMARY KEY AUTO_INCREMENT,"
                       " name VARCHAR(45) UNIQUE, pass VARCHAR(255));"
                       f"INSERT INTO timed_user (name, pass) VALUES {rows};"
                       "GRANT SELECT ON timed_user TO gatehouse@localhost")
    settings = {"user": {"query": LOOK_UP, "census_query": CENSUS}, "log": {"level": "error"}}
    with Instance(stack, "timed", settings) as instance:
        instance.wait_until_serving(allow(5))
        yield instance
    stack.database.run("DROP TABLE timed_user")


def test_the_time_of_a_failed_login_does_not_tell_why_it_failed(service):
    times = {kind: [] for kind in KINDS}
    order = random.Random(1)
    with fastcgi.Connection(service.place) as connection:
        for turn in range(WARM_UP + TIMES):
            for kind in order.sample(KINDS, len(KINDS)):
                params, body = login_request(kind, "not the password")
                elapsed, answer = timed(lambda p=params, b=body: connection.ask(p, b))
                assert answer.json() == INVALID_PASSWORD, kind
                if turn >= WARM_UP:
                    times[kind].append(elapsed)
    medians = {kind: statistics.median(all_of_it) for kind, all_of_it in times.items()}
    print({kind: f"{median * 1000:.3f} ms" for kind, median in medians.items()})
    spread = max(medians.values()) / min(medians.values()) - 1
    assert spread < TOLERANCE, f"{spread:.1%} between {medians}"
