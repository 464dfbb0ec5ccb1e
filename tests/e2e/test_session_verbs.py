"""`gatehouse session`: what it prints, what it ends, and its exit codes."""
import json
import os
import re
import shutil

import pytest

from instance import Instance, write_config
from member import cookie_of, log_in, log_out, name, statuses
from verbs import run_at_terminal, run_verb
from waiting import allow, eventually

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  (yes|no ) +127\.0\.0\.1 +[\w-]{22}  (?:\w+(?: \w+)*)  +(\S.*\S)  +\d+")


@pytest.fixture(scope="module")
def config(stack, members):
    return write_config(stack, "verbs", members.settings())


@pytest.fixture(scope="module")
def service(stack, members):
    with Instance(stack, "verbs-serve", members.settings()) as service:
        service.wait_until_serving(allow(5))
        yield service


def listed(stack, config, *options):
    """(remember, user) of each line but the heading."""
    done = run_verb(stack, "session", "list", *options, config=config)
    heading, *lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "" if lines else "there is no live session\n")
    assert heading.split() == ["logged", "in", "last", "used", "remember", "address", "handle", "device", "user", "id"]
    return [LINE.fullmatch(line).groups() for line in lines]


def test_list_prints_the_live_sessions_of_one_user_or_of_all(stack, config, service):
    run_verb(stack, "session", "revoke", "--all", config=config)
    assert listed(stack, config) == []
    _, ended = cookie_of(service, 100), cookie_of(service, 100)
    assert log_in(service, 100, remember=True).status == 200
    cookie_of(service, 101)
    log_out(service, ended)
    assert sorted(listed(stack, config, "--user", name(100))) == [("no ", name(100)), ("yes", name(100))]
    assert sorted(user for _, user in listed(stack, config)) == [name(100), name(100), name(101)]
    assert listed(stack, config, "--user", name(102)) == []


def test_revoke_ends_those_of_one_user_or_all_within_a_second(stack, config, service):
    for options, says, out in ((["--user", name(103)], rf'"{name(103)}" is logged out everywhere \(2 sessions\)', [True, True, False]),
                               (["--all"], r"everybody is logged out: all sessions are revoked \((?:[3-9]|\d\d+) live\)", [True, True, True])):
        cookies = [cookie_of(service, number) for number in (103, 103, 104)]
        assert statuses(service.place, cookies) == [200] * 3
        done = run_verb(stack, "session", "revoke", *options, config=config)
        assert (done.returncode, done.stderr) == (0, "") and re.fullmatch(f"{says}\n", done.stdout), done
        wanted = [401 if ends else 200 for ends in out]
        eventually(lambda c=cookies, w=wanted: statuses(service.place, c) == w, allow(1))


def test_revoke_asks_at_a_terminal_before_it_logs_out_everybody(stack, config, service):
    cookie = cookie_of(service, 105)
    for answer in ("\n", "n\n"):
        code, screen = run_at_terminal(stack, "session", "revoke", "--all", config=config, typed=[("[y/N] ", answer)])
        assert (code, "nothing is revoked" in screen) == (1, True), screen
        assert re.search(r"Log out everybody \(\d+ sessions?\)\?", screen), screen
    assert statuses(service.place, [cookie]) == [200]
    code, screen = run_at_terminal(stack, "session", "revoke", "--all", config=config, typed=[("[y/N] ", "y\n")])
    assert (code, "everybody is logged out" in screen) == (0, True), screen
    eventually(lambda: statuses(service.place, [cookie]) == [401], allow(1))
    code, screen = run_at_terminal(stack, "session", "revoke", "--all", "--yes", config=config)
    assert code == 0 and "[y/N]" not in screen, screen


def test_one_session_is_revoked_by_the_handle_that_the_list_shows(stack, config, service):
    run_verb(stack, "session", "revoke", "--all", config=config)
    cookies = [cookie_of(service, 106), cookie_of(service, 106)]
    shown = json.loads(run_verb(stack, "session", "list", "--json", config=config).stdout)["sessions"]
    assert [(one["username"], one["device"], one["remember"]) for one in shown] == [(name(106), "Unknown browser", False)] * 2
    handle = shown[0]["handle"]
    done = run_verb(stack, "session", "revoke", f"--handle={handle}", config=config)
    assert (done.returncode, done.stdout, done.stderr) == (0, f'the session "{handle}" is revoked\n', "")
    eventually(lambda: sorted(statuses(service.place, cookies)) == [200, 401], allow(1))
    done = run_verb(stack, "session", "revoke", f"--handle={handle}", config=config)
    assert (done.returncode, done.stdout) == (1, ""), "a script must see that nothing was revoked"
    assert done.stderr.startswith(f'there is no live session with the handle "{handle}", so none is revoked: ')
    assert sorted(statuses(service.place, cookies)) == [200, 401]


