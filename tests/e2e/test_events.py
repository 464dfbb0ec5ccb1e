"""What has happened at logins: kept in login_event, and listed by `gatehouse events`."""
import datetime
import json
import re
import threading
import time

import pytest

from fastcgi import web
from front import Front, server
from instance import Instance
from member import PASSWORD, UPDATE, cheap_hash
from verbs import run_at_terminal, run_verb
from visitor import login_request
from waiting import allow, eventually

ID = 1_930_000
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
REQUEST = "fedcba9876543210fedcba9876543210"
TEXTS = "kind, reason, user_id, username, address, user_agent, session, request"
# Nothing else has these.
WRONG, TYPED, FRESH = "wrong-Qx71ev-secret", "typed-Ya26ev-as-name", "fresh-Rt93ev-secret"


@pytest.fixture(scope="module")
def settings(members):
    rows = ", ".join(f"({ID + i}, 'event{i}', '{cheap_hash(PASSWORD)}')" for i in range(30))
    members.database.run(f"REPLACE INTO member VALUES {rows}; DELETE FROM login_event; DELETE FROM login_failure")
    patient = {"free_guesses": 1000, "strangers_free_guesses": 1000, "close_after": 100_000, "address_free_guesses": 100_000,
               "network_free_guesses": 100_000}
    return members.settings(user={"update_query": UPDATE}, guard=patient)


@pytest.fixture(scope="module")
def service(stack, settings):
    with Instance(stack, "events", settings) as service:
        service.wait_until_serving(allow(5))
        yield service


def log_in(service, name, password=PASSWORD, address="192.0.2.7", **headers):
    return service.ask(*login_request(name, password, address=address, headers={"User-Agent": AGENT, **headers},
                                      REQUEST_ID=REQUEST))


def listed(stack, service, *options):
    done = run_verb(stack, "events", "--json", *options, config=service.config)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)["events"]


def of(stack, service, number, count=1):
    """The events of a user, once there are so many."""
    return eventually(lambda: len(all := listed(stack, service, "--id", str(ID + number))) >= count and all, allow(10),
                      every=0.1, what=f"{count} events of event{number}")


def test_a_login_and_a_wrong_password_are_listed_with_all_that_is_known(stack, service):
    cookie = log_in(service, "event0").cookie
    log_in(service, "event0", WRONG, address="2001:db8::1")
    by_kind = {one["event"]: one for one in of(stack, service, 0, 2)}
    login, refused = by_kind["login"], by_kind["login_refused"]
    [session] = service.ask(web("GET", "/sessions", headers={"Cookie": cookie})).json()["sessions"]
    assert {name: login[name] for name in login if name not in ("event_id", "time", "written")} == {
        "event": "login", "outcome": "success", "times": 1, "user": "event0", "id": str(ID), "address": "192.0.2.7",
        "device": "Firefox on Linux", "agent": AGENT, "session": session["handle"], "request": REQUEST,
        "new_device": True, "new_address": True}
    assert {name: refused[name] for name in refused if name not in ("event_id", "time", "written")} == {
        "event": "login_refused", "outcome": "failure", "times": 1, "reason": "wrong_password", "user": "event0",
        "id": str(ID), "address": "2001:db8::1", "device": "Firefox on Linux", "agent": AGENT, "request": REQUEST}
    for one in (login, refused):
        assert re.fullmatch(r"[0-9a-f]{32}", one["event_id"])
        age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(one["time"].replace("Z", "+00:00"))
        assert -2 < age.total_seconds() < allow(10)


def test_a_browser_that_comes_back_is_no_new_one_and_another_is(stack, service):
    device = log_in(service, "event1").device
    of(stack, service, 1, 1)
    log_in(service, "event1", Cookie=device, address="203.0.113.7")
    log_in(service, "event1", address="192.0.2.7")
    events = of(stack, service, 1, 3)
    assert sorted((one["address"], one["new_device"], one["new_address"]) for one in events) == [
        ("192.0.2.7", True, False), ("192.0.2.7", True, True), ("203.0.113.7", False, True)]


def test_a_changed_password_and_a_wrong_current_one_are_listed(stack, service):
    cookie = log_in(service, "event2").cookie
    for current in (WRONG, PASSWORD):
        body = json.dumps({"current": current, "new": FRESH}).encode()
        service.ask(web("POST", "/password", body, headers={"Cookie": cookie}), body)
    assert [one["event"] for one in of(stack, service, 2, 3)].count("password_changed") == 1
    assert {"login", "password_refused", "password_changed"} == {one["event"] for one in of(stack, service, 2, 3)}


