"""GET and DELETE /sessions: one's own sessions, and nobody else's."""
import re
import time
from datetime import datetime, timezone

import pytest

from fastcgi import web
from instance import Instance
from member import PASSWORD, cookie_of, log_in, log_out, name, status, statuses
from visitor import FORBIDDEN, UNAUTHORIZED
from waiting import allow

HANDLE = re.compile(r"[A-Za-z0-9_-]{22}")


@pytest.fixture(scope="module")
def service(stack, members):
    with Instance(stack, "own-sessions", members.settings(session={"max_per_user": 5})) as service:
        service.wait_until_serving(allow(5))
        yield service


def call(service, method, path, cookie=None, **headers):
    cookies = {"Cookie": cookie} if cookie else {}
    return service.ask(web(method, path, headers={**cookies, **headers}))


def sessions(service, cookie):
    answer = call(service, "GET", "/sessions", cookie)
    assert (answer.status, answer.header("Cache-Control"), answer.header("Vary")) == (200, "no-store", "Cookie")
    return answer.json()["sessions"]


def handle_of(service, cookie):
    """As the session itself sees it."""
    (mine,) = [one["handle"] for one in sessions(service, cookie) if one["current"]]
    return mine


def log_in_from(service, number, address, agent, **fields):
    body = f'{{"username":"{name(number)}","password":"{PASSWORD}"{"".join(fields.values())}}}'.encode()
    answer = service.ask(web("POST", "/login", body, headers={"User-Agent": agent}, address=address), body)
    assert answer.status == 200, answer.raw
    return answer.cookie


def test_the_list_says_what_its_user_needs_to_know_them_apart(service):
    first = log_in_from(service, 30, "192.0.2.7", "Firefox/1 ü", remember=',"remember":true')
    call(service, "DELETE", "/sessions", first)  # those of other tests
    second = log_in_from(service, 30, "2001:db8::1", 'Chrome "2" <b>')
    mine, other = sessions(service, second)
    assert set(mine) == {"handle", "created", "last_used", "address", "user_agent", "remember", "current"}
    assert (mine["current"], other["current"]) == (True, False)
    assert (mine["address"], mine["user_agent"], mine["remember"]) == ("2001:db8::1", 'Chrome "2" <b>', False)
    assert (other["address"], other["user_agent"], other["remember"]) == ("192.0.2.7", "Firefox/1 ü", True)
    for one in (mine, other):
        assert HANDLE.fullmatch(one["handle"])
        for when in (one["created"], one["last_used"]):
            moment = datetime.strptime(when, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
            assert abs(moment.timestamp() - time.time()) < allow(5)
    # Neither token, nor the half of it that stands in the table.
    text = call(service, "GET", "/sessions", second).body.decode()
    for token in (first, second):
        assert token.partition("=")[2][:20] not in text


def test_a_user_agent_of_any_length_and_bytes_is_taken_and_listed(service):
    for agent in ("ä" * 400, "x" * 5000, b"\xff\xfe broken", "a\tb", ""):
        cookie = log_in_from(service, 31, "192.0.2.1", agent)
        (mine,) = [one for one in sessions(service, cookie) if one["current"]]
        assert len(mine["user_agent"].encode()) <= 255
    assert status(service, cookie) == 200


def test_nobody_sees_or_ends_the_sessions_of_another(service):
    mine, theirs = cookie_of(service, 32), cookie_of(service, 33)
    call(service, "DELETE", "/sessions", mine)  # those of other tests
    assert [one["current"] for one in sessions(service, mine)] == [True]
    assert call(service, "DELETE", f"/sessions/{handle_of(service, theirs)}", mine).status == 404
    assert call(service, "DELETE", "/sessions", mine).status == 200
    assert statuses(service.place, [mine, theirs]) == [200, 200]


def test_one_is_ended_by_its_handle_and_the_others_stay(service):
    mine, ended, kept = [cookie_of(service, 34) for _ in range(3)]
    handle = handle_of(service, ended)
    answer = call(service, "DELETE", f"/sessions/{handle}", mine)
    assert (answer.status, answer.json()) == (200, {"message": "The session was ended"})
    assert statuses(service.place, [mine, ended, kept]) == [200, 401, 200]
    assert handle not in [one["handle"] for one in sessions(service, mine)]
    assert call(service, "DELETE", f"/sessions/{handle}", mine).status == 404
    assert call(service, "DELETE", f"/sessions/{handle_of(service, mine)}", mine).status == 200
    assert statuses(service.place, [mine, kept]) == [401, 200]


@pytest.mark.parametrize("handle", ["", "x", "A" * 22, "A" * 5000, "%00", "../login", "a/b"])
def test_a_handle_that_there_is_not_is_not_found(service, handle):
    mine, other = cookie_of(service, 35), cookie_of(service, 35)
    assert call(service, "DELETE", f"/sessions/{handle}", mine).status == 404
    assert statuses(service.place, [mine, other]) == [200, 200]


def test_all_others_are_ended_at_once_and_what_begins_later_lives(service):
    mine, *others = [cookie_of(service, 36) for _ in range(4)]
    answer = call(service, "DELETE", "/sessions", mine)
    assert (answer.status, answer.json()) == (200, {"message": "All other sessions were ended"})
    assert statuses(service.place, [mine, *others]) == [200, 401, 401, 401]
    assert len(sessions(service, mine)) == 1
    later = cookie_of(service, 36)
    assert statuses(service.place, [mine, later]) == [200, 200]
    assert call(service, "DELETE", "/sessions", later).status == 200
    assert statuses(service.place, [mine, later]) == [401, 200]


@pytest.mark.parametrize("method, path", [("GET", "/sessions"), ("DELETE", "/sessions"), ("DELETE", "/sessions/x")])
def test_it_is_all_for_those_inside(service, method, path):
    ended = cookie_of(service, 37)
    log_out(service, ended)
    for cookie in (None, ended, "gatehouse=" + "A" * 43):
        answer = call(service, method, path, cookie)
        assert (answer.status, answer.json()) == (401, UNAUTHORIZED)


@pytest.mark.parametrize("path", ["/sessions", "/sessions/x"])
def test_a_page_of_another_site_ends_nothing(service, path):
    mine, other = cookie_of(service, 38), cookie_of(service, 38)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = call(service, "DELETE", path, mine, **headers)
        assert (answer.status, answer.json()) == (403, FORBIDDEN)
    assert statuses(service.place, [mine, other]) == [200, 200]


def test_one_more_than_the_most_ends_the_one_longest_unused(service):
    cookies = [cookie_of(service, 39) for _ in range(5)]
    assert statuses(service.place, cookies) == [200] * 5
    assert status(service, cookies[0]) == 200  # the second is the one longest unused now
    newest = cookie_of(service, 39)
    assert statuses(service.place, [*cookies, newest]) == [200, 401, 200, 200, 200, 200]
    assert len(sessions(service, newest)) == 5


def test_the_session_that_the_browser_brought_to_a_login_ends_by_it(service):
    old = cookie_of(service, 40)
    body = f'{{"username":"{name(40)}","password":"{PASSWORD}"}}'.encode()
    fresh = service.ask(web("POST", "/login", body, headers={"Cookie": old}), body).cookie
    assert fresh != old
    assert statuses(service.place, [old, fresh]) == [401, 200]
    assert log_in(service, 40, "wrong").status == 400
    assert status(service, fresh) == 200