def test_it_is_whatever_the_service_does(stack, config, service):
    cookie = cookie_of(service, 105)
    assert service.process.stop(allow(12)) == 0
    assert len(listed(stack, config, "--user", name(105))) == 1
    assert run_verb(stack, "session", "revoke", "--user", name(105), config=config).returncode == 0
    assert listed(stack, config, "--user", name(105)) == []
    service.process = service.start()
    service.wait_until_serving(allow(5))
    assert statuses(service.place, [cookie]) == [401]


def test_revoke_says_how_many_sessions_there_were(stack, config, service):
    run_verb(stack, "session", "revoke", "--user", name(107), config=config)
    for count, shown in ((0, "there was no live session"), (1, "1 session"), (3, "3 sessions")):
        for _ in range(count):
            cookie_of(service, 107)
        done = run_verb(stack, "session", "revoke", "--user", name(107), config=config)
        assert (done.returncode, done.stdout) == (0, f'"{name(107)}" is logged out everywhere ({shown})\n'), done


@pytest.mark.parametrize("verb", ["list", "revoke"])
def test_a_user_that_there_is_not_is_a_problem(stack, config, verb):
    done = run_verb(stack, "session", verb, "--user", "nobody at all", config=config)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'there is no user "nobody at all": user.query finds no row by this name\n'


@pytest.mark.parametrize("words", [
    ["session"], ["session", "revoke"], ["session", "revoke", "--all", "--user", "roy"],
    ["session", "list", "--all"], ["session", "end"], ["migrate", "now"],
])
def test_what_is_no_such_command_is_2(stack, config, words):
    done = run_verb(stack, *words, config=config)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_root_works_with_an_account_that_is_for_the_services_user_alone(stack, members, service):
    """MySQL refuses root there (1698): a verb becomes that user by itself, as the manual's examples have it."""
    stack.database.run("CREATE OR REPLACE USER daemon@localhost IDENTIFIED VIA unix_socket;"
                       "GRANT ALL ON gatehouse.* TO daemon@localhost")
    keys = stack.dir / "verbs-daemon.keys"
    shutil.copy(stack.dir / "session.keys", keys)
    shutil.chown(keys, "root", "daemon")
    keys.chmod(0o640)
    settings = members.settings()
    settings.setdefault("mysql", {}).update({"user": "daemon", "password_file": ""})
    settings.setdefault("session", {})["key_file"] = str(keys)
    config = write_config(stack, "verbs-daemon", settings)
    cookie = cookie_of(service, 108)
    try:
        shown = json.loads(run_verb(stack, "session", "list", "--user", name(108), "--json", config=config).stdout)
        assert len(shown["sessions"]) == 1 and shown["sessions"][0]["handle"]
        for words in (["password", "census"], ["migrate"], ["user", "unlock", name(108)],
                      ["user", "link", name(108), "--url", "https://www.example.com"],
                      ["session", "revoke", "--user", name(108)]):
            done = run_verb(stack, *words, config=config)
            said = "the link is good once, " if "link" in words else ""
            assert done.returncode == 0 and done.stderr.startswith(said) and bool(done.stderr) == bool(said), (words, done)
        eventually(lambda: statuses(service.place, [cookie]) == [401], allow(1))
        done = run_verb(stack, "key", "add", config=config)
        assert (done.returncode, done.stderr) == (0, ""), ("the key file is root's to write", done)
    finally:
        stack.database.run("DROP USER daemon@localhost")


def test_sessions_in_memory_are_not_for_verbs(stack, members):
    config = write_config(stack, "verbs-memory", members.settings(session={"store": "memory"}))
    for words in (["list"], ["revoke", "--all"]):
        done = run_verb(stack, "session", *words, config=config)
        assert (done.returncode, done.stdout) == (1, "")
        assert "only the running service knows its sessions" in done.stderr


def test_while_mysql_is_away_it_says_so(stack, config, database):
    database.stop()
    for words in (["session", "list"], ["session", "revoke", "--all"], ["migrate"]):
        done = run_verb(stack, *words, config=config)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("MySQL is away: MySQL error 2"), done