def test_a_name_that_no_row_has_is_kept_nowhere(stack, service):
    before = stack.database.run("SELECT COALESCE(SUM(times), 0) FROM login_event WHERE user_id = ''")
    assert log_in(service, TYPED, WRONG).status == 400
    eventually(lambda: stack.database.run("SELECT COALESCE(SUM(times), 0) FROM login_event WHERE user_id = ''") != before,
               allow(10))
    columns = stack.database.run(f"SELECT {TEXTS} FROM login_event")
    assert "unknown_user" in columns
    for secret in (TYPED, WRONG, PASSWORD, FRESH):
        assert secret not in columns
    assert "user" not in [one for one in listed(stack, service) if one.get("reason") == "unknown_user"][0]


def test_a_flood_at_one_account_and_of_invented_names_is_few_rows_with_the_whole_count(stack, service):
    guesses = 300
    stack.database.run("DELETE FROM login_event WHERE user_id = ''")
    for i in range(guesses):
        log_in(service, "event3", WRONG, address=f"198.51.{i // 100}.{i % 100}")
        log_in(service, f"nobody-{i}", WRONG, address=f"198.51.{i // 100}.{i % 100}")
    for of_whom in (f"user_id = '{ID + 3}'", "user_id = ''"):
        eventually(lambda w=of_whom: int(stack.database.run(f"SELECT COALESCE(SUM(times), 0) FROM login_event WHERE {w}")) == guesses,
                   allow(15), every=0.2, what=f"all are counted, {of_whom}")
        rows = int(stack.database.run(f"SELECT COUNT(*) FROM login_event WHERE {of_whom}"))
        # 20 a minute and one for the rest, and the flood may take longer than one.
        assert rows <= 3 * 21, of_whom
    assert "several" in run_verb(stack, "events", "--id", str(ID + 3), config=service.config).stdout


def test_a_login_does_not_wait_for_the_table(stack, service):
    locked = threading.Thread(target=stack.database.run, args=("LOCK TABLES login_event WRITE; SELECT SLEEP(4)",))
    locked.start()
    time.sleep(0.5)
    begin = time.monotonic()
    assert log_in(service, "event4").status == 200
    assert log_in(service, "event4", WRONG).status == 400
    assert time.monotonic() - begin < allow(2)
    locked.join()
    assert len(of(stack, service, 4, 2)) == 2, "and nothing is lost"


def test_since_a_time(stack, service):
    log_in(service, "event5")
    of(stack, service, 5)
    now = datetime.datetime.now()
    who = ("--id", str(ID + 5))
    assert listed(stack, service, *who, "--since", "2h") and listed(stack, service, *who, "--since", now.strftime("%Y-%m-%d"))
    ago = now - datetime.timedelta(minutes=5)
    assert listed(stack, service, "--user", "event5", "--since", ago.strftime("%Y-%m-%d %H:%M"))
    stack.database.run(f"UPDATE login_event SET at = at - INTERVAL 3 HOUR, written_at = written_at - INTERVAL 3 HOUR"
                       f" WHERE user_id = '{ID + 5}'")
    assert listed(stack, service, *who, "--since", "2h") == []
    done = run_verb(stack, "events", *who, "--since", "2h", config=service.config)
    assert (done.returncode, done.stderr) == (0, "there is no such event\n")


@pytest.mark.parametrize("options, code, says", (
    (("--since", "yesterday"), 2, '"yesterday" is no time: write 2026-11-28'),
    (("--since", ""), 2, "is no time"), (("--since", "2099-01-01"), 2, "lies in the future"),
    (("--user", "nobody at all"), 1, 'there is no user "nobody at all"'), (("--user", ""), 2, "--user is empty"),
    (("--user", "event0", "--id", "1"), 2, "--id")))
def test_what_cannot_be_is_told_with_an_exit_code(stack, service, options, code, says):
    done = run_verb(stack, "events", *options, config=service.config)
    assert (done.returncode, done.stdout) == (code, "") and says in done.stderr, done.stderr


