"""Which row of the site's table a session belongs to, and what becomes of it while that cannot be told."""
import json
import re
import time

import pytest

from fastcgi import web
from instance import Instance, write_config
from member import cheap_hash
from verbs import run_verb
from visitor import home_request
from waiting import allow, eventually

MAX_AGE = 1  # s, of what is known of a user
BY_LOGIN_OR_MAIL = "SELECT id, login, hash FROM person WHERE login = :name OR mail = :name"
BY_MAIL = "SELECT id, login, hash FROM person WHERE mail = :name"
UPDATE = "UPDATE person SET hash = :hash WHERE id = :id AND hash = :old_hash"


class People:
    """The table `person`, where login and mail are anything that somebody registered with."""

    def __init__(self, stack):
        self.stack = stack
        self.database = stack.database
        self.run("DROP TABLE IF EXISTS person; CREATE TABLE person (id varchar(64), login varchar(255),"
                 " mail varchar(255), hash varchar(255));"
                 "GRANT SELECT, UPDATE (hash) ON person TO gatehouse@localhost")

    def run(self, sql):
        return self.database.run(sql)

    def add(self, number, login, mail, password):
        # Beside the ids of other tests: all of a stack's services share one table of sessions.
        self.run(f"INSERT INTO person VALUES ('p{number}', '{login}', '{mail}', '{cheap_hash(password)}')")

    @staticmethod
    def settings(query, **user):
        return {"user": {"query": query, "census_query": "SELECT hash FROM person", "max_age": f"{MAX_AGE}s",
                         **user}}


@pytest.fixture
def people(stack):
    people = People(stack)
    people.add(1, "victim", "victim@example.org", "of victim")
    people.add(2, "control", "control@example.org", "of control")
    yield people
    people.run("DELETE FROM user_disabled WHERE user_id LIKE 'p%'; DELETE FROM user_role WHERE user_id LIKE 'p%'")


@pytest.fixture
def service(stack, people):
    with Instance(stack, "rows", people.settings(BY_LOGIN_OR_MAIL)) as service:
        service.wait_until_serving(allow(5))
        yield service


@pytest.fixture
def config(stack, people):
    return write_config(stack, "rows-verbs", people.settings(BY_LOGIN_OR_MAIL))


def log_in(service, name, password):
    body = json.dumps({"username": name, "password": password}).encode()
    return service.ask(web("POST", "/login", body), body)


def cookie_of(service, name, password):
    answer = log_in(service, name, password)
    assert answer.status == 200, answer.raw
    return answer.cookie


def status(service, cookie):
    return service.ask(home_request(cookie)).status


def becomes(service, cookie, wanted):
    eventually(lambda: status(service, cookie) == wanted, allow(3 * MAX_AGE + 2), what=f"{wanted}")


def stays(service, cookie, wanted=200):
    """Over several re-checks."""
    deadline = time.monotonic() + 3 * MAX_AGE
    while time.monotonic() < deadline:
        assert status(service, cookie) == wanted
        time.sleep(0.1)


# A lookup that MySQL refuses.

def test_a_renamed_hash_column_is_503_until_the_query_fits_again(service, people):
    cookie = cookie_of(service, "victim", "of victim")
    people.run("ALTER TABLE person CHANGE hash secret varchar(255)")
    try:
        becomes(service, cookie, 503)
        stays(service, cookie, 503)
        assert log_in(service, "victim", "of victim").status == 503
    finally:
        people.run("ALTER TABLE person CHANGE secret hash varchar(255)")
    becomes(service, cookie, 200)
    lines = [line for line in service.log().splitlines() if "1054" in line or "answered again" in line]
    assert len([line for line in lines if "1054" in line]) == 1, "once a minute"
    # It is not over while others of this stack, whose check failed meanwhile, wait for their next one
    # (see unit/user/lookup_failures_test.cpp).
    assert len([line for line in lines if "answered again" in line]) <= 1


