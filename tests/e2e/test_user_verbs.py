"""`gatehouse user` on the tables of sql/: what it changes, what it prints, and that both of two hosts learn of it."""
import json
import signal
import subprocess

import pytest

from fastcgi import web
from instance import Instance, write_config
from member import status
from verbs import run_at_terminal, run_verb
from waiting import allow, eventually

ADMIN = ("--admin-user", "root")
GOOD = "a long and good one"
OTHER = "another good one"
LEARNED = 1.0  # seconds until every host knows of it
SEVERAL = {"session": {"hosts": "several"}, "user": {"max_age": "1h"}}  # not by looking the user up each 30 s


@pytest.fixture(scope="module")
def config(stack):
    # Other tests of the same stack add these, too.
    stack.database.run("DELETE FROM user WHERE username IN ('twin', 'climber', 'o''brien', 'say \"hi\"', 'back\\\\slash')")
    return write_config(stack, "users", SEVERAL)


@pytest.fixture(scope="module")
def pair(stack):
    with Instance(stack, "users-a", SEVERAL) as a, Instance(stack, "users-b", SEVERAL) as b:
        for host in (a, b):
            host.wait_until_serving(allow(5))
        yield a, b


@pytest.fixture
def user(stack, config):
    """Runs `gatehouse user WORDS`, as MySQL's administrator."""
    def run(*words, given="", account=ADMIN):
        at = words.index("--") if "--" in words else len(words)
        return run_verb(stack, "user", *words[:at], *account, *words[at:], config=config, given=given)
    return run


@pytest.fixture
def add(user):
    def run(name, password=GOOD, *options):
        done = user("add", "--password-stdin", *options, "--", name, given=password)
        assert (done.returncode, done.stderr) == (0, ""), done
        return json.loads(user("show", "--json", "--", name).stdout)["id"]
    return run


def said(done, code, out="", err=""):
    assert (done.returncode, done.stdout, done.stderr) == (code, out, err)


def cookie_of(host, name, password=GOOD):
    answer = host.login(name, password)
    assert answer.status == 200, answer.raw
    return answer.cookie


def everywhere(pair, cookie, wanted):
    eventually(lambda: [status(host, cookie) for host in pair] == [wanted] * 2, allow(LEARNED), what="both know")


def role_is(host, cookie, role):
    return host.ask(web("GET", "/auth", headers={"Cookie": cookie}, GATEHOUSE_INTERNAL="1",
                        GATEHOUSE_REQUIRE=role)).status


# add

def test_a_user_who_was_added_logs_in(stack, user, add, pair):
    done = user("add", "zoe", "--role", "editor", "--role", "admin", "--password-stdin", given=GOOD + "\n")
    number = stack.database.run("SELECT id FROM user WHERE username = 'zoe'").strip()
    said(done, 0, f'the user "zoe" is added, with the id "{number}" and the roles editor, admin\n')
    assert stack.database.run("SELECT password FROM user WHERE username = 'zoe'").startswith("$argon2id$")
    for host in pair:
        cookie = cookie_of(host, "zoe")
        assert [role_is(host, cookie, role) for role in ("editor", "admin", "other")] == [204, 204, 403]


def test_nobody_is_added_twice(user, add):
    number = add("twin")
    said(user("add", "twin", "--password-stdin", given=OTHER), 1, err='there is a user "twin" already\n')
    for again in ("TWIN", "twïn"):
        said(user("add", again, "--password-stdin", given=OTHER), 1,
             err=f'"{again}" is the same name as "twin" (id "{number}") to the collation of the column: choose another\n')


def test_a_password_from_a_file_of_windows_is_taken_with_a_note(user):
    done = user("add", "crlf", "--password-stdin", given=GOOD + "\r\n")
    assert done.returncode == 0 and "the password ends with a carriage return" in done.stderr, done


def test_the_word_for_everybody_is_no_role(user, add):
    add("starred")
    done = user("role", "add", "starred", "*")
    assert done.returncode == 1 and '"*" means everybody who is logged in' in done.stderr, done


