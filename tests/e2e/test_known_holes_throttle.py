"""Published classes of holes in throttles, and what a failed login tells: with the limits as they are installed."""
import math
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi
from fastcgi import web
from instance import Instance
from member import PASSWORD, UPDATE, cheap_hash, name
from pages_site import PagesSite
from visitor import INVALID_PASSWORD, LOGGED_IN, login_request
from waiting import allow, eventually

# As installed, but that a name is closed to strangers at once when their free guesses are used up: no test depends on
# how long it takes.
LIMITS = {"free_guesses": 5, "strangers_free_guesses": 10, "close_after": 10, "address_free_guesses": 20,
          "network_free_guesses": 100}
FREE = LIMITS["free_guesses"]


@pytest.fixture(scope="module")
def host(stack, members):
    """A gatehouse with these limits, and all counts at zero."""
    stack.database.run("DELETE FROM login_failure; DELETE FROM login_place; DELETE FROM login_event")
    with Instance(stack, "throttled", members.settings(guard=LIMITS, user={"update_query": UPDATE})) as host:
        host.wait_until_serving(allow(5))
        yield host


@pytest.fixture(scope="module")
def front(stack, host, port):
    with PagesSite(stack, port + 86, host.place) as front:
        yield front.site


def guess(front, user, address, password="wrong", path="/login", form=False):
    """The answer through nginx, to a client of this address."""
    body = {"username": user, "password": password}
    return front.send("POST", path, headers={"Test-Client-Address": address}, **{"data" if form else "json": body})


def looked_at(answers):
    """How many of them came from a look at the password."""
    told = [answer.status_code == 400 or "error=password" in answer.headers.get("Location", "") for answer in answers]
    throttled = [answer.status_code == 429 or "error=throttled" in answer.headers.get("Location", "")
                 for answer in answers]
    assert all(one or other for one, other in zip(told, throttled)), [answer.status_code for answer in answers]
    return sum(told)


def most_looks(begun):
    """Those that are free, and those of the waits (1 s, 2 s, 4 s ...) that have ended meanwhile on a slow machine."""
    return FREE + 1 + int(math.log2(time.monotonic() - begun + 1))


def test_another_endpoint_is_no_way_around_the_throttle(front, host):
    user, address = name(100), "198.51.100.1"
    ways = [("/login", False), ("/api/login", False), ("/gatehouse/login", False), ("/gatehouse/login", True)]
    begun = time.monotonic()
    answers = [guess(front, user, address, path=path, form=form) for _ in range(4) for path, form in ways]
    assert looked_at(answers) <= min(most_looks(begun), 2 * FREE)
    # The password that a change asks for is guessed with a stolen session, from the same address.
    session = host.login(user, PASSWORD, address="192.0.2.100").cookie
    headers = {"Cookie": session, "Test-Client-Address": address}
    changes = [front.send("POST", "/password", json={"current": "wrong", "new": "a long new one"}, headers=headers)
               for _ in range(FREE + 2)]
    assert looked_at([*answers, *changes]) <= most_looks(begun)


def test_another_spelling_is_no_way_around_the_throttle(front):
    user = name(101)
    spellings = [user, user.upper(), user.title(), user + " ", user.replace("e", "é"), user.replace("e", "È")]
    with ThreadPoolExecutor(5) as pool:
        answers = pool.map(lambda at: [guess(front, spelling, f"198.51.104.{at}") for spelling in spellings], range(5))
        assert looked_at(sum(answers, [])) <= 2 * FREE
    for spelling in spellings:
        assert guess(front, spelling, "198.51.100.30", PASSWORD).status_code == 429, spelling


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.0.0.2", "::ffff:127.0.0.1", "10.0.0.1"])
def test_a_loopback_or_private_address_is_no_way_around_the_throttle(front, address):
    begun = time.monotonic()
    answers = [guess(front, f"{name(102)}-of-{address}", address) for _ in range(2 * FREE - 1)]
    assert looked_at(answers) <= most_looks(begun)
    assert any(answer.status_code == 429 for answer in answers)


