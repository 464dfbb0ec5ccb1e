"""What a person sees at a terminal: tables that fit it, colours, and how far a slow verb is."""
import json
import re

import pytest

from instance import Instance, write_config
from member import cookie_of
from terminal import run_at_terminal, width
from verbs import run_verb
from waiting import allow

BOLD = "\x1b[1m"
HANDLE = re.compile(r"[\w-]{22}")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
WIDE = "山田太郎と申します"


@pytest.fixture(scope="module")
def config(stack, members):
    return write_config(stack, "terminal", members.settings())


@pytest.fixture(scope="module")
def sessions(stack, members, config):
    """Two live sessions, one of them of somebody with a wide name."""
    with Instance(stack, "terminal-serve", members.settings()) as service:
        service.wait_until_serving(allow(5))
        run_verb(stack, "session", "revoke", "--all", config=config)
        cookie_of(service, 120)
        cookie_of(service, 121)
        agent = AGENT.replace("'", "''")
        stack.database.run(f"UPDATE session SET user_agent = '{agent}'; "
                           f"UPDATE session SET username = '{WIDE}' WHERE username = 'member-121'")
        yield json.loads(run_verb(stack, "session", "list", "--json", config=config).stdout)["sessions"]


def plain(text):
    return re.sub(r"\x1b\[\d*m", "", text)


def test_a_wide_terminal_shows_all_in_one_line_each(stack, config, sessions):
    shown = run_at_terminal(stack, "session", "list", config=config, columns=200)
    heading, *lines = plain(shown.out).splitlines()
    assert (shown.returncode, shown.err, len(lines)) == (0, "", len(sessions))
    assert heading.split() == ["logged", "in", "last", "used", "remember", "address", "handle", "device", "user", "id"]
    assert {width(line) for line in lines} == {width(heading.rstrip()) + len("1000120") - len("id")}
    for one in sessions:
        assert [line for line in lines if one["handle"] in line and one["username"] in line and one["id"] in line
                and one["created"] in line and "Firefox on Linux" in line]


def test_a_terminal_of_80_columns_has_a_line_each_and_keeps_the_handles(stack, config, sessions):
    shown = run_at_terminal(stack, "session", "list", config=config)
    heading, *lines, missing = plain(shown.out).splitlines()
    assert heading.split()[:3] == ["user", "last", "used"], "whose session it is comes first"
    assert missing == "(no room for: logged in, remember; --json shows all)"
    assert len(lines) == len(sessions)
    for line in [heading, *lines]:
        assert width(line) <= 80, line
    for one in sessions:
        assert [line for line in lines if one["handle"] in line and re.search(r"  \d+ (s|min) ago  ", line)]


def test_a_terminal_of_40_columns_has_a_block_each(stack, config, sessions):
    shown = run_at_terminal(stack, "session", "list", config=config, columns=40)
    blocks = plain(shown.out).split("\n\n")
    assert len(blocks) == len(sessions)
    for block, one in zip(blocks, sessions, strict=True):
        assert block.startswith("user ")
        rows = dict(re.split(r"  +", line, maxsplit=1) for line in block.splitlines())
        assert rows["handle"] == one["handle"]
        assert (rows["user"], rows["device"], rows["id"]) == (one["username"], "Firefox on Linux", one["id"])
    for line in shown.lines:
        assert width(plain(line)) <= 40


def test_columns_names_the_width(stack, config, sessions):
    shown = run_at_terminal(stack, "session", "list", config=config, columns=200, env={"COLUMNS": "40"})
    assert len(plain(shown.out).split("\n\n")) == len(sessions)


def test_a_pipe_gets_all_without_colours(stack, config, sessions):
    shown = run_at_terminal(stack, "session", "list", config=config, columns=40, out=False, env={"COLUMNS": "40"})
    assert "\x1b" not in shown.out
    assert len(shown.lines) == 1 + len(sessions)
    assert all(one["handle"] in shown.out and one["created"] in shown.out for one in sessions)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_there_are_colours_at_a_terminal_alone_and_not_with_no_color(stack, config, sessions, env):
    assert sessions
    for words in (["session", "list"], ["password", "census"]):
        assert BOLD in run_at_terminal(stack, *words, config=config).out
        assert "\x1b" not in run_at_terminal(stack, *words, config=config, env=env).out