def test_the_table_fits_a_terminal(stack, service):
    log_in(service, "event6", WRONG)
    of(stack, service, 6)
    code, screen = run_at_terminal(stack, "events", "--id", str(ID + 6), config=service.config)
    assert code == 0 and "event6" in screen and "login_refused" in screen
    plain = re.sub(r"\x1b\[[0-9;]*m", "", screen)
    assert max(len(line) for line in plain.splitlines()) <= 80, screen


def test_nothing_is_kept_where_the_settings_say_so(stack, settings):
    with Instance(stack, "events-none", {**settings, "events": {"max_rows": 0}}) as service:
        service.wait_until_serving(allow(5))
        cookie = log_in(service, "event7").cookie
        answer = service.ask(web("GET", "/events", headers={"Cookie": cookie}))
        assert (answer.status, answer.json()) == (200, {"events": []})
    assert "0" == stack.database.run(f"SELECT COUNT(*) FROM login_event WHERE user_id = '{ID + 7}'").strip()


def test_the_owner_reads_the_own_ones_alone_and_no_inner_reason(stack, service):
    log_in(service, "event8", WRONG, address="198.51.100.8")
    log_in(service, "event9", WRONG)
    cookie = log_in(service, "event8").cookie
    of(stack, service, 8, 2)
    answer = service.ask(web("GET", "/events", headers={"Cookie": cookie}))
    events = answer.json()["events"]
    assert [(one["outcome"], one["address"], one["times"]) for one in events] == [
        ("logged-in", "192.0.2.7", 1), ("failed", "198.51.100.8", 1)]
    assert all(set(one) == {"time", "outcome", "times", "address", "user_agent"} for one in events)
    assert service.ask(web("GET", "/events")).status == 401


def test_without_the_table_all_else_goes_on_and_the_log_says_so_once(stack, settings):
    stack.database.run("RENAME TABLE login_event TO login_event_away")
    try:
        with Instance(stack, "events-before", settings) as service:
            service.wait_until_serving(allow(5))
            cookie = log_in(service, "event10").cookie
            assert log_in(service, "event10", WRONG).status == 400
            eventually(lambda: "login_event" in service.log(), allow(10))
            assert service.ask(web("GET", "/events", headers={"Cookie": cookie})).json() == {"events": []}
            assert service.log().count("cannot be written to the table login_event") == 1
            done = run_verb(stack, "events", config=service.config)
            assert done.returncode == 1 and "`gatehouse migrate" in done.stderr
            done = run_verb(stack, "check", config=service.config)
            assert done.returncode == 1 and "cannot be kept for `gatehouse events`" in done.stdout + done.stderr
            stack.database.run("RENAME TABLE login_event_away TO login_event")
    finally:
        if stack.database.run("SHOW TABLES LIKE 'login_event_away'"):
            stack.database.run("RENAME TABLE login_event_away TO login_event")
    assert stack.database.run(f"SELECT COUNT(*) FROM login_event WHERE user_id = '{ID + 10}'").strip() == "2", "what waited is written"


def test_nginxs_request_id_is_that_of_the_event_and_of_its_own_question(stack, port):
    """Through the snippets as they are: the access log, the event and the auth subrequest have one id for a request."""
    logged = "access_log FOLDER/access.log ids; log_subrequest on;\n"
    body = logged + "location ^~ /members/ { auth_request gatehouse:*; }"
    with Front(stack, port + 70, server("localhost", body), http="log_format ids '$request_id $request_method $uri $status';",
               name="front-ids") as front:
        done = front.ask("/gatehouse/login", method="POST", json={"username": "roy", "password": "roy"})
        assert done.status_code == 200
        token = done.cookies["gatehouse"]
        assert front.ask("/members/page.html", headers={"Cookie": f"gatehouse={token}"}).status_code == 200
        lines = [line.split() for line in (front.folder / "access.log").read_text().splitlines()]
    [login] = [one for one, method, uri, _ in lines if (method, uri) == ("POST", "/gatehouse/login")][:1]
    assert re.fullmatch("[0-9a-f]{32}", login)
    assert f"request={login}" in (stack.logs / "gatehouse.log").read_text()
    assert eventually(lambda: stack.database.run(f"SELECT user_id FROM login_event WHERE request = '{login}'"), allow(10))
    [asked] = [one for one, _, uri, _ in lines if uri.startswith("gatehouse:")]
    [served] = [one for one, _, uri, status in lines if (uri, status) == ("/members/page.html", "200")]
    assert asked == served != login
