"""Under socket activation the service answers from the first moment, whatever is wrong with its settings."""
import signal
import time

import pytest

import fastcgi
from fastcgi import web
from front import Front, server
from instance import Instance
from systemd_ear import SystemdEar
from visitor import HOME, auth_request, home_request
from waiting import allow, eventually

MISCONFIGURED = {"message": "Service Unavailable", "reason": "misconfigured"}
TYPO = {"server": {"login_thraeds": 3}}


def asked(service, what, internal=""):
    return service.ask(web("GET", what, GATEHOUSE_INTERNAL=internal))


def refuses(service):
    try:
        return asked(service, "/").status == 503
    except (OSError, fastcgi.Closed):
        return False


@pytest.fixture
def ear(tmp_path):
    with SystemdEar(tmp_path / "notify") as ear:
        yield ear


@pytest.fixture
def broken(stack, ear):
    with Instance(stack, "broken", TYPO, prefix=ear.prefix) as service:
        eventually(lambda: refuses(service), allow(5), what="a first answer")
        yield service


def test_a_typo_is_answered_with_503_at_once(broken):
    started = time.monotonic()
    for question in (HOME, auth_request("gatehouse=x")):
        answer = broken.ask(question)
        assert (answer.status, answer.json()) == (503, MISCONFIGURED)
        assert answer.header("Retry-After") == "1"
    login = broken.login()
    assert (login.status, login.json()) == (503, MISCONFIGURED)
    assert asked(broken, "/readyz", internal="1").status == 503
    assert asked(broken, "/healthz", internal="1").status == 200
    assert time.monotonic() - started < allow(2)


def test_a_form_is_led_to_a_page_that_says_so(broken):
    body = b"username=roy&password=roy"
    answer = broken.ask(web("POST", "/login", body, CONTENT_TYPE="application/x-www-form-urlencoded"), body)
    assert (answer.status, answer.header("Location")) == (303, "/gatehouse/login?error=misconfigured")


def test_a_protected_page_says_so_and_scripts_can_read_it(stack, port, broken):
    with Front(stack, port + 51, server("localhost", "location ^~ /members/ { auth_request gatehouse:*; }"),
               name="misconfigured", edits={"upstream.conf": [(stack.fcgi_socket, broken.place)]}) as front:
        page = front.ask("/members/page.html", headers={"Sec-Fetch-Mode": "navigate"})
        assert (page.status_code, page.headers["Gatehouse-Reason"]) == (503, "misconfigured")
        assert "something is set up wrong on our side" in page.text and "a few minutes" not in page.text
        data = front.ask("/members/page.html")
        assert (data.status_code, data.json()) == (503, MISCONFIGURED)


def test_systemd_is_told_that_it_runs_and_what_is_wrong(broken, ear):
    ear.hears("READY=1", allow(5))
    assert "login_thraeds: unknown key" in ear.status()
    assert str(broken.config) in ear.status()


def test_the_log_has_each_problem_once(stack, ear):
    wrong = {"server": {"login_thraeds": 3, "login_queue": 0}}
    with Instance(stack, "twice-broken", wrong, prefix=ear.prefix) as service:
        eventually(lambda: refuses(service), allow(5))
        ear.hears("READY=1", allow(5))
        ear.forget()
        service.reload()
        ear.hears("READY=1", allow(5))
        assert service.log().count("login_thraeds: unknown key") == 1
        assert service.log().count("server.login_queue") == 1
        assert "and 1 more" in ear.status()


@pytest.mark.parametrize("asked_to", [False, True], ids=["by itself", "by a reload"])
def test_the_mended_file_is_taken(broken, ear, asked_to):
    process = broken.process.pid
    broken.configure({})
    if asked_to:
        broken.reload()
    broken.wait_until_serving(allow(5))
    assert (broken.process.pid, broken.process.running) == (process, True)
    ear.hears("STATUS=Serving", allow(5))
    cookie = broken.login().cookie
    assert broken.ask(home_request(cookie)).status == 200