@pytest.mark.parametrize("name,why", [
    ("", "NAME is empty"), ("two\nlines", "control character"), ("\x1b[31mred", "control character"),
    (" blank", "a blank at an end"), ("blank ", "a blank at an end"), ("x" * 256, "too long"), ("x" * 46, "1406"),
])
def test_a_name_that_is_none_is_refused(stack, user, name, why):
    before = stack.database.run("SELECT COUNT(*) FROM user")
    done = user("add", "--password-stdin", "--", name, given=GOOD)
    assert done.returncode in (1, 2) and why in done.stderr and "\x1b" not in done.stderr, done
    assert stack.database.run("SELECT COUNT(*) FROM user") == before


@pytest.mark.parametrize("name", ["rené", "Zoë Ångström", "o'brien", 'say "hi"', "back\\slash", "%s%n{}", "-x", "日本"])
def test_odd_names_are_names(stack, user, add, pair, name):
    number = add(name)
    cookie = cookie_of(pair[0], name)
    assert status(pair[1], cookie) == 200
    assert json.loads(user("show", "--json", "--", name).stdout)["username"] == name
    assert user("role", "add", "--", name, "reader").returncode == 0
    assert user("delete", "--yes", "--", name).returncode == 0
    assert stack.database.run(f"SELECT COUNT(*) FROM user_role WHERE user_id = '{number}'").strip() == "0"
    everywhere(pair, cookie, 401)


@pytest.mark.parametrize("password,why", [("Xy!7q", "too short"), ("", "empty"), ("password123", "too common"),
                                          ("x" * 1025, "too long"), ("x" * 70000, "64 KiB")],
                         ids=["short", "empty", "common", "long", "endless"])
def test_a_bad_password_is_refused_by_the_rules_of_the_account_page(stack, user, add, password, why):
    done = user("add", "weak", "--password-stdin", given=password)
    assert (done.returncode, done.stdout) == (1, "") and why in done.stderr, done
    assert stack.database.run("SELECT COUNT(*) FROM user WHERE username = 'weak'").strip() == "0"
    assert not password or password not in done.stderr
    name = f"chooser-{len(password)}"
    add(name)
    done = user("password", name, "--password-stdin", given=password)
    assert (done.returncode, done.stdout) == (1, "") and why in done.stderr, done


def test_whoever_had_the_id_before_leaves_nothing_to_a_new_user(stack, user, add, pair):
    """As after a restored backup, whose numbers begin anew."""
    number = int(add("before", GOOD)) + 1
    stack.database.run(f"INSERT INTO user_role VALUES ('{number}', 'admin');"
                       f"INSERT INTO user_disabled VALUES ('{number}')")
    assert int(add("after", GOOD, "--role", "reader")) == number
    cookie = cookie_of(pair[0], "after")
    assert [role_is(pair[0], cookie, role) for role in ("reader", "admin")] == [204, 403]


# the terminal

def test_a_password_is_asked_for_twice_without_echo(stack, config, pair):
    for second, code, shown in ((OTHER, 1, "the two passwords are not the same"), (GOOD, 0, "is added")):
        got, screen = run_at_terminal(stack, "user", "add", "typist", *ADMIN, config=config,
                                      typed=[("Password: ", GOOD + "\n"), ("Again: ", second + "\n")])
        assert (got, shown in screen) == (code, True), screen
        assert GOOD not in screen and OTHER not in screen
    assert cookie_of(pair[0], "typist")


def test_whoever_gives_up_has_the_echo_back_and_nothing_is_done(stack, config, user):
    code, screen = run_at_terminal(stack, "user", "add", "quitter", *ADMIN, config=config,
                                   typed=[("Password: ", "half of it\x03")])
    assert code == -signal.SIGINT and "half" not in screen
    assert user("show", "quitter").returncode == 1


def test_without_a_terminal_the_option_is_named(user, add):
    done = user("add", "nobody-there")
    assert (done.returncode, done.stdout) == (1, "") and "--password-stdin" in done.stderr
    add("kept")
    done = user("delete", "kept")
    assert (done.returncode, done.stdout) == (1, "") and "--yes" in done.stderr
    assert user("show", "kept").returncode == 0


