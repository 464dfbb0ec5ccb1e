"""SIGHUP: other settings, and nobody is lost."""
import base64
import os
import time

import pytest

import fastcgi
from fastcgi import request, web
from instance import Instance
from systemd_ear import SystemdEar
from visitor import HOME, home_request, login_request
from waiting import allow, eventually

LONG = b"x" * 3000


@pytest.fixture
def ear(tmp_path):
    with SystemdEar(tmp_path / "notify") as ear:
        yield ear


@pytest.fixture
def service(stack, ear):
    with Instance(stack, "reloaded", {}, prefix=ear.prefix) as service:
        service.wait_until_serving(allow(5))
        ear.hears("READY=1", allow(5))
        ear.forget()
        yield service


def reload(service, ear, changes):
    """Reloads with these changes; gives the status that systemd shows then."""
    service.configure(changes)
    return again(service, ear)


def again(service, ear):
    ear.forget()
    service.reload()
    ear.hears("READY=1", allow(15))
    return ear.status()


def takes(service, connection=None):
    """The status of a login with 3,000 bytes of garbage: 413 where the limit is below."""
    params = web("POST", "/login", LONG)
    return (connection.ask(params, LONG) if connection else service.ask(params, LONG)).status


def is_in(service, cookie):
    return service.ask(home_request(cookie)).status == 200


def new_key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=") + "\n"


def test_settings_change_and_connections_and_sessions_stay(service, ear):
    process, cookie = service.process.pid, service.login().cookie
    with fastcgi.Connection(service.place) as kept:
        assert takes(service, kept) == 400
        assert reload(service, ear, {"server": {"max_body": "1KiB"}}) == "Serving"
        assert takes(service, kept) == 413
        assert kept.ask(home_request(cookie)).status == 200
    assert (service.process.pid, service.process.running) == (process, True)


def test_systemd_is_told_when_it_begins_and_when_it_is_over(service, ear):
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    reload(service, ear, {})
    said = ear.said()
    assert said.index("RELOADING=1") < said.index("READY=1")
    [begun] = [int(line[15:]) for line in said if line.startswith("MONOTONIC_USEC=")]
    assert before <= begun <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000


def test_broken_settings_fail_it_and_those_from_before_stay(service, ear):
    cookie = service.login().cookie
    status = reload(service, ear, {"server": {"max_body": "1KiB", "login_thraeds": 3}})
    assert "the reload failed" in status and "login_thraeds: unknown key" in status
    assert "login_thraeds: unknown key" in service.log()
    assert "ask `gatehouse check --config /" in service.log()
    assert takes(service) == 400
    assert is_in(service, cookie)
    assert reload(service, ear, {}) == "Serving"


def test_a_query_that_mysql_refuses_fails_it(service, ear):
    status = reload(service, ear, {"user": {"query": "SELECT id, nick, password FROM user WHERE username = :name"}})
    assert "the reload failed" in status and "user.query" in status and "nick" in status
    assert service.login().status == 200


def test_a_server_that_does_not_answer_fails_it(service, ear):
    status = reload(service, ear, {"mysql": {"socket": "/nonexistent/mysqld.sock"}})
    assert "the reload failed" in status and "MySQL cannot be reached" in status
    assert service.login().status == 200


def test_what_needs_a_restart_is_named_and_the_rest_changes(service, ear):
    status = reload(service, ear, {"server": {"login_threads": 7, "max_body": "1KiB"}})
    assert status == "Serving; these changes must wait for a restart: server.login_threads"
    assert takes(service) == 413


def test_a_logout_counts_after_a_reload_and_before(service, ear):
    gone, left = service.login().cookie, service.login().cookie
    assert service.ask(web("POST", "/logout", headers={"Cookie": gone})).status == 200
    reload(service, ear, {"session": {"max_per_user": 40}})
    assert not is_in(service, gone)
    assert is_in(service, left)
    assert service.ask(web("POST", "/logout", headers={"Cookie": left})).status == 200
    assert not is_in(service, left)


def test_sessions_in_memory_survive_it(stack, ear):
    with Instance(stack, "in-memory", {"session": {"store": "memory"}}, prefix=ear.prefix) as service:
        service.wait_until_serving(allow(5))
        cookie = service.login().cookie
        changed = {"session": {"store": "memory", "idle_timeout": "20m"}, "password": {"min_length": 9}}
        assert reload(service, ear, changed) == "Serving"
        assert is_in(service, cookie)


def test_shorter_lifetimes_count_for_the_sessions_that_there_are(service, ear):
    cookie = service.login().cookie
    reload(service, ear, {"session": {"idle_timeout": "10s", "absolute_lifetime": "10s"}})
    eventually(lambda: not is_in(service, cookie), allow(12), every=0.5)


