"""`gatehouse user` where the users are another program's: what its queries allow, and a clear word for the rest."""
import json
import re

import pytest

from instance import Instance, write_config
from member import FIRST_ID, UPDATE, cookie_of, log_in, name, status
from verbs import run_verb
from waiting import allow, eventually

ADMIN = ("--admin-user", "root")
FRESH = "a long and good one"
SEVERAL = {"hosts": "several"}


@pytest.fixture(scope="module")
def settings(members):
    return members.settings(session=SEVERAL, user={"max_age": "1h", "update_query": UPDATE})


@pytest.fixture(scope="module")
def pair(stack, settings):
    with Instance(stack, "foreign-a", settings) as a, Instance(stack, "foreign-b", settings) as b:
        for host in (a, b):
            host.wait_until_serving(allow(5))
        yield a, b


@pytest.fixture
def user(stack, settings, changing_members):
    config = write_config(stack, "foreign", settings)

    def run(*words, given="", config=config):
        return run_verb(stack, "user", *words, *ADMIN, config=config, given=given)
    return run


def everywhere(pair, cookie, wanted):
    eventually(lambda: [status(host, cookie) for host in pair] == [wanted] * 2, allow(1), what="both know")


@pytest.mark.parametrize("words,instead", [
    (["add", "somebody", "--password-stdin"], "gatehouse password hash"),
    (["list"], "gatehouse user show NAME"), (["delete", name(30), "--yes"], "gatehouse user disable NAME"),
])
def test_what_belongs_to_the_application_is_refused_with_a_word_on_what_to_do(stack, user, words, instead):
    before = stack.database.run("SELECT COUNT(*) FROM member; SELECT COUNT(*) FROM user")
    done = user(*words, given=FRESH)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "belongs to another program" in done.stderr and instead in done.stderr, done
    assert stack.database.run("SELECT COUNT(*) FROM member; SELECT COUNT(*) FROM user") == before


def test_a_password_is_written_by_the_sites_own_query_and_all_sessions_are_revoked(user, pair):
    cookie, neighbour = cookie_of(pair[0], 31), cookie_of(pair[1], 32)
    everywhere(pair, cookie, 200)
    done = user("password", name(31), "--password-stdin", given=FRESH)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert re.fullmatch(rf'the password of "{name(31)}" is changed; the user is logged out everywhere \(\d+ sessions?\)\n',
                        done.stdout), done
    everywhere(pair, cookie, 401)
    assert [status(host, neighbour) for host in pair] == [200, 200]
    assert [log_in(host, 31).status for host in pair] == [400, 400]
    assert log_in(pair[1], 31, FRESH).status == 200


def test_without_the_query_no_password_is_written(stack, members, user):
    config = write_config(stack, "foreign-reading", members.settings(session=SEVERAL))
    before = stack.database.run(f"SELECT password FROM member WHERE username = '{name(33)}'")
    done = user("password", name(33), "--password-stdin", given=FRESH, config=config)
    assert (done.returncode, done.stdout) == (1, "") and "user.update_query" in done.stderr, done
    assert stack.database.run(f"SELECT password FROM member WHERE username = '{name(33)}'") == before


def test_a_row_whose_scheme_is_not_written_keeps_its_password(stack, user):
    stack.database.run(f"UPDATE member SET password = MD5('x') WHERE username = '{name(34)}'")
    done = user("password", name(34), "--password-stdin", given=FRESH)
    assert (done.returncode, done.stdout) == (1, "") and "password.write" in done.stderr, done


def test_roles_and_who_is_disabled_are_in_our_tables(stack, user, pair):
    cookie = cookie_of(pair[0], 35)
    everywhere(pair, cookie, 200)
    assert user("role", "add", name(35), "editor").returncode == 0
    shown = json.loads(user("show", name(35), "--json").stdout)
    assert (shown["id"], shown["roles"], shown["sessions"]) == (str(FIRST_ID + 35), ["editor"], 1)
    assert user("disable", name(35)).returncode == 0
    everywhere(pair, cookie, 401)
    assert log_in(pair[0], 35).status == 400
    assert user("enable", name(35)).returncode == 0
    assert log_in(pair[0], 35).status == 200
    user("role", "remove", name(35), "editor")


def test_where_the_site_has_queries_for_them_they_are_left_alone(stack, members, user):
    config = write_config(stack, "foreign-queries", members.settings(session=SEVERAL, user={
        "roles_query": "SELECT 'member' FROM member WHERE id = :id",
        "disabled_query": "SELECT 1 FROM member WHERE id = :id AND password IS NULL"}))
    for words, key in ((["disable", name(36)], "user.disabled_query"), (["enable", name(36)], "user.disabled_query"),
                       (["role", "add", name(36), "editor"], "user.roles_query")):
        done = user(*words, config=config)
        assert (done.returncode, done.stdout) == (1, "") and key in done.stderr, done
    shown = json.loads(user("show", name(36), "--json", config=config).stdout)
    assert (shown["roles"], shown["disabled"]) == (["member"], False)


def test_of_several_rows_one_is_named_by_its_id(stack, members, user):
    config = write_config(stack, "foreign-rows", members.settings(session=SEVERAL, user={
        "query": f"SELECT id, username, password FROM member WHERE username = :name OR id = {FIRST_ID + 38}"}))
    done = user("role", "add", name(37), "twin", config=config)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "finds 2 rows" in done.stderr and "--id" in done.stderr and str(FIRST_ID + 38) in done.stderr
    done = user("role", "add", name(37), "twin", "--id", str(FIRST_ID + 38), config=config)
    assert (done.returncode, done.stderr) == (0, ""), done
    assert stack.database.run("SELECT user_id FROM user_role WHERE role = 'twin'").split() == [str(FIRST_ID + 38)]
    done = user("show", name(37), "--id", "1", config=config)
    assert (done.returncode, done.stdout) == (1, "") and "there is no user" in done.stderr
    user("role", "remove", name(37), "twin", "--id", str(FIRST_ID + 38), config=config)