def test_delete_asks_and_takes_no_for_an_answer(stack, config, add, user):
    add("spared")
    for answer, code, shown in (("\n", 1, "nothing is deleted"), ("n\n", 1, "nothing is deleted"),
                                ("\x04", 1, "--yes"), ("y\n", 0, 'the user "spared" is deleted')):
        assert user("show", "spared").returncode == 0
        got, screen = run_at_terminal(stack, "user", "delete", "spared", *ADMIN, config=config,
                                      typed=[("[y/N] ", answer)])
        assert (got, shown in screen) == (code, True), screen
    said(user("show", "spared"), 1, err='there is no user "spared"\n')


# what a change means for sessions, on both hosts

def test_a_new_password_revokes_all_sessions(user, add, pair):
    add("changer")
    add("neighbour")
    old, neighbour = cookie_of(pair[0], "changer"), cookie_of(pair[1], "neighbour")
    everywhere(pair, old, 200)
    said(user("password", "changer", "--password-stdin", given=OTHER), 0,
         'the password of "changer" is changed; the user is logged out everywhere (1 session)\n')
    everywhere(pair, old, 401)
    assert [status(host, neighbour) for host in pair] == [200, 200]
    for host in pair:
        assert host.login("changer", GOOD).status == 400
        assert status(host, cookie_of(host, "changer", OTHER)) == 200


def test_a_row_keeps_its_scheme_and_one_without_a_hash_gets_the_new_one(stack, user, pair):
    stack.add_user("werkzeug", GOOD)
    stack.database.run("INSERT INTO user (username) VALUES ('hashless')")
    for name, scheme in (("werkzeug", "pbkdf2:sha256:"), ("hashless", "$argon2id$")):
        assert user("password", name, "--password-stdin", given=OTHER).returncode == 0
        assert stack.database.run(f"SELECT password FROM user WHERE username = '{name}'").startswith(scheme)
        assert cookie_of(pair[0], name, OTHER)


def test_a_disabled_user_is_out_until_enabled(user, add, pair):
    add("barred")
    cookie = cookie_of(pair[0], "barred")
    everywhere(pair, cookie, 200)
    said(user("disable", "barred"), 0, '"barred" is disabled, and logged out everywhere (1 session)\n')
    everywhere(pair, cookie, 401)
    assert [host.login("barred", GOOD).status for host in pair] == [400, 400]
    said(user("disable", "barred"), 0, '"barred" was disabled already, and is logged out everywhere (there was no live session)\n')
    said(user("enable", "barred"), 0, '"barred" may log in again\n')
    said(user("enable", "barred"), 0, '"barred" was not disabled\n')
    for host in pair:
        cookie_of(host, "barred")
    assert [status(host, cookie) for host in pair] == [401, 401], "an old session came back"


def test_a_deleted_user_is_gone_with_roles_and_sessions(stack, user, add, pair):
    number = add("leaver", GOOD, "--role", "editor")
    cookie = cookie_of(pair[1], "leaver")
    everywhere(pair, cookie, 200)
    said(user("delete", "leaver", "--yes"), 0, 'the user "leaver" is deleted, and logged out everywhere (1 session)\n')
    everywhere(pair, cookie, 401)
    assert [host.login("leaver", GOOD).status for host in pair] == [400, 400]
    assert stack.database.run(f"SELECT * FROM user_role WHERE user_id = '{number}'") == ""
    said(user("delete", "leaver", "--yes"), 1, err='there is no user "leaver"\n')