def test_an_empty_list_says_so_at_a_terminal(stack, config, sessions):
    assert sessions
    shown = run_at_terminal(stack, "session", "list", "--id", "nobody", config=config)
    assert (shown.returncode, shown.out) == (0, "there is no live session\n")
    assert run_verb(stack, "session", "list", "--id", "nobody", config=config).stdout.startswith("logged in  ")


def test_a_list_of_no_users_says_so_at_a_terminal(stack):
    words = ["user", "list", "--role", "nobody-has-it", "--admin-user", "root"]
    nobody = 'there is no user with the role "nobody-has-it"\n'
    assert run_at_terminal(stack, *words, config=stack.env["GATEHOUSE_CONF"]).out == nobody
    done = run_verb(stack, *words)
    assert (done.stdout.split(), done.stderr) == (["id", "name", "disabled", "roles"], nobody)


SLOW = "SELECT password FROM (SELECT password FROM member LIMIT 3) AS few WHERE SLEEP(1) = 0"


def test_a_slow_census_shows_how_far_it_is_and_only_at_a_terminal(stack, members):
    config = write_config(stack, "terminal-slow", members.settings(user={"census_query": SLOW}))
    shown = run_at_terminal(stack, "password", "census", config=config, out=False)
    assert "3  in all" in shown.out
    assert re.search(r"\r\x1b\[Kcounting the hashes: .*\d s (left|so far)", shown.err)
    assert shown.err.endswith("\r\x1b[K")
    assert run_at_terminal(stack, "password", "census", config=config, out=False, err=False).err == ""


def test_a_very_narrow_census_ends_with_the_sum_in_one_line(stack, config):
    shown = run_at_terminal(stack, "password", "census", config=config, columns=20)
    last = plain(shown.out).split("\n\n")[-1].splitlines()[0]
    assert re.fullmatch(r"\d+ in all", last), shown.out


@pytest.fixture
def apart(stack):
    """A configuration whose session tables are in a database of their own, which `migrate` has made."""
    stack.database.run("CREATE DATABASE terminal_apart; GRANT ALL ON terminal_apart.* TO gatehouse@localhost")
    config = write_config(stack, "terminal-apart", {"session": {"database": "terminal_apart"}})
    assert run_verb(stack, "migrate", config=config).returncode == 0
    yield config
    stack.database.run("DROP DATABASE terminal_apart; REVOKE ALL ON terminal_apart.* FROM gatehouse@localhost")


def test_migrate_says_that_it_waits_for_another_host(stack, apart):
    stack.database.run("DELETE FROM terminal_apart.gatehouse_migration WHERE number = 6;"
                       "REPLACE INTO terminal_apart.gatehouse_lease"
                       " VALUES ('migrate', 'another host', UTC_TIMESTAMP(6) + INTERVAL 4 SECOND)")
    shown = run_at_terminal(stack, "migrate", config=apart, out=False)
    assert (shown.returncode, shown.out) == (0, "applied 0006_events\n")
    assert "another host migrates this database" in shown.err


def test_many_sessions_are_read_however_long_it_takes_and_it_shows_how_far_it_is(stack, apart):
    """Longer than mysql.timeout, which is for the requests of visitors."""
    stack.database.run(
        "INSERT INTO terminal_apart.session (id, user_id, username, persistent, fingerprint, user_epoch, site_epoch,"
        " created_at, last_used, address, user_agent) SELECT UNHEX(LPAD(HEX(seq), 32, '0')), seq % 1000, 'somebody', 0, REPEAT('f', 8),"
        " 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '127.0.0.1', '' FROM seq_1_to_1000000")
    config = write_config(stack, "terminal-many",
                          {"session": {"database": "terminal_apart"}, "mysql": {"timeout": "1s"}})
    shown = run_at_terminal(stack, "session", "list", config=config, out=False, columns=100)
    assert shown.returncode == 0
    assert len(shown.lines) == 1 + 10_000
    assert re.search(r"reading the sessions: [\d,]+ of about [\d,]+ sessions, \d+ %, \d+ s left", shown.err)
    assert "990000 more sessions" in shown.err
    handle = HANDLE.search(shown.lines[-1])[0]
    shown = run_at_terminal(stack, "session", "revoke", "--handle", handle, config=config, out=False)
    assert (shown.returncode, shown.out) == (0, f'the session "{handle}" is revoked\n')
    shown = run_at_terminal(stack, "session", "revoke", "--handle", handle, config=config, out=False)
    assert (shown.returncode, shown.out) == (1, "")
    assert f'there is no live session with the handle "{handle}"' in shown.err
    assert "looking for the session: " in shown.err
