"""Published classes of holes around clocks and keys: with tables of sessions of their own, since they move the
database's clock."""
import json
import signal
from contextlib import contextmanager

import pytest

from fastcgi import web
from instance import Instance, write_config
from member import PASSWORD, cookie_of, log_in, log_out, name, status
from systemd_ear import SystemdEar
from verbs import run_verb
from waiting import allow, eventually

DATABASE = "holes"
LAST_SECOND = 2_147_483_640  # seven seconds before 32 bits are full, on 19 January 2038


@pytest.fixture
def settings(stack, members):
    stack.database.run(f"CREATE DATABASE {DATABASE}; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX"
                       f" ON {DATABASE}.* TO gatehouse@localhost")
    keys = stack.dir / "holes.keys"
    keys.write_text("H" * 42 + "A\n")
    keys.chmod(0o640)
    settings = members.settings(session={"database": DATABASE, "key_file": str(keys)})
    config = write_config(stack, "holes", settings)
    assert run_verb(stack, "migrate", config=config).returncode == 0
    yield settings
    stack.database.run(f"DROP DATABASE {DATABASE}; REVOKE ALL ON {DATABASE}.* FROM gatehouse@localhost")


@contextmanager
def database_clock(stack, time):
    """The time of the database, for connections that begin meanwhile; it stands still."""
    stack.database.run(f"SET GLOBAL init_connect = 'SET timestamp = {time}'")
    try:
        yield
    finally:
        stack.database.run("SET GLOBAL init_connect = ''")


@contextmanager
def service(stack, settings, **how):
    with Instance(stack, "holes", settings, **how) as service:
        service.wait_until_serving(allow(5))
        yield service


def now(stack):
    return int(stack.database.run("SELECT UNIX_TIMESTAMP()"))


def remembered(host, number):
    answer = log_in(host, number, remember=True)
    assert answer.status == 200 and "Max-Age=2592000" in answer.set_cookie
    return answer.cookie


def test_a_session_that_lasts_beyond_2038_is_one(stack, settings):
    with database_clock(stack, LAST_SECOND), service(stack, settings) as host:
        cookie, left = remembered(host, 1), remembered(host, 1)
        assert status(host, cookie) == 200
        listed = host.ask(web("GET", "/sessions", headers={"Cookie": cookie})).json()["sessions"]
        assert len(listed) == 2
        assert log_out(host, left).status == 200
        assert (status(host, cookie), status(host, left)) == (200, 401)
        stored = stack.database.run(f"SELECT DISTINCT YEAR(created_at) FROM {DATABASE}.session").split()
        assert stored == ["2038"]
    with database_clock(stack, LAST_SECOND + 7), service(stack, settings) as host:
        assert (status(host, cookie), status(host, left)) == (200, 401), "as read back from the table"


def test_a_clock_set_back_brings_no_session_back_and_makes_none_eternal(stack, settings):
    """An hour ahead, and then right again: whoever logged out stays out, and the others can log out."""
    with database_clock(stack, now(stack) + 3600), service(stack, settings) as host:
        left, stays = cookie_of(host, 2), cookie_of(host, 2)
        assert log_out(host, left).status == 200
    with service(stack, settings) as host:
        assert status(host, left) == 401
        assert status(host, stays) == 200
        later = cookie_of(host, 2)
        assert log_out(host, stays).status == 200 and log_out(host, later).status == 200
        assert [status(host, cookie) for cookie in (left, stays, later)] == [401] * 3
    with database_clock(stack, now(stack) - 3600), service(stack, settings) as host:
        assert [status(host, cookie) for cookie in (left, stays, later)] == [401] * 3, "an hour late, too"
        assert status(host, cookie_of(host, 2)) == 200


def test_a_removed_key_is_good_for_nothing_and_a_new_one_loses_nobody(stack, settings, tmp_path):
    with SystemdEar(tmp_path / "notify") as ear, service(stack, settings, prefix=ear.prefix) as host:
        ear.hears("READY=1", allow(5))

        def key(*words):
            done = run_verb(stack, "key", *words, config=host.config)
            assert done.returncode == 0, done.stderr
            return done.stdout

        def reload():
            ear.forget()
            host.process.send_signal(signal.SIGHUP)
            ear.hears("READY=1", allow(10))

        def marks():
            return [one["mark"] for one in json.loads(key("list", "--json"))["keys"]]

        first = log_in(host, 3)
        key("add")
        reload()
        old, new = marks()
        key("promote", new)
        reload()
        second = log_in(host, 3)
        assert (status(host, first.cookie), status(host, second.cookie)) == (200, 200)
        key("remove", "--yes", "--", old)
        reload()
        assert (status(host, first.cookie), status(host, second.cookie)) == (401, 200)
        row = stack.database.run(f"SELECT COUNT(*) FROM {DATABASE}.session WHERE username = '{name(3)}'")
        assert int(row) == 2, "the row is there still: it is the token that is refused"


def test_a_session_ends_when_it_was_not_used_and_when_it_is_old(stack, settings):
    """By the database's clock, which the visitor's cookie cannot move."""
    begun = now(stack)
    with database_clock(stack, begun), service(stack, settings) as host:
        idle, old = cookie_of(host, 4), cookie_of(host, 4)
    with database_clock(stack, begun + 29 * 60), service(stack, settings) as host:
        assert status(host, old) == 200
    assert last_use(stack) >= begun + 28 * 60, "what was not written yet is written when the service stops"
    with database_clock(stack, begun + 31 * 60), service(stack, settings) as host:
        assert (status(host, idle), status(host, old)) == (401, 200)
    with database_clock(stack, begun + 12 * 3600 + 60), service(stack, settings) as host:
        assert status(host, old) == 401
        assert log_in(host, 4, PASSWORD).status == 200


def last_use(stack):
    return int(float(stack.database.run(f"SELECT MAX(UNIX_TIMESTAMP(last_used)) FROM {DATABASE}.session")))