def test_an_address_that_nobody_can_read_is_no_way_around_the_throttle(host):
    strange = ["", "unix:", "x", "1.2.3.4, 5.6.7.8", "1.2.3.4:80", "[::1]", "fe80::1%eth0", "0x7f.1", "9" * 4000, "*"]
    begun = time.monotonic()
    answers = [host.login(name(103), "wrong", address=address) for address in strange]
    assert len(answers) == 2 * FREE
    assert sum(answer.json() == INVALID_PASSWORD for answer in answers) <= min(most_looks(begun), 2 * FREE - 1)


def test_counters_are_atomic(front):
    """All forty ask before one of them is answered."""
    begun = time.monotonic()
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: guess(front, name(104), "198.51.100.4"), range(40)))
    assert looked_at(answers) <= most_looks(begun)


def close(front, user, network):
    with ThreadPoolExecutor(15) as pool:
        list(pool.map(lambda number: guess(front, user, f"{network}.{number % 3}"), range(15)))


def test_a_throttle_is_no_oracle(front, host):
    """Whoever must wait learns neither whether the password is right nor whether there is such a name."""
    there, absent = name(105), "no-such-member"
    close(front, there, "198.51.101")
    close(front, absent, "198.51.102")
    answers = {}
    for number, (what, user, password) in enumerate((("right", there, PASSWORD), ("wrong", there, "x"),
                                                     ("absent", absent, "x"))):
        begun = time.monotonic()
        answer = host.login(user, password, address=f"198.51.103.{number}")
        answers[what] = (time.monotonic() - begun, answer)
    seen = {(answer.status, answer.body, tuple(header for header in answer.headers if header[0] != "Retry-After"))
            for _, answer in answers.values()}
    assert len(seen) == 1 and next(iter(seen))[0] == 429, seen
    times = [seconds for seconds, _ in answers.values()]
    assert max(times) - min(times) < allow(0.05), times


def test_an_error_of_the_counter_is_not_read_as_nobody_to_throttle(front, stack):
    stack.database.run("RENAME TABLE login_failure TO login_failure_away")
    try:
        begun = time.monotonic()
        answers = [guess(front, name(106), "198.51.100.7") for _ in range(2 * FREE)]
        assert looked_at(answers) <= min(most_looks(begun), 2 * FREE - 1)
    finally:
        stack.database.run("RENAME TABLE login_failure_away TO login_failure")


def test_broken_credentials_of_one_client_hurt_no_other_login(front):
    user = name(107)
    guesses = [guess(front, user, "198.51.100.8") for _ in range(2 * FREE - 1)]
    assert any(answer.status_code == 429 for answer in guesses)
    assert guess(front, user, "203.0.113.7", PASSWORD).json() == LOGGED_IN
    assert guess(front, name(108), "198.51.100.8", PASSWORD).json() == LOGGED_IN
    for broken in ({"username": user}, {"username": user, "password": None}, {}):
        assert front.send("POST", "/login", json=broken).status_code == 400
    assert guess(front, user, "203.0.113.7", PASSWORD).json() == LOGGED_IN


# Timing.

LONG = "l" * 100  # more bytes than bcrypt reads
TIMED = {"disabled": cheap_hash(PASSWORD), "locked": "!" + cheap_hash(PASSWORD), "unusable": "*0", "empty": "",
         "over_72": "$2b$05$" + 53 * "a", "wrong": cheap_hash("another")}
FEWEST_TURNS, TURNS = 9, 24  # on a busy machine it takes more of them until they are alike, if they are


