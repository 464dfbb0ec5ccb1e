"""MySQL goes away: who is inside stays, what cannot be known is 503 and never 401, all mends itself."""
import time

import pytest

from fastcgi import web
from instance import Instance
from member import PASSWORD, UPDATE, cookie_of, log_in, log_out, status
from waiting import allow, eventually, timed

RECOVERY = 1.0
STALE = 5
UNAVAILABLE = {"message": "Service Unavailable", "reason": "away"}


@pytest.fixture
def service(stack, members):
    with Instance(stack, "alone", members.settings(user={"update_query": UPDATE})) as service:
        service.wait_until_serving(allow(5))
        yield service


@pytest.fixture
def beside(stack, members):
    """Another host: what begins there is not in the map of the first."""
    with Instance(stack, "beside", members.settings()) as beside:
        beside.wait_until_serving(allow(5))
        yield beside


@pytest.fixture(params=["stop", "kill", "freeze"])
def gone(request, database):
    """Takes MySQL away in one of its ways."""
    return getattr(database, request.param)


def call(service, method, path, cookie, body=b""):
    return service.ask(web(method, path, body, headers={"Cookie": cookie}), body)


def assert_unavailable(answer):
    assert (answer.status, answer.json()) == (503, UNAVAILABLE)
    assert int(answer.header("Retry-After")) >= 1
    assert answer.header("Set-Cookie") is None


def answer_to(service, cookie):
    return call(service, "GET", "/", cookie)


def revoked(database, name):
    """How many sessions of that member are ended in the table."""
    return int(database.run(
        f"SELECT COUNT(*) FROM session WHERE username = '{name}' AND revoked_at IS NOT NULL"))


@pytest.mark.waits
def test_each_row_of_the_contract_while_it_is_away(service, beside, database, gone):
    inside, unmapped = cookie_of(service, 80), cookie_of(beside, 80)
    assert status(service, inside) == 200
    gone()
    for _ in range(2):
        assert status(service, inside) == 200
        assert service.ask(web("GET", "/")).status == 401
        # No session for certain, whatever the table holds: it was not made with our key.
        assert status(service, "gatehouse=" + "A" * 43) == 401
        assert status(service, inside[:-8] + "AAAAAAAA") == 401
        assert_unavailable(answer_to(service, unmapped))
        assert_unavailable(log_in(service, 80))
        assert_unavailable(log_in(service, 80, "wrong"))
        assert_unavailable(call(service, "GET", "/sessions", inside))
        assert_unavailable(call(service, "DELETE", "/sessions", inside))
        assert_unavailable(call(service, "DELETE", "/sessions/" + "A" * 22, inside))
        change = f'{{"current":"{PASSWORD}","new":"something else"}}'.encode()
        assert_unavailable(call(service, "POST", "/password", inside, change))
    database.bring_back()
    returned = time.monotonic()
    eventually(lambda: log_in(service, 80).status == 200, allow(5))
    assert time.monotonic() - returned < allow(RECOVERY + 0.5)
    assert [status(service, cookie) for cookie in (inside, unmapped)] == [200, 200]


def test_a_logout_while_it_is_away_is_503_refused_here_at_once_and_written_later(
        service, beside, database, gone):
    inside, unmapped, another = cookie_of(service, 81), cookie_of(beside, 81), cookie_of(service, 82)
    assert [status(service, cookie) for cookie in (inside, another)] == [200, 200]
    before = revoked(database, "member-81")
    gone()
    for cookie in (inside, unmapped):
        answer = log_out(service, cookie)
        assert_unavailable(answer)  # with no Set-Cookie: the browser keeps its cookie, and may ask again
        assert status(service, cookie) == 401
    assert status(service, another) == 200
    database.bring_back()
    eventually(lambda: revoked(database, "member-81") == before + 2, allow(5), what="both are ended in the table")
    for cookie in (inside, unmapped):
        assert status(service, cookie) == 401
        eventually(lambda cookie=cookie: status(beside, cookie) == 401, allow(1))
    assert [status(host, another) for host in (service, beside)] == [200, 200]


def test_a_logout_that_was_not_written_is_written_at_the_end_of_the_process(service, beside, database):
    cookie = cookie_of(service, 83)
    assert [status(host, cookie) for host in (service, beside)] == [200, 200]
    before = revoked(database, "member-83")
    database.freeze()
    assert_unavailable(log_out(service, cookie))
    database.thaw()
    assert service.process.stop(allow(12)) == 0
    assert revoked(database, "member-83") == before + 1
    service.process = service.start()
    assert status(service, cookie) == 401


def test_a_logout_asked_for_again_when_it_is_back_is_acknowledged(service, database):
    cookie = cookie_of(service, 84)
    database.stop()
    assert_unavailable(log_out(service, cookie))
    database.start()
    answer = eventually(lambda: (a := log_out(service, cookie)).status == 200 and a, allow(RECOVERY + 0.5))
    assert answer.header("Set-Cookie").startswith("gatehouse=; Max-Age=0")
    assert status(service, cookie) == 401


def test_started_without_it_a_session_is_503_until_it_is_back(service, database):
    cookie = cookie_of(service, 85)
    assert service.process.stop(allow(12)) == 0
    database.stop()
    service.process = service.start()
    service.wait_until_refusing(allow(5))
    assert_unavailable(answer_to(service, cookie))
    database.start()
    eventually(lambda: status(service, cookie) == 200, allow(RECOVERY + 0.5))


def test_a_restart_of_it_costs_no_session_and_no_request_of_those_inside(beside, database):
    cookies = [cookie_of(beside, 86 + i) for i in range(5)]
    for _ in range(2):
        database.stop()
        assert [status(beside, cookie) for cookie in cookies] == [200] * 5
        database.start()
        assert [status(beside, cookie) for cookie in cookies] == [200] * 5


@pytest.fixture
def several(stack, members):
    session = {"hosts": "several", "max_stale": f"{STALE}s"}
    with Instance(stack, "several", members.settings(session=session)) as several:
        several.wait_until_serving(allow(5))
        yield several


@pytest.mark.waits
def test_with_several_hosts_all_is_503_when_the_ends_elsewhere_are_not_known_for_too_long(
        several, service, database, gone):
    cookie = cookie_of(several, 87)
    assert [status(host, cookie) for host in (several, service)] == [200, 200]
    gone()
    since = time.monotonic()
    while (answer := answer_to(several, cookie)).status == 200:
        assert time.monotonic() - since < allow(STALE + 1), "it trusts what it knows for too long"
        time.sleep(0.02)
    assert STALE - 1 < time.monotonic() - since
    assert_unavailable(answer)
    assert status(service, cookie) == 200  # alone it cannot miss an end
    assert timed(lambda: answer_to(several, cookie))[0] < allow(1)
    database.bring_back()
    returned = time.monotonic()
    eventually(lambda: status(several, cookie) == 200, allow(5))
    assert time.monotonic() - returned < allow(RECOVERY + 0.5)