@pytest.mark.parametrize("table, column", [("user_role", "role"), ("user_disabled", "user_id")])
def test_a_table_of_ours_that_is_gone_is_503_until_it_is_back(service, people, table, column):
    cookie = cookie_of(service, "victim", "of victim")
    people.run(f"RENAME TABLE {table} TO {table}_gone")
    try:
        becomes(service, cookie, 503)
    finally:
        people.run(f"RENAME TABLE {table}_gone TO {table}")
    becomes(service, cookie, 200)


def test_more_roles_than_can_be_carried_concern_their_user_alone(service, people):
    victim, control = cookie_of(service, "victim", "of victim"), cookie_of(service, "control", "of control")
    rows = ", ".join(f"('p1', 'role-{i}')" for i in range(257))
    people.run(f"INSERT INTO user_role VALUES {rows}")
    becomes(service, victim, 503)
    assert status(service, control) == 200
    people.run("DELETE FROM user_role WHERE role = 'role-7'")
    becomes(service, victim, 200)


def test_a_row_that_cannot_be_read_concerns_its_user_alone(service, people):
    victim, control = cookie_of(service, "victim", "of victim"), cookie_of(service, "control", "of control")
    people.run("UPDATE person SET login = '' WHERE id = 'p1'")  # found by the mail no more, nor by the login
    becomes(service, victim, 401)
    people.run("UPDATE person SET login = 'victim' WHERE id = 'p1'")
    victim = cookie_of(service, "victim@example.org", "of victim")
    people.run("UPDATE person SET login = NULL WHERE id = 'p1'")
    becomes(service, victim, 503)
    assert status(service, control) == 200
    people.run("UPDATE person SET login = 'victim' WHERE id = 'p1'")
    becomes(service, victim, 200)


def test_a_user_is_disabled_by_id_whatever_the_sites_query_says(service, people):
    cookie = cookie_of(service, "victim", "of victim")
    people.run("ALTER TABLE person CHANGE hash secret varchar(255)")
    try:
        becomes(service, cookie, 503)
        people.run("INSERT INTO user_disabled VALUES ('p1')")
        becomes(service, cookie, 401)
    finally:
        people.run("ALTER TABLE person CHANGE secret hash varchar(255)")
    assert status(service, cookie) == 401


# Several rows.

@pytest.mark.parametrize("changes", [
    "UPDATE person SET hash = 'another' WHERE id = 'p1'",
    "INSERT INTO user_disabled VALUES ('p1')",
    "UPDATE person SET login = 'renamed' WHERE id = 'p1'",
    "DELETE FROM person WHERE id = 'p1'",
])
def test_a_stranger_with_my_login_for_a_mail_keeps_no_session_of_mine_alive(service, people, changes):
    cookie = cookie_of(service, "victim", "of victim")
    people.add(3, "stranger", "victim", "of stranger")
    stays(service, cookie)
    people.run(changes)
    becomes(service, cookie, 401)


def test_a_stranger_with_my_login_for_a_mail_locks_nobody_out(service, people):
    for number in range(3, 6):
        people.add(number, f"stranger-{number}", "victim", f"of stranger {number}")
    mine = cookie_of(service, "victim", "of victim")
    assert service.ask(home_request(mine)).json()["username"] == "victim"
    theirs = cookie_of(service, "victim", "of stranger 4")
    assert service.ask(home_request(theirs)).json()["username"] == "stranger-4"
    stays(service, mine)
    assert status(service, theirs) == 200
    assert log_in(service, "victim", "of nobody").status == 400


def test_a_password_that_fits_two_rows_is_answered_as_a_wrong_one_and_the_log_names_them(service, people):
    people.add(3, "stranger", "victim", "of victim")
    answer, wrong = log_in(service, "victim", "of victim"), log_in(service, "victim", "wrong")
    assert (answer.status, answer.body) == (400, wrong.body)
    eventually(lambda: '"p1", "p3"' in service.log(), allow(2))