@pytest.fixture(scope="module")
def timed(stack):
    """{kind: (the times of failed logins of it, those of an unknown name with as long a password)}."""
    rows = ", ".join(f"({3_000_000 + i}, '{kind}', '{stored}')" for i, (kind, stored) in enumerate(TIMED.items()))
    stack.database.run("CREATE TABLE timed_row (id INT PRIMARY KEY, name VARCHAR(45), pass VARCHAR(255));"
                       f"INSERT INTO timed_row VALUES {rows}, (3000100, 'dearest', 'pbkdf2:sha256:60000$x${64 * 'a'}');"
                       "REPLACE INTO user_disabled VALUES ('3000000');"
                       "GRANT SELECT ON timed_row TO gatehouse@localhost")
    settings = {"user": {"query": "SELECT id, name, pass FROM timed_row WHERE name = :name",
                         "census_query": "SELECT pass FROM timed_row"}}
    times = {kind: ([], []) for kind in TIMED}
    with Instance(stack, "timed-rows", settings) as instance:
        instance.wait_until_serving(allow(5))
        eventually(lambda: "the user table has 7 hashes" in instance.log(), allow(10), what="it knows the dearest")
        with fastcgi.Connection(instance.place) as connection:
            for turn in range(TURNS):
                if turn >= FEWEST_TURNS and all(are_alike(*both) for both in times.values()):
                    break
                for kind, both in times.items():
                    time_one_of_each(connection, kind, both)
    stack.database.run("DROP TABLE timed_row; DELETE FROM user_disabled WHERE user_id = '3000000'")
    return times


def time_one_of_each(connection, kind, times):
    password = LONG if kind == "over_72" else PASSWORD
    for user, times_of in zip((kind, "unknown-name"), times):
        begun = time.monotonic()
        assert connection.ask(*login_request(user, password)).json() == INVALID_PASSWORD, kind
        times_of.append(time.monotonic() - begun)


def usual(times):
    """The lower quarter: what else the machine does then makes a time longer, and never shorter."""
    return statistics.quantiles(times, n=4)[0]


def are_alike(there, unknown):
    return abs(usual(there) - usual(unknown)) < 0.2 * min(usual(there), usual(unknown)) + 0.002


def assert_alike(times):
    assert are_alike(*times), times


def test_the_time_does_not_tell_an_unknown_name(timed):
    assert_alike(timed["wrong"])
    assert min(timed["wrong"][0]) > 0.004, "and so it computes something, though the row's hash is cheap"


def test_the_time_does_not_tell_a_disabled_user(timed):
    assert_alike(timed["disabled"])


def test_the_time_does_not_tell_a_locked_row(timed):
    assert_alike(timed["locked"])


def test_the_time_does_not_tell_an_unusable_row(timed):
    assert_alike(timed["unusable"])
    assert_alike(timed["empty"])


def test_the_time_of_a_password_over_72_bytes_does_not_tell_bcrypt(timed):
    assert_alike(timed["over_72"])


# Slow peers, and slow logins.

def test_slow_peers_delay_nobody(stack, honest):
    """They send half a request and wait, as many as a service with a thread for each would have threads."""
    whole = fastcgi.request(*login_request())
    with fastcgi.peers(stack.fcgi_socket, 300, allow(10)) as slow:
        for place, peer in enumerate(slow):
            peer.send(whole[:1 + place % (len(whole) - 1)])
        honest(5)
        assert fastcgi.ask(stack.fcgi_socket, *login_request(), timeout=allow(5)).status == 200


def test_a_login_that_is_slow_to_compute_delays_nobody_who_is_in(stack):
    cookie = fastcgi.ask(stack.fcgi_socket, *login_request()).cookie
    enough = threading.Event()

    def flood(number):
        while not enough.is_set():
            fastcgi.ask(stack.fcgi_socket, *login_request("roy", f"wrong {number}"), timeout=allow(30))

    with ThreadPoolExecutor(6) as pool:
        for number in range(6):
            pool.submit(flood, number)
        times = []
        for _ in range(20):
            begun = time.monotonic()
            assert fastcgi.ask(stack.fcgi_socket, web("GET", "/", headers={"Cookie": cookie})).status == 200
            times.append(time.monotonic() - begun)
        enough.set()
    assert statistics.median(times) < allow(0.05), times
