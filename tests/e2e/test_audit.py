"""The audit events: one for each thing that happens, with the fields that gatehouse(8) lists, and no secret in any."""
import json
import os
import re
import subprocess

import pytest

from fastcgi import web
from instance import Instance
from journal import Journal
from member import UPDATE, Members, cheap_hash
from waiting import allow, eventually

ID = 1_900_000
# Nothing else in the suite has these, so that a trace of one of them is one of these tests.
OLD, NEW, WRONG, TYPED = "old-Kq83hz-secret", "new-Vb27wp-secret", "wrong-Tn55rj-secret", "typed-Lm19cx-as-name"
AGENT = 'Mozilla/5.0 "x" \x07'
REQUEST = "0123456789abcdef0123456789abcdef"
WEAK = {"log": {"format": "json"}, "password": {"min_length": 8}, "guard": {"free_guesses": 5}}


@pytest.fixture(scope="module")
def service(stack, members):
    rows = ", ".join(f"({ID + i}, 'audit{i}', '{cheap_hash(OLD)}')" for i in range(20))
    members.database.run(f"REPLACE INTO member VALUES {rows}; DELETE FROM login_failure")
    user = {"update_query": UPDATE, "max_age": "1s"}
    with Instance(stack, "audit", members.settings(user=user, **WEAK)) as service:
        service.wait_until_serving(allow(5))
        yield service


def post(service, path, fields, method="POST", **headers):
    body = json.dumps(fields).encode() if fields is not None else b""
    return service.ask(web(method, path, body, address="192.0.2.77", REQUEST_ID=REQUEST,
                           headers={"User-Agent": AGENT, **headers}), body)


def log_in(service, name, password=OLD, **headers):
    return post(service, "/login", {"username": name, "password": password}, **headers)


def home(service, cookie):
    return service.ask(web("GET", "/", headers={"Cookie": cookie})).status


def events(service, kind=None, **fields):
    """Those of this kind and these fields, in order."""
    lines = [json.loads(line) for line in service.log().splitlines() if line.startswith("{")]
    return [line for line in lines if "event" in line and (kind is None or line["event"] == kind)
            and all(line.get(name) == value for name, value in fields.items())]


def the_one(service, kind, **fields):
    eventually(lambda: events(service, kind, **fields), allow(10), what=f"{kind} {fields} is told")
    [event] = events(service, kind, **fields)
    return event


def assert_of_request(event):
    assert event["address"] == "192.0.2.77" and event["request"] == REQUEST
    assert event["agent"] == 'Mozilla/5.0 "x" ?'
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])


def test_a_login_and_a_logout_are_told_with_their_session(service):
    cookie = log_in(service, "audit0").cookie
    event = the_one(service, "login", user="audit0")
    assert_of_request(event)
    assert (event["outcome"], event["id"], event["level"]) == ("success", str(ID), "info")
    [listed] = service.ask(web("GET", "/sessions", headers={"Cookie": cookie})).json()["sessions"]
    assert event["session"] == listed["handle"]
    assert post(service, "/logout", None, Cookie=cookie).status == 200
    left = the_one(service, "logout", user="audit0")
    assert left["session"] == listed["handle"]
    assert_of_request(left)


@pytest.mark.parametrize("name, password, reason, known", (
    ("audit1", WRONG, "wrong_password", True), (TYPED, WRONG, "unknown_user", False)))
def test_a_refusal_has_its_inner_reason_and_the_name_of_a_row_alone(service, name, password, reason, known):
    assert log_in(service, name, password).status == 400
    event = the_one(service, "login_refused", reason=reason)
    assert_of_request(event)
    assert event["outcome"] == "failure"
    assert (event.get("user"), event.get("id")) == (("audit1", str(ID + 1)) if known else (None, None))