def test_a_session_has_other_roles_within_a_second_and_goes_on(user, add, pair):
    add("climber")
    cookie = cookie_of(pair[0], "climber")

    def roles_become(wanted):
        eventually(lambda: [role_is(host, cookie, "chief") for host in pair] == [wanted] * 2, allow(LEARNED))

    everywhere(pair, cookie, 200)
    roles_become(403)
    said(user("role", "add", "climber", "chief"), 0, '"climber" has the role "chief" now\n')
    roles_become(204)
    said(user("role", "add", "climber", "chief"), 0, '"climber" had the role "chief" already\n')
    said(user("role", "remove", "climber", "chief"), 0, '"climber" has the role "chief" no more\n')
    roles_become(403)
    said(user("role", "remove", "climber", "chief"), 0, '"climber" did not have the role "chief"\n')
    assert [status(host, cookie) for host in pair] == [200, 200]
    done = user("role", "add", "climber", "no role,at all")
    assert (done.returncode, done.stdout) == (1, "") and "is not the name of a role" in done.stderr


# show and list

def test_show_tells_all_but_the_hash(stack, user, add, pair):
    number = add("shown", GOOD, "--role", "b", "--role", "a")
    shown = json.loads(user("show", "shown", "--json").stdout)
    assert "last_login" not in shown
    cookie_of(pair[0], "shown"), cookie_of(pair[1], "shown")
    user("disable", "shown"), user("enable", "shown"), cookie_of(pair[0], "shown")
    done = user("show", "shown", "--json")
    shown = json.loads(done.stdout)
    assert shown.pop("last_login").startswith("20")
    assert shown == {"id": number, "username": "shown", "disabled": False, "roles": ["a", "b"], "sessions": 1,
                     "closed_to_strangers": False,
                     "password": {"scheme": "argon2id", "parameters": shown["password"]["parameters"],
                                  "state": "fine"}}
    text = user("show", "shown").stdout
    stored = stack.database.run("SELECT password FROM user WHERE username = 'shown'").strip()
    for line in ("name        shown", f"id          {number}", "disabled    no", "roles       a, b", "sessions    1"):
        assert line in text.splitlines()
    assert stored.split("$")[-1] not in text + done.stdout
    user("disable", "shown")
    shown = json.loads(user("show", "shown", "--json").stdout)
    assert (shown["disabled"], shown["roles"], shown["sessions"]) == (True, ["a", "b"], 0)


def test_list_filters(user, add):
    add("lister-1", GOOD, "--role", "of-list"), add("lister-2", GOOD, "--role", "of-list"), add("lister-3")
    user("disable", "lister-2"), user("disable", "lister-3")

    def names(*options):
        done = user("list", "--json", *options)
        assert (done.returncode, done.stderr) == (0, "")
        return [one["username"] for one in json.loads(done.stdout)["users"]]

    assert names("--role", "of-list") == ["lister-1", "lister-2"]
    assert names("--role", "of-list", "--disabled") == ["lister-2"]
    assert {"lister-2", "lister-3"} <= set(names("--disabled")) and "lister-1" not in names("--disabled")
    assert {"lister-1", "lister-2", "lister-3", "roy"} <= set(names())
    assert names("--role", "nobody-has-it") == []
    heading, *lines = user("list", "--role", "of-list").stdout.splitlines()
    assert heading.split() == ["id", "name", "disabled", "roles"]
    assert [line.split()[1:] for line in lines] == [["lister-1", "no", "of-list"], ["lister-2", "yes", "of-list"]]


def test_a_big_table_is_listed_whole_in_little_memory(stack, user, add):
    stack.database.run("INSERT INTO user (username) SELECT CONCAT('many-', seq) FROM seq_1_to_200000")
    try:
        command = [stack.env["GATEHOUSE"], "user", "list", "--json", *ADMIN, "--config",
                   str(stack.env["GATEHOUSE_CONF"])]
        done = subprocess.run(["/usr/bin/python3", "-c",
                               "import resource, subprocess, sys\n"
                               "out = subprocess.run(sys.argv[1:], capture_output=True, check=True).stdout\n"
                               "print(out.count(b'\"many-'), len(out),"
                               " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", *command],
                              capture_output=True, text=True, check=True, timeout=allow(120))
        count, size, kilobytes = map(int, done.stdout.split())
        assert count == 200_000
        assert size > 10_000_000
        assert kilobytes < (60_000 if "asan" not in stack.env["GATEHOUSE"] else 600_000)
    finally:
        stack.database.run("DELETE FROM user WHERE username LIKE 'many-%'")


