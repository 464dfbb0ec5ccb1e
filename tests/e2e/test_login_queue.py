"""A flood of logins: bounded, fair, and no matter to those already inside."""
import contextlib
import selectors
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi
from fastcgi import Connection, peers, request
from processes import cpu_seconds
from visitor import HOME, home_request, login_request
from waiting import allow, eventually, median_time, timed

FLOODER, HONEST = "203.0.113.9", "198.51.100.7"
PARKED = 0.250


@contextlib.contextmanager
def logins(stack, count, address=FLOODER, password="roy"):
    """`count` connections, each of which has sent a login."""
    data = request(*login_request(password=password, address=address))
    with peers(stack.fcgi_socket, count, allow(20)) as connections:
        start = time.monotonic()
        for connection in connections:
            connection.send(data)
        yield start, connections


def collect(start, connections):
    """[(seconds since start, answer)] in the order in which the answers come."""
    answers = []
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while len(answers) < len(connections):
            ready = selector.select(timeout=allow(20))
            assert ready, f"only {len(answers)} answers of {len(connections)}"
            elapsed = time.monotonic() - start
            for key, _ in ready:
                selector.unregister(key.fileobj)
                answers.append((elapsed, key.data.answer()))
    return answers


@pytest.fixture(autouse=True)
def the_queue_is_empty_again(stack):
    yield
    def login():
        return fastcgi.ask(stack.fcgi_socket, *login_request(address=HONEST))
    eventually(lambda: login().status == 200, allow(10))


def test_of_200_logins_at_once_some_are_checked_and_the_rest_are_refused_after_a_pause(stack):
    with logins(stack, 200) as (start, connections):
        answers = collect(start, connections)
    assert {answer.status for _, answer in answers} == {200, 503}
    checked = [elapsed for elapsed, answer in answers if answer.status == 200]
    refused = [(elapsed, answer) for elapsed, answer in answers if answer.status == 503]
    assert len(checked) >= 10
    for elapsed, answer in refused:
        assert int(answer.header("Retry-After")) >= 1
        assert answer.json() == {"message": "Service Unavailable", "reason": "busy"}
        assert answer.header("Set-Cookie") is None
        assert elapsed >= PARKED - 0.02
    assert refused[len(refused) // 2][0] < allow(PARKED + 0.25)


def test_home_stays_quick_while_200_logins_wait(stack, honest):
    cookie = fastcgi.ask(stack.fcgi_socket, *login_request(address=HONEST)).cookie
    with logins(stack, 200) as (start, connections):
        with Connection(stack.fcgi_socket) as inside:
            assert median_time(lambda: inside.ask(home_request(cookie)), 50) < allow(0.010)
        honest(20)
        collect(start, connections)


def test_another_address_is_served_promptly_during_a_flood(stack):
    with logins(stack, 200) as (start, connections):
        elapsed, answer = timed(lambda: fastcgi.ask(stack.fcgi_socket, *login_request(address=HONEST)))
        collect(start, connections)
    assert answer.status == 200
    assert elapsed < allow(0.5)


@pytest.mark.parametrize("flooder, honest_address", [
    ("203.0.113.9", "203.0.113.10"), ("2001:db8:1:2::9", "2001:db8:1:3::9"), ("unix:", "198.51.100.7"),
])
def test_a_flooder_takes_only_its_own_share(stack, flooder, honest_address):
    with logins(stack, 100, flooder) as flood:
        with logins(stack, 4, honest_address) as (start, connections):
            answers = collect(start, connections)
        collect(*flood)
    assert [answer.status for _, answer in answers] == [200] * 4


@pytest.mark.parametrize("addresses", [
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2"], ["203.0.113.9", "::ffff:203.0.113.9"], ["unix:", ""],
])
def test_addresses_of_one_client_share_one_share(stack, addresses):
    flooder, same = addresses
    with logins(stack, 100, flooder) as flood:
        with logins(stack, 4, same) as (start, connections):
            answers = collect(start, connections)
        collect(*flood)
    # Of another client they would all have had their turn by then.
    assert not [elapsed for elapsed, answer in answers if answer.status == 200 and elapsed < 0.4]


def test_a_client_that_has_gone_is_not_hashed_for(stack):
    with logins(stack, 60, password="wrong"):
        before = cpu_seconds(stack.gatehouse.pid)
    elapsed, answer = timed(lambda: fastcgi.ask(stack.fcgi_socket, *login_request(address=FLOODER)))
    assert answer.status == 200
    one_login = 0.031
    assert elapsed < allow(10 * one_login)
    assert cpu_seconds(stack.gatehouse.pid) - before < allow(20 * one_login)


def test_a_flood_through_nginx_gets_the_same_two_answers_and_home_stays_quick(site):
    token = site.token()
    with ThreadPoolExecutor(100) as pool:
        flood = [pool.submit(site.login) for _ in range(200)]
        homes = [site.home(token) for _ in range(5)]
        answers = [future.result() for future in flood]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status_code == 503)
    assert all(answer.status_code in (200, 401) for answer in homes)  # 50 sessions a user


def test_a_refused_client_that_goes_away_is_forgotten(stack, honest):
    for _ in range(3):
        with logins(stack, 300):
            pass
    honest()
    assert fastcgi.ask(stack.fcgi_socket, HOME).status == 401