def test_a_disabled_user_is_told_of_at_the_login_and_while_logged_in(service, members):
    cookie = log_in(service, "audit2").cookie
    members.database.run(f"INSERT INTO user_disabled VALUES ('{ID + 2}')")
    eventually(lambda: home(service, cookie) == 401, allow(10), what="the session is revoked")
    seen = the_one(service, "user_disabled", id=str(ID + 2))
    assert seen["reason"] == "disabled" and seen["user"] == "audit2"
    revoked = the_one(service, "session_revoked", id=str(ID + 2))
    assert revoked["reason"] == "disabled"
    assert log_in(service, "audit2").status == 400
    assert the_one(service, "login_refused", user="audit2")["reason"] == "disabled"
    members.database.run(f"DELETE FROM user_disabled WHERE user_id = '{ID + 2}'")


def test_roles_that_the_site_changes_are_told_once(service, members):
    cookie = log_in(service, "audit3").cookie
    members.database.run(f"INSERT INTO user_role VALUES ('{ID + 3}', 'editor')")
    eventually(lambda: home(service, cookie) == 200 and events(service, "roles_changed"), allow(10), what="it is told")
    assert the_one(service, "roles_changed", id=str(ID + 3))["detail"] == "none to editor"


def test_guesses_are_told_until_they_are_throttled_and_then_that(service):
    answers = [log_in(service, "audit4", f"{WRONG}{i}").status for i in range(7)]
    assert answers.count(429) >= 1
    assert len(events(service, "login_refused", user="audit4")) == answers.count(400)
    throttled = events(service, "login_throttled")
    assert len(throttled) == answers.count(429) and throttled[0]["reason"] == "throttled"
    assert throttled[0]["user"] == "audit4" and throttled[0]["id"] == str(ID + 4)
    assert_of_request(throttled[0])


def test_the_failure_that_closes_an_account_to_strangers_is_told(stack, members):
    patient = {"free_guesses": 100, "strangers_free_guesses": 100, "close_after": 10, "address_free_guesses": 1000}
    with Instance(stack, "audit-close", members.settings(log=WEAK["log"], guard=patient)) as service:
        service.wait_until_serving(allow(5))
        for _ in range(10):
            assert log_in(service, "audit11", WRONG).status == 400
        event = the_one(service, "account_closed", user="audit11")
        assert_of_request(event)
        assert (event["id"], event["reason"], event["level"]) == (str(ID + 11), "wrong_passwords", "warning")


def test_a_changed_password_a_refused_one_and_the_ends_of_sessions_are_told(service):
    mine, other, third = (log_in(service, "audit5").cookie for _ in range(3))
    handles = [one["handle"] for one in service.ask(
        web("GET", "/sessions", headers={"Cookie": mine})).json()["sessions"] if not one["current"]]
    assert post(service, f"/sessions/{handles[0]}", None, "DELETE", Cookie=mine).status == 200
    assert the_one(service, "session_revoked", reason="chosen")["session"] == handles[0]
    assert post(service, "/password", {"current": WRONG, "new": NEW}, Cookie=mine).status == 400
    refused = the_one(service, "password_refused", user="audit5")
    assert refused["reason"] == "wrong_password" and refused["outcome"] == "failure"
    assert post(service, "/password", {"current": OLD, "new": NEW}, Cookie=mine).status == 200
    assert_of_request(the_one(service, "password_changed", user="audit5"))
    the_one(service, "session_revoked", user="audit5", reason="password_changed")
    assert [home(service, cookie) for cookie in (mine, other, third)] == [200, 401, 401]


def test_a_request_of_another_site_is_told(service):
    assert log_in(service, "audit6", **{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}).status == 403
    event = the_one(service, "origin_refused")
    assert event["reason"] == "another_site" and "https://evil.example" in event["msg"]
    assert_of_request(event)


def test_a_reload_and_one_that_fails_are_told(service, members):
    user = {"update_query": UPDATE, "max_age": "1s"}
    service.reload()
    the_one(service, "settings_reloaded", outcome="success")
    service.configure(members.settings(user={**user, "query": "SELECT nothing"}, **WEAK))
    service.reload()
    assert the_one(service, "settings_reloaded", outcome="failure")["reason"] == "problems"
    service.configure(members.settings(user=user, **WEAK))


