"""`gatehouse key`: the file that a reload takes, step by step."""
import json
import os
import re
import signal
from pathlib import Path

import pytest

from fastcgi import web
from instance import Instance
from systemd_ear import SystemdEar
from verbs import run_at_terminal, run_verb
from visitor import home_request
from waiting import allow


@pytest.fixture
def ear(tmp_path):
    with SystemdEar(tmp_path / "notify") as ear:
        yield ear


@pytest.fixture
def service(stack, ear):
    path = stack.dir / "verbs.keys"
    path.write_text("# the site's\n" + "C" * 42 + "A\n")
    path.chmod(0o640)
    changes = {"session": {"key_file": str(path), "store": "memory"}}
    with Instance(stack, "key-verbs", changes, prefix=ear.prefix) as service:
        service.wait_until_serving(allow(5))
        ear.hears("READY=1", allow(5))
        service.keys = path
        yield service


def key(stack, service, *words):
    done = run_verb(stack, "key", *words, config=service.config)
    assert done.returncode == 0, done.stderr
    return done.stdout


def marks(stack, service):
    keys = json.loads(key(stack, service, "list", "--json"))["keys"]
    assert [one["signs"] for one in keys] == [True] + [False] * (len(keys) - 1)
    return [one["mark"] for one in keys]


def test_a_key_is_changed_without_losing_a_session(stack, service, ear):
    def reload():
        ear.forget()
        service.process.send_signal(signal.SIGHUP)
        ear.hears("READY=1", allow(10))
        assert ear.status() == "Serving"

    def is_in(cookie):
        return service.ask(home_request(cookie)).status == 200

    first = service.login().cookie
    [old] = marks(stack, service)
    said = key(stack, service, "add")
    _, new = marks(stack, service)
    assert [line.split(maxsplit=1)[1] for line in key(stack, service, "list").splitlines()[1:]] == ["signs", "in the file"]
    assert f"gatehouse key promote --config {service.config} {new}" in said and "systemctl reload gatehouse" in said
    reload()
    said = key(stack, service, "promote", new[:8])
    assert marks(stack, service) == [new, old] and f"gatehouse key remove --config {service.config} " in said
    assert f"{old}\n" in said
    reload()
    second = service.login().cookie
    assert is_in(first) and is_in(second)
    key(stack, service, "remove", "--", old)
    assert marks(stack, service) == [new]
    reload()
    assert not is_in(first) and is_in(second)
    assert service.keys.read_text().startswith("# the site's\n")


def test_the_file_keeps_its_owner_and_mode(stack, service):
    os.chown(service.keys, 0, 33)
    key(stack, service, "add")
    state = service.keys.stat()
    assert (state.st_uid, state.st_gid, state.st_mode & 0o7777) == (0, 33, 0o640)


def test_the_key_that_signs_is_not_removed(stack, service):
    [only] = marks(stack, service)
    done = run_verb(stack, "key", "remove", "--", only, config=service.config)
    assert done.returncode == 1 and "promote another one first" in done.stderr
    assert marks(stack, service) == [only]


def test_remove_asks_at_a_terminal_how_long_the_key_may_be_needed(stack, service):
    key(stack, service, "add")
    first, second = marks(stack, service)
    for answer, code, shown in (("\n", 1, "nothing is removed"), ("n\n", 1, "nothing is removed"),
                                ("y\n", 0, f"removed the key {second}")):
        assert marks(stack, service) == [first, second]
        got, screen = run_at_terminal(stack, "key", "remove", second, config=service.config,
                                      typed=[("[y/N] ", answer)])
        assert (got, shown in screen) == (code, True), screen
        assert "less than 30d ago" in screen
    key(stack, service, "add")
    got, screen = run_at_terminal(stack, "key", "remove", "--yes", marks(stack, service)[1], config=service.config)
    assert got == 0 and marks(stack, service) == [first], screen


def test_an_unknown_mark_is_named(stack, service):
    done = run_verb(stack, "key", "promote", "no-such", config=service.config)
    assert done.returncode == 1 and '"no-such" is the mark of none of 1 keys' in done.stderr


def test_a_key_that_no_host_accepts_yet_is_not_promoted(stack, ear):
    """The service would go on by its old keys, and not serve after its next restart."""
    path = stack.dir / "unknown-yet.keys"
    path.write_text(Path(stack.config["session"]["key_file"]).read_text())
    path.chmod(0o640)
    with Instance(stack, "unknown-yet", {"session": {"key_file": str(path)}}, prefix=ear.prefix) as service:
        service.wait_until_serving(allow(5))
        ear.hears("READY=1", allow(5))
        first = service.login()
        [old] = marks(stack, service)
        key(stack, service, "add")
        [_, new] = marks(stack, service)
        done = run_verb(stack, "key", "promote", new, config=service.config)
        assert done.returncode == 1 and "no running host accepts" in done.stderr and "reload first" in done.stderr
        assert marks(stack, service) == [old, new]
        assert "not accepted yet: reload every host" in key(stack, service, "list")
        ear.forget()
        service.reload()
        ear.hears("READY=1", allow(10))
        assert "accepted by the running hosts" in key(stack, service, "list")
        assert re.search(r"not before \d{4}-\d\d-\d\d,", key(stack, service, "promote", new))
        ear.forget()
        service.reload()
        ear.hears("READY=1", allow(10))
        assert ear.status() == "Serving"
        assert service.process.stop(allow(12)) == 0
        service.process = service.start()
        service.wait_until_serving(allow(5))
        second = service.login()

        def listed():
            done = run_verb(stack, "session", "list", "--user", "roy", "--json", config=service.config)
            handles = {one["handle"] for one in json.loads(done.stdout)["sessions"]}
            shown = run_verb(stack, "user", "show", "roy", "--json", config=service.config)
            assert json.loads(shown.stdout)["sessions"] == len(handles)
            return handles

        def own(cookie):
            answer = service.ask(web("GET", "/sessions", headers={"Cookie": cookie}))
            return [one["handle"] for one in json.loads(answer.body)["sessions"]]

        # Other tests may have left sessions of another roy, or of another password, which the verb lists as well.
        shown = set(own(second.cookie))
        assert len(shown) >= 2 and shown <= listed()
        key(stack, service, "remove", "--", old)
        ear.forget()
        service.reload()
        ear.hears("READY=1", allow(10))
        assert service.ask(home_request(first.cookie)).status == 401
        left = own(second.cookie)
        assert len(left) == 1 and set(left) <= listed()