@pytest.mark.parametrize("text, mode, why", [("nonsense\n", 0o600, "line 1 is not a key"),
                                             ("A" * 43 + "\n", 0o644, "chmod o="),
                                             (None, 0, "gatehouse init")],
                         ids=["garbled", "open to others", "missing"])
def test_a_strange_key_file_is_no_different(stack, text, mode, why):
    keys = stack.dir / "strange.keys"
    keys.unlink(missing_ok=True)
    if text:
        keys.write_text(text)
        keys.chmod(mode)
    with Instance(stack, "strange-keys", {"session": {"key_file": str(keys), "store": "memory"}}) as service:
        eventually(lambda: refuses(service), allow(5), what="a first answer")
        assert "session.key_file: " in service.log() and why in service.log()
        fresh = stack.dir / "fresh.keys"
        fresh.write_text("B" * 42 + "A\n")
        fresh.chmod(0o600)
        fresh.rename(keys)
        service.wait_until_serving(allow(5))


def test_it_stops_as_it_is_told(broken):
    assert broken.process.stop(allow(3)) == 0


def test_without_a_socket_from_systemd_it_ends_with_the_reason(stack):
    place = stack.dir / "own-place.sock"
    with Instance(stack, "own-place", {"server": {"listen": f"unix:{place}", "login_thraeds": 3}}) as service:
        assert service.process.exit_code(allow(5)) == 1
        assert "login_thraeds: unknown key" in service.log()


def test_a_file_that_is_being_written_is_not_taken_halfway(broken, ear):
    """Cut short, it would be a configuration, too: one of defaults alone."""
    ear.hears("READY=1", allow(5))
    mended = broken.config.read_text().replace("login_thraeds = 3\n", "")
    ear.forget()
    for _ in range(12):  # for three seconds somebody writes: no two looks find the same file
        broken.config.write_text("")
        time.sleep(0.125)
        broken.config.write_text("# not yet\n")
        time.sleep(0.125)
    assert "STATUS=Serving" not in ear.said()
    broken.config.write_text(mended)
    broken.wait_until_serving(allow(5))


def test_a_pepper_that_a_step_names_is_waited_for(stack):
    pepper = stack.dir / "pepper"
    pepper.unlink(missing_ok=True)
    changes = {"user": {"password_transform": [f"append({pepper})"]}}
    with Instance(stack, "peppered", changes) as service:
        eventually(lambda: refuses(service), allow(5), what="a first answer")
        assert "user.password_transform: " in service.log()
        pepper.write_text("pepper\n")
        pepper.chmod(0o600)
        service.wait_until_serving(allow(5))


def test_mysql_that_does_not_answer_lets_nobody_wait_for_its_time_outs(stack, database, ear):
    """A frozen server takes connections, and says nothing."""
    database.freeze()
    with Instance(stack, "frozen-start", {"mysql": {"connect_timeout": "6s"}}, prefix=ear.prefix) as service:
        started = time.monotonic()
        answer = service.ask(HOME)
        assert (answer.status, answer.json()["reason"]) == (503, "away")
        assert time.monotonic() - started < allow(4)
        ear.hears("READY=1", allow(1))
        assert "MySQL has not answered yet" in ear.status()
        assert asked(service, "/healthz", internal="1").status == 200
        database.thaw()
        service.wait_until_serving(allow(20))
        ear.hears("STATUS=Serving", allow(5))
        assert service.login().status == 200


def test_a_service_that_hangs_keeps_a_page_for_five_seconds(stack, port):
    with Instance(stack, "hung", {}) as service:
        service.wait_until_serving(allow(5))
        with Front(stack, port + 51, server("localhost", "location ^~ /members/ { auth_request gatehouse:*; }"),
                   name="hung", edits={"upstream.conf": [(stack.fcgi_socket, service.place)]}) as front:
            service.process.freeze()
            begun = time.monotonic()
            answer = front.ask("/members/page.html")
            took = time.monotonic() - begun
            service.process.send_signal(signal.SIGCONT)
            assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable", "reason": "away"})
            assert took < allow(7), took