@pytest.mark.parametrize("rows", [5, 9])
def test_more_rows_than_are_tried_are_answered_as_a_wrong_password_and_named(service, people, rows):
    mine = cookie_of(service, "victim", "of victim")
    for number in range(10, 10 + rows - 1):
        people.add(number, f"stranger-{number}", "victim", f"of stranger {number}")
    assert log_in(service, "victim", "of victim").status == 400
    eventually(lambda: '"p1", "p10"' in service.log(), allow(2))
    if rows <= 8:
        stays(service, mine)
    else:
        becomes(service, mine, 503)
        people.run("DELETE FROM person WHERE id = 'p10'")
        becomes(service, mine, 200)


def test_the_query_of_the_readme_prefers_the_exact_login(stack, people):
    query = (f"{BY_LOGIN_OR_MAIL} ORDER BY login = :name DESC LIMIT 1")
    with Instance(stack, "preferring", people.settings(query)) as service:
        service.wait_until_serving(allow(5))
        people.add(3, "stranger", "victim", "of stranger")
        victim = cookie_of(service, "victim", "of victim")
        assert log_in(service, "victim", "of stranger").status == 400
        by_mail = cookie_of(service, "control@example.org", "of control")
        stays(service, victim)
        assert status(service, by_mail) == 200


# The name that was typed.

def test_laravels_table_is_asked_for_the_mail_and_names_the_person(stack, people):
    """Its `name` is what people call themselves: two may be the same."""
    people.run("DELETE FROM person")
    people.add(1, "admin", "first@example.org", "of first")
    people.add(2, "admin", "second@example.org", "of second")
    with Instance(stack, "laravel", people.settings(BY_MAIL, update_query=UPDATE)) as service:
        service.wait_until_serving(allow(5))
        first = cookie_of(service, "first@example.org", "of first")
        second = cookie_of(service, "second@example.org", "of second")
        stays(service, first)
        assert status(service, second) == 200
        body = json.dumps({"current": "of first", "new": "another of first"}).encode()
        answer = service.ask(web("POST", "/password", body, headers={"Cookie": first}), body)
        assert answer.status == 200, answer.raw
        stays(service, first)
        service.process.stop(allow(12))
        service.process = service.start()
        service.wait_until_serving(allow(5))
        assert status(service, first) == 200
        people.run("DELETE FROM person WHERE id = 'p2'")
        becomes(service, second, 401)
        assert status(service, first) == 200


def test_a_session_from_before_the_column_is_asked_by_the_rows_name(stack, people, service):
    cookie = cookie_of(service, "victim@example.org", "of victim")
    people.run("UPDATE session SET login_name = NULL WHERE user_id = 'p1'")
    service.process.stop(allow(12))
    service.process = service.start()
    service.wait_until_serving(allow(5))
    stays(service, cookie)


# The verbs.

def test_revoke_ends_the_sessions_of_every_row_that_the_name_finds(stack, people, service, config):
    victim = cookie_of(service, "victim", "of victim")
    control = cookie_of(service, "control", "of control")
    people.add(3, "stranger", "victim", "of stranger")
    stranger = cookie_of(service, "stranger", "of stranger")
    done = run_verb(stack, "session", "revoke", "--user", "victim", config=config)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r'"victim" \(user ids "p1", "p3"\) is logged out everywhere \(\d+ sessions\)\n', done.stdout), done
    eventually(lambda: [status(service, c) for c in (victim, stranger, control)] == [401, 401, 200], allow(1))


