"""Backup and restore of Gatehouse's tables, by the commands that README.md prints: who logged out after the dump stays
out."""
import json
import subprocess

import pytest

from instance import Instance, write_config
from member import cookie_of, log_out, name, status
from verbs import run_verb
from waiting import allow, eventually

DATABASE = "backed_up"
KEPT, LEFT, SINCE = 11, 12, 13  # logged in all the time; logged out after the dump; logged in after it
NOTICED = 5  # seconds until a service that runs has found that its tables went back in time
CLAIMED = 30  # seconds between the marks by which it finds that


@pytest.fixture
def settings(stack, members):
    """A service whose tables are in a database of their own, as `gatehouse init` makes it."""
    stack.database.run(f"CREATE DATABASE {DATABASE}; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX"
                       f" ON {DATABASE}.* TO gatehouse@localhost")
    yield members.settings(session={"database": DATABASE})
    stack.database.run(f"DROP DATABASE {DATABASE}; REVOKE ALL ON {DATABASE}.* FROM gatehouse@localhost")


@pytest.fixture
def config(stack, settings):
    config = write_config(stack, "restore-verbs", settings)
    assert run_verb(stack, "migrate", config=config).returncode == 0
    return config


@pytest.fixture
def service(stack, settings, config):
    with Instance(stack, "restore", settings) as service:
        service.wait_until_serving(allow(5))
        yield service


class Backup:
    """What mariadb-dump wrote of the database."""

    def __init__(self, stack):
        self._account = ["--no-defaults", "-uroot", "-S", stack.env["MYSQL_SOCKET"]]
        self._text = subprocess.run(["mariadb-dump", *self._account, "--single-transaction", DATABASE],
                                    capture_output=True, check=True).stdout
        assert b"session_epoch" in self._text

    def restore(self):
        subprocess.run(["mariadb", *self._account, DATABASE], input=self._text, check=True)


def listed(stack, config):
    shown = run_verb(stack, "session", "list", "--json", config=config)
    assert (shown.returncode, shown.stderr) == (0, "")
    return {session["username"] for session in json.loads(shown.stdout)["sessions"]}


def life_around_a_backup(stack, service):
    """(the backup, the cookies of the three)."""
    kept, left = cookie_of(service, KEPT), cookie_of(service, LEFT)
    stack.database.run(f"INSERT INTO {DATABASE}.user_role VALUES ('17', 'editor')")
    backup = Backup(stack)
    assert log_out(service, left).status == 200 and status(service, left) == 401
    stack.database.run(f"DELETE FROM {DATABASE}.user_role")
    return backup, (kept, left, cookie_of(service, SINCE))


def stays_in(service, number):
    cookie = cookie_of(service, number)
    # Longer than the pauses in which a service asks MySQL for what was revoked.
    with pytest.raises(AssertionError, match="not within"):
        eventually(lambda: status(service, cookie) != 200, 3, every=0.2)
    return True


def test_restored_while_the_service_is_stopped_it_lets_nobody_back_in_who_logged_out(stack, config, service):
    backup, cookies = life_around_a_backup(stack, service)
    assert service.process.stop(allow(12)) == 0
    backup.restore()
    assert listed(stack, config) == {name(KEPT), name(LEFT)}, "the backup knows nothing of the logout"
    assert run_verb(stack, "session", "revoke", "--all", config=config).returncode == 0
    assert listed(stack, config) == set()
    service.process = service.start()
    service.wait_until_serving(allow(5))
    assert [status(service, cookie) for cookie in cookies] == [401] * 3
    assert stays_in(service, LEFT)
    assert stack.database.run(f"SELECT role FROM {DATABASE}.user_role").split() == ["editor"]


def marks(stack):
    return stack.database.run(f"SELECT SUM(times) FROM {DATABASE}.session_key_use")


def test_restored_under_a_running_service_it_revokes_all_sessions_by_itself(stack, config, service):
    backup, cookies = life_around_a_backup(stack, service)
    before = marks(stack)
    eventually(lambda: marks(stack) != before, allow(CLAIMED), every=0.2, what="the service writes its mark")
    backup.restore()
    eventually(lambda: [status(service, cookie) for cookie in cookies] == [401] * 3, allow(NOTICED))
    assert listed(stack, config) == set()
    assert run_verb(stack, "session", "revoke", "--all", config=config).returncode == 0
    assert stays_in(service, LEFT)
