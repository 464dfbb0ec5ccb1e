"""`gatehouse migrate` makes the tables, `check` says which are missing, and one whose keys do not
belong to the sessions in them refuses to serve."""
import base64
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from instance import Instance, write_config
from member import status
from verbs import run_verb
from visitor import HOME
from waiting import allow, eventually

ALL = ["applied 0001_sessions", "applied 0002_users", "applied 0003_login_names", "applied 0004_key_use",
       "applied 0005_guesses", "applied 0006_events"]
TABLES = {"gatehouse_lease", "gatehouse_migration", "session", "session_epoch", "session_key", "session_key_use",
          "login_failure", "login_place", "login_event", "user_disabled", "user_role"}


@pytest.fixture
def empty(stack):
    """A configuration whose session tables are in a database without any."""
    stack.database.run(
        "CREATE DATABASE tables_apart; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX"
        " ON tables_apart.* TO gatehouse@localhost")
    yield write_config(stack, "apart", {"session": {"database": "tables_apart"}})
    stack.database.run("DROP DATABASE tables_apart; REVOKE ALL ON tables_apart.* FROM gatehouse@localhost")


def tables(stack):
    return set(stack.database.run("SHOW TABLES IN tables_apart").split())


def test_migrate_makes_what_is_missing_and_a_second_time_nothing(stack, empty):
    done = run_verb(stack, "migrate", config=empty)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, ALL, "")
    assert tables(stack) == TABLES
    stack.database.run("INSERT INTO tables_apart.user_role VALUES ('1', 'admin')")
    done = run_verb(stack, "migrate", config=empty)
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing to do\n", "")
    assert stack.database.run("SELECT role FROM tables_apart.user_role").split() == ["admin"]


def test_two_at_once_do_it_once(stack, empty):
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: run_verb(stack, "migrate", config=empty), range(4)))
    assert [(one.returncode, one.stderr) for one in runs] == [(0, "")] * 4
    assert sorted(line for one in runs for line in one.stdout.splitlines()) == sorted(ALL + ["nothing to do"] * 3)
    assert tables(stack) == TABLES


def test_check_says_what_is_missing_until_it_is_there(stack, empty):
    done = run_verb(stack, "check", config=empty)
    assert done.returncode == 1
    missing = ", ".join(line.removeprefix("applied ") for line in ALL)
    assert f"tables are missing ({missing})\n    `gatehouse migrate --config " in done.stdout
    assert run_verb(stack, "check", "--offline", config=empty).returncode == 0
    run_verb(stack, "migrate", config=empty)
    done = run_verb(stack, "check", config=empty)
    assert (done.returncode, done.stdout) == (0, f"{empty}: ok\n")
    stack.database.run("DELETE FROM tables_apart.gatehouse_migration WHERE number >= 5")
    assert "tables are missing (0005_guesses, 0006_events)" in run_verb(stack, "check", config=empty).stdout


def test_a_table_of_that_name_that_is_not_ours_stays_as_it_is(stack, empty):
    stack.database.run("CREATE TABLE tables_apart.session (id int)")
    done = run_verb(stack, "migrate", config=empty)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the table session belongs to another program, and was not changed" in done.stderr
    assert tables(stack) == {"session"}


def test_a_later_database_is_refused(stack, empty):
    run_verb(stack, "migrate", config=empty)
    stack.database.run("INSERT INTO tables_apart.gatehouse_migration VALUES (99, UTC_TIMESTAMP())")
    for verb in ("migrate", "check"):
        done = run_verb(stack, verb, config=empty)
        assert done.returncode == 1
        assert "from a later version of Gatehouse (migration 99)" in done.stdout + done.stderr


def test_a_service_started_before_its_tables_serves_when_they_are_there(stack, empty):
    with Instance(stack, "before", {"session": {"database": "tables_apart"}}) as service:
        service.wait_until_refusing(allow(5))
        assert service.login().status == 503
        assert run_verb(stack, "migrate", config=empty).returncode == 0
        answer = eventually(lambda: (a := service.login()).status == 200 and a, allow(2))
        assert status(service, answer.cookie) == 200


OF_BEFORE = ("DROP TABLE tables_apart.login_failure, tables_apart.login_place, tables_apart.login_event;"
             "ALTER TABLE tables_apart.session DROP COLUMN device;"
             "DELETE FROM tables_apart.gatehouse_migration WHERE number >= 5")