def test_revoke_by_id_asks_the_sites_query_nothing(stack, people, service, config):
    victim, control = cookie_of(service, "victim", "of victim"), cookie_of(service, "control", "of control")
    people.run("ALTER TABLE person CHANGE hash secret varchar(255)")
    try:
        by_name = run_verb(stack, "session", "revoke", "--user", "victim", config=config)
        assert (by_name.returncode, by_name.stdout) == (1, "")
        assert "1054" in by_name.stderr and "--id" in by_name.stderr
        done = run_verb(stack, "session", "revoke", "--id", "p1", config=config)
        assert (done.returncode, done.stderr) == (0, "")
        assert re.fullmatch(r'the user id "p1" is logged out everywhere \(\d+ sessions?\)\n', done.stdout), done
    finally:
        people.run("ALTER TABLE person CHANGE secret hash varchar(255)")
    becomes(service, victim, 401)
    becomes(service, control, 200)


def test_revoke_does_not_say_ended_where_nothing_was(stack, people, service, config):
    cookie = cookie_of(service, "victim", "of victim")
    for wrong in ("P1", "victim", " p1", "p1 "):
        done = run_verb(stack, "session", "revoke", "--id", wrong, config=config)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f'the user id "{wrong}" has no live session, so none is revoked: ')
    assert status(service, cookie) == 200


@pytest.mark.parametrize("verb", ["list", "revoke"])
@pytest.mark.parametrize("option", ["--user", "--id"])
def test_an_empty_name_is_not_everybody(stack, people, service, config, verb, option):
    """A variable that somebody forgot to set."""
    cookie = cookie_of(service, "victim", "of victim")
    done = run_verb(stack, "session", verb, option, "", config=config)
    assert (done.returncode, done.stdout) == (2, "")
    stays(service, cookie)


def test_list_by_id_tells_two_of_one_name_apart(stack, people, service, config):
    run_verb(stack, "session", "revoke", "--all", config=config)
    people.run("UPDATE person SET login = 'admin', mail = id")
    for number, password in ((1, "of victim"), (2, "of control")):
        cookie_of(service, f"p{number}", password)
    listed = run_verb(stack, "session", "list", "--id", "p1", config=config)
    assert listed.returncode == 0
    heading, *lines = listed.stdout.splitlines()
    assert heading.split()[-2:] == ["user", "id"]
    assert lines and all(line.endswith("admin  p1") for line in lines)


# check.

def test_check_tries_the_names_of_the_last_sessions(stack, people, service, config):
    run_verb(stack, "session", "revoke", "--all", config=config)
    cookie_of(service, "victim", "of victim")
    # All tests log in from 127.0.0.1, which check would take for a proxy.
    stack.database.run("UPDATE session SET address = '192.0.2.1'")
    assert run_verb(stack, "check", config=config).stdout == f"{config}: ok\n"
    people.add(3, "control", "victim", "of stranger")
    cookie_of(service, "control@example.org", "of control")
    done = run_verb(stack, "check", config=config)
    assert done.returncode == 0
    assert 'the name "victim" finds 2 rows: the user ids "p1", "p3"' in done.stdout
    assert 'the user ids "p2", "p3" have one name, "control"' in done.stdout
    people.run("DELETE FROM person WHERE id = 'p1'")
    done = run_verb(stack, "check", config=config)
    assert 'it does not find the user id "p1" by the name "victim" any more' in done.stdout


def test_check_says_what_a_name_finds(stack, people, config):
    people.add(3, "stranger", "victim", "of stranger")
    done = run_verb(stack, "check", "--name", "victim", config=config)
    assert done.returncode == 0
    assert 'the name "victim" finds the user id "p1", called "victim"' in done.stdout
    assert 'the name "victim" finds the user id "p3", called "stranger"' in done.stdout
    assert "a login is that of the one row whose password matches" in done.stdout
    done = run_verb(stack, "check", "--name", "nobody", config=config)
    assert done.returncode == 0
    assert 'the name "nobody" finds no row: nobody can log in with it' in done.stdout
    for number in range(10, 15):
        people.add(number, f"stranger-{number}", "victim", "x")
    done = run_verb(stack, "check", "--name", "victim", config=config)
    assert "finds 7 rows, more than the 4 that a login tries: nobody can log in with it" in done.stdout