# accounts and other troubles

def test_the_services_own_account_may_not_change_users_and_is_told_who_may(stack, user, add):
    add("untouched")
    service = ("--admin-user", "gatehouse", "--admin-password-file", str(stack.dir / "mysql.password"))
    for words in (["add", "intruder"], ["password", "untouched"], ["disable", "untouched"], ["enable", "untouched"],
                  ["delete", "untouched", "--yes"], ["role", "add", "untouched", "admin"]):
        given = [*words, "--password-stdin"] if words[0] in ("add", "password") else words
        done = user(*given, given=GOOD, account=service)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert "MySQL error 1142" in done.stderr and "--admin-user" in done.stderr, done
    shown = json.loads(user("show", "untouched", "--json", account=service).stdout)
    assert (shown["disabled"], shown["roles"]) == (False, [])
    assert user("list", "--role", "admin", account=service).returncode == 0


def test_an_account_that_is_refused_is_told_so(stack, user):
    done = user("list", account=("--admin-user", "nobody-of-the-sort"))
    assert (done.returncode, done.stdout) == (1, "") and done.stderr, done
    done = user("list", account=("--admin-user", "root", "--admin-password-file", str(stack.dir / "no-such-file")))
    assert (done.returncode, done.stdout) == (1, "") and "no-such-file" in done.stderr, done


def test_a_wrong_setting_is_named_and_not_the_server(stack, user):
    config = write_config(stack, "users-nosuch", {"mysql": {"database": "nosuch"}})
    for words in (["user", "list"], ["user", "show", "roy"]):
        done = run_verb(stack, *words, config=config)
        assert done.returncode == 1 and done.stderr.startswith("mysql.database, or session.database: MySQL error 10"), done
        assert "away" not in done.stderr and "`gatehouse check --config" in done.stderr
    config = write_config(stack, "users-column", {"user": {"query": "SELECT id, nam, password FROM user WHERE username = :name"}})
    done = run_verb(stack, "user", "show", "roy", config=config)
    assert done.returncode == 1 and done.stderr.startswith("user.query: MySQL error 1054"), done


@pytest.mark.parametrize("words", [
    [], ["add"], ["show"], ["frob", "roy"], ["role"], ["role", "add", "roy"], ["role", "add"], ["show", ""],
    ["add", "roy", "--password", "secret"], ["add", "roy", GOOD], ["list", "roy"], ["role", "add", "roy", ""],
])
def test_what_is_no_such_command_is_2(stack, config, words):
    done = run_verb(stack, "user", *words, config=config)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr


def test_while_mysql_is_away_it_says_so(user, database):
    database.stop()
    for words in (["list"], ["show", "roy"], ["disable", "roy"], ["add", "late", "--password-stdin"]):
        done = user(*words, given=GOOD)
        assert done.returncode == 1 and done.stderr.startswith("MySQL is away: MySQL error 2"), done


def test_with_sessions_in_memory_what_lies_beside_them_is_refused(stack, user, add):
    memory = write_config(stack, "users-memory", {"session": {"store": "memory"}})
    add("alone")
    for words in (["disable", "alone"], ["enable", "alone"], ["role", "add", "alone", "admin"]):
        done = run_verb(stack, "user", *words, *ADMIN, config=memory)
        assert (done.returncode, done.stdout) == (1, "") and 'session.store is "memory"' in done.stderr, done
    done = run_verb(stack, "user", "password", "alone", "--password-stdin", *ADMIN, config=memory, given=OTHER)
    assert done.returncode == 0 and "within 30s (user.max_age)" in done.stdout, done
    done = run_verb(stack, "user", "show", "alone", *ADMIN, config=memory)
    assert done.returncode == 0 and "only the running service knows" in done.stdout, done
    done = run_verb(stack, "user", "delete", "alone", "--yes", *ADMIN, config=memory)
    assert done.returncode == 0, done