def test_with_tables_of_the_version_before_nobody_is_kept_out(stack, empty):
    assert run_verb(stack, "migrate", config=empty).returncode == 0
    stack.database.run(OF_BEFORE)
    with Instance(stack, "newer", {"session": {"database": "tables_apart"}}) as service:
        service.wait_until_serving(allow(5))
        cookie = service.login().cookie
        assert status(service, cookie) == 200
        assert service.login(password="wrong").status == 400
        assert "browsers that log in are not remembered" in service.log()
        assert "failed logins are counted by this host alone" in service.log()
        eventually(lambda: "cannot be written to the table login_event" in service.log(), allow(5))
        assert service.log().count("run `gatehouse init` as root") >= 3
        done = run_verb(stack, "check", config=empty)
        assert done.returncode == 1 and "tables are missing (0005_guesses, 0006_events)" in done.stdout
        assert run_verb(stack, "migrate", config=empty).returncode == 0
        assert service.login().status == 200
        assert status(service, cookie) == 200
        held = "SELECT COUNT(device) FROM tables_apart.session"
        assert stack.database.run(held).split() == ["1"], "from the first login after the migration on"
        kept = "SELECT COUNT(*) FROM tables_apart.login_event"
        eventually(lambda: stack.database.run(kept).split() == ["3"], allow(15), what="what has waited for the table is written")


@pytest.fixture
def narrow(stack):
    """An account for the sessions alone, with the rights of the version before."""
    tables = [name for name in TABLES if not name.startswith("login_")]
    password = stack.dir / "narrow.password"
    password.write_text("of the narrow one\n")
    password.chmod(0o600)
    stack.database.run("CREATE DATABASE tables_apart; CREATE USER narrow@localhost IDENTIFIED BY 'of the narrow one';" + "".join(
        f"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON tables_apart.{name} TO narrow@localhost;"
        for name in tables))
    yield write_config(stack, "narrow", {"session": {"database": "tables_apart", "user": "narrow", "password_file": str(password)}})
    stack.database.run("DROP DATABASE tables_apart; DROP USER narrow@localhost")


def test_missing_rights_are_told_with_what_to_run(stack, narrow):
    done = run_verb(stack, "migrate", config=narrow)
    assert done.returncode == 1
    assert "0005_guesses: MySQL error 1142" in done.stderr and "run `gatehouse init` as root" in done.stderr
    stack.database.run("".join(f"GRANT SELECT, INSERT, UPDATE, CREATE ON tables_apart.{name} TO narrow@localhost;"
                               for name in ("login_failure", "login_place", "login_event")))
    done = run_verb(stack, "migrate", config=narrow)
    assert done.returncode == 0, done.stderr
    done = run_verb(stack, "check", config=narrow)
    assert done.returncode == 1
    assert "MySQL error 1142" in done.stdout and "run `gatehouse init` as root" in done.stdout


def new_key():
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=") + "\n"


@pytest.fixture
def keys(stack):
    """Gives the settings of a service whose key file holds that text."""
    def settings(name, text):
        path = stack.dir / f"{name}.keys"
        path.write_text(text)
        path.chmod(0o600)
        return {"session": {"database": "tables_apart", "key_file": str(path)}}
    return settings


@pytest.mark.parametrize("handed_over", [True, False], ids=["socket of systemd", "socket of its own"])
def test_a_host_with_other_keys_does_not_serve_and_says_why(stack, empty, keys, handed_over):
    assert run_verb(stack, "migrate", config=empty).returncode == 0
    with Instance(stack, "first-keys", keys("first", new_key())) as service:
        service.wait_until_serving(allow(5))
        cookie = service.login().cookie
        others = keys("other", new_key())
        if not handed_over:
            others["server"] = {"listen": f"unix:{stack.dir}/other-keys-own.sock"}
        with Instance(stack, "other-keys", others) as stranger:
            if handed_over:
                eventually(lambda: "critical: " in stranger.log(), allow(5), what="the reason in the log")
                assert stranger.ask(HOME).json()["reason"] == "misconfigured"
            else:
                assert stranger.process.exit_code(allow(5)) == 1
            assert "critical: the first key of session.key_file is not one that the sessions" in stranger.log()
            assert "gatehouse session revoke --all" in stranger.log()
        assert status(service, cookie) == 200


def test_keys_are_rotated_without_losing_a_session(stack, empty, keys):
    assert run_verb(stack, "migrate", config=empty).returncode == 0
    old, new = new_key(), new_key()
    cookies = []
    for number, text in enumerate((old, old + new, new + old)):
        with Instance(stack, f"rotated-{number}", keys("rotated", text)) as service:
            service.wait_until_serving(allow(5))
            cookies.append(service.login().cookie)
            assert [status(service, cookie) for cookie in cookies] == [200] * len(cookies)
            # Not by what the last process happened to have in memory.
            assert service.process.stop(allow(5), signal.SIGKILL) == -signal.SIGKILL
            service.process = service.start()
            assert [status(service, cookie) for cookie in cookies] == [200] * len(cookies)
    with Instance(stack, "rotated-3", keys("rotated", new)) as service:
        service.wait_until_serving(allow(5))
        assert [status(service, cookie) for cookie in cookies] == [401, 401, 200]


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(stack, empty):
    done = run_verb(stack, "migrate", "--dry-run", config=empty)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (
        0, [line.replace("applied", "would apply") for line in ALL], "")
    assert tables(stack) == set()
    run_verb(stack, "migrate", config=empty)
    done = run_verb(stack, "migrate", "--dry-run", config=empty)
    assert (done.returncode, done.stdout) == (0, "nothing to do\n")