def test_a_rehash_is_told(stack, members):
    members.database.run(f"REPLACE INTO member VALUES ({ID + 8}, 'audit8', '{cheap_hash(OLD)}')")
    settings = members.settings(user={"update_query": UPDATE}, log={"format": "logfmt"},
                                password={"write": "argon2id"})
    with Instance(stack, "audit-rehash", settings) as service:
        service.wait_until_serving(allow(5))
        assert log_in(service, "audit8").status == 200
        line = f'event=hash_rewritten outcome=success id={ID + 8} session='
        eventually(lambda: line in service.log(), allow(20), what="the rehash is told")
        assert OLD not in service.log() and "$argon2id$" not in service.log()


def test_no_secret_is_in_any_line(service, members):
    """After all that the tests above have done, and with all that they have sent."""
    cookie = log_in(service, "audit7").cookie
    assert home(service, cookie) == 200
    post(service, "/login", {"username": TYPED, "password": WRONG})
    post(service, "/login", {"username": [WRONG], "password": WRONG})
    said = service.log()
    hashes = members.database.run(f"SELECT password FROM member WHERE id >= {ID}").split()
    for secret in (OLD, NEW, WRONG, TYPED, cookie.partition("=")[2], *hashes):
        assert secret not in said, secret
    assert len(events(service)) > 15


@pytest.fixture(scope="module")
def journal(tmp_path_factory):
    assert os.geteuid() == 0, "as root: a mount stands in for the journal"
    folder = tmp_path_factory.mktemp("journal")
    folder.chmod(0o755)
    return Journal(folder)


def test_the_journal_gets_the_fields_of_its_own(stack, members, journal):
    with Instance(stack, "audit-journal", members.settings(), prefix=journal.service()) as service:
        service.wait_until_serving(allow(5))
        assert log_in(service, "audit9", WRONG).status == 400
        eventually(lambda: journal.heard, allow(5), what="the journal is told")
        [event] = [one for one in journal.heard if one.get("GATEHOUSE_USER") == "audit9"]
        assert event["MESSAGE"] == 'login: wrong password user="audit9" address=192.0.2.77'
        assert event["GATEHOUSE_EVENT"] == "login_refused" and event["GATEHOUSE_USER_ID"] == str(ID + 9)
        assert event["GATEHOUSE_REASON"] == "wrong_password" and event["GATEHOUSE_REQUEST"] == REQUEST
        assert event["GATEHOUSE_USER_AGENT"] == r"Mozilla/5.0 \x22x\x22 ?"
        assert event["PRIORITY"] == "4" and event["SYSLOG_IDENTIFIER"] == "gatehouse"
        assert "login: wrong password" not in service.log(), "the journal would have it twice"


@pytest.mark.parametrize("words, kind", (
    (("user", "unlock", "audit10"), "account_opened"),
    (("session", "revoke", "--user", "audit10"), "session_revoked"),
    (("user", "role", "add", "audit10", "auditor"), "roles_changed")))
def test_what_an_administrator_does_is_told(stack, service, journal, words, kind):
    del service
    config = stack.dir / "audit.toml"
    command = journal.command(stack.env["GATEHOUSE"], *words, "--config", str(config))
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=allow(60))
    assert done.returncode == 0, done.stderr
    eventually(lambda: [one for one in journal.heard if one["GATEHOUSE_EVENT"] == kind], allow(5), what="it is told")
    event = [one for one in journal.heard if one["GATEHOUSE_EVENT"] == kind][-1]
    assert event["GATEHOUSE_REASON"] == "administrator" and "by uid 0" in event["MESSAGE"]


def test_a_changed_key_is_told_where_it_is_changed_and_where_it_is_read(stack, members, journal, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("A" * 42 + "E\n")
    keys.chmod(0o600)
    settings = members.settings(session={"key_file": str(keys), "realm": "audit", "store": "memory"})
    with Instance(stack, "audit-keys", settings) as service:
        service.wait_until_serving(allow(5))
        command = journal.command(stack.env["GATEHOUSE"], "key", "add", "--config", str(service.config))
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=allow(60))
        assert done.returncode == 0, done.stderr
        eventually(lambda: [one for one in journal.heard if one["GATEHOUSE_EVENT"] == "keys_changed"], allow(5),
                   what="it is told")
        service.reload()
        eventually(lambda: "event=keys_changed outcome=success reason=accepts_others" in service.log(), allow(10),
                   what="the service tells of its keys")