def test_logins_in_flight_are_finished(service, ear):
    with fastcgi.peers(service.place, 12, allow(15)) as asking:
        for connection in asking:
            connection.send(request(*login_request()))
        fastcgi.ask(service.place, HOME)  # it is accepted after the others: they have been read, too
        reload(service, ear, {"session": {"max_per_user": 41}})
        assert [connection.answer().status for connection in asking] == [200] * 12


def test_reloads_one_after_the_other_lose_nothing(service, ear):
    cookie = service.login().cookie
    with fastcgi.Connection(service.place) as kept:
        for size in (10, 9, 8, 7, 6, 5, 4, 3, 2):  # only the last is less than what takes() sends
            service.configure({"server": {"max_body": f"{size}KiB"}})
            service.reload()
            assert kept.ask(home_request(cookie)).status == 200
    eventually(lambda: takes(service) == 413 and ear.status() == "Serving", allow(30), what="the last settings count")
    assert is_in(service, cookie)


def test_systemd_hears_of_life_before_and_after(stack, ear):
    """WatchdogSec=: within each second."""
    with Instance(stack, "watched", {}, prefix=[*ear.prefix, "WATCHDOG_USEC=1000000"]) as service:
        service.wait_until_serving(allow(5))
        ear.hears("WATCHDOG=1", allow(2))
        reload(service, ear, {"session": {"max_per_user": 42}})
        for _ in range(3):
            ear.forget()
            ear.hears("WATCHDOG=1", allow(2))


def test_mysql_away_keeps_nobody_out_who_is_in(service, ear, database):
    cookie = service.login().cookie
    database.stop()
    assert reload(service, ear, {"server": {"max_body": "1KiB"}}) == "Serving"
    assert is_in(service, cookie)
    assert service.login().status == 503
    assert takes(service) == 413
    database.start()
    eventually(lambda: service.login().status == 200, allow(5), what="logins work again")


def test_failed_logins_are_not_forgotten(stack, ear):
    """Otherwise each reload would let everybody guess from the beginning."""
    guess = {"username": "nobody-at-all", "password": "wrong", "address": "198.51.100.77"}
    # All waits but one are out of the way: after ten failures the name is closed, for much longer than this takes.
    limits = {"session": {"store": "memory"}, "guard": {"free_guesses": 1000, "strangers_free_guesses": 1000,
                                                        "address_free_guesses": 1000, "close_after": 10,
                                                        "strangers_max_wait": "1h"}}
    with Instance(stack, "guarded-reload", limits, prefix=ear.prefix) as service:
        service.wait_until_serving(allow(5))
        ear.hears("READY=1", allow(5))
        assert [service.login(**guess).status for _ in range(11)] == [400] * 10 + [429]
        assert reload(service, ear, {**limits, "cookie": {"same_site": "strict"}}) == "Serving"
        assert service.login(**guess).status == 429


class TestKeys:
    """Append everywhere, promote everywhere, remove."""

    @pytest.fixture
    def keys(self, stack):
        path = stack.dir / "rotated.keys"

        def write(text):
            path.write_text(text)
            path.chmod(0o600)
        write.path = path
        return write

    @pytest.fixture
    def service(self, stack, ear, keys):
        self.old, self.new = new_key(), new_key()
        keys(self.old)
        changes = {"session": {"key_file": str(keys.path), "store": "memory"}}
        with Instance(stack, "rotating", changes, prefix=ear.prefix) as service:
            service.wait_until_serving(allow(5))
            ear.hears("READY=1", allow(5))
            yield service

    def test_are_rotated_without_losing_a_session(self, service, ear, keys):
        first = service.login().cookie
        keys(self.old + self.new)
        assert again(service, ear) == "Serving"
        second = service.login().cookie
        keys(self.new + self.old)
        assert again(service, ear) == "Serving"
        third = service.login().cookie
        assert all(is_in(service, cookie) for cookie in (first, second, third))
        keys(self.new)
        assert again(service, ear) == "Serving"
        assert [is_in(service, cookie) for cookie in (first, second, third)] == [False, False, True]

    def test_a_key_that_nobody_knows_fails_it(self, service, ear, keys):
        cookie = service.login().cookie
        keys(self.new)
        assert "the first key of session.key_file is not one" in again(service, ear)
        assert is_in(service, cookie)

    def test_a_broken_key_file_fails_it(self, service, ear, keys):
        cookie = service.login().cookie
        keys("nonsense\n")
        assert "line 1 is not a key" in again(service, ear)
        assert is_in(service, cookie)


def test_strange_keys_fail_it(stack, service, ear):
    cookie = service.login().cookie
    strange = stack.dir / "strangers.keys"
    strange.write_text(new_key())
    strange.chmod(0o600)
    status = reload(service, ear, {"session": {"key_file": str(strange)}})
    assert "the reload failed" in status and "the first key of session.key_file is not one" in status
    assert is_in(service, cookie)
