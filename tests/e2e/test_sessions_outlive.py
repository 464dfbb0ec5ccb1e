"""Sessions outlive the process that began them, and so does their end."""
import signal
import time

import pytest

from instance import Instance
from member import cookie_of, log_out, status, statuses
from visitor import home_request
from waiting import allow, eventually


def by_sigterm(service):
    return restart(service, signal.SIGTERM, 0)


def by_kill_9(service):
    return restart(service, signal.SIGKILL, -signal.SIGKILL)


def restart(service, number, code):
    """Gives a function that waits until the new process has read all sessions back."""
    assert service.process.stop(allow(12), number) == code
    mark = len(service.log())
    service.process = service.start()
    return lambda: eventually(lambda: "sessions were read from MySQL" in service.log()[mark:], allow(10))


@pytest.fixture
def service(stack, members):
    with Instance(stack, "outlived", members.settings()) as service:
        service.wait_until_serving(allow(5))
        yield service


@pytest.mark.parametrize("end", [by_sigterm, by_kill_9])
def test_a_session_lives_on_in_the_next_process_and_a_logout_stays_one(service, end):
    inside, outside = cookie_of(service, 1), cookie_of(service, 2)
    assert log_out(service, outside).status == 200
    for _ in range(3):
        all_read_back = end(service)
        assert statuses(service.place, [inside, outside]) == [200, 401]
        all_read_back()
        assert statuses(service.place, [inside, outside]) == [200, 401]
    assert service.ask(home_request(inside)).json()["username"] == "member-1"


def test_a_session_that_is_read_back_needs_no_mysql(stack, database, service):
    cookie = cookie_of(service, 3)
    by_kill_9(service)()
    # Their user is looked up once in each process; after that nothing is asked.
    assert status(service, cookie) == 200
    database.stop()
    assert status(service, cookie) == 200
    database.start()
    assert stack.gatehouse.running


@pytest.mark.waits
def test_a_session_does_not_get_younger_by_a_restart(stack, members):
    idle, absolute = 10, 12
    limits = {"idle_timeout": f"{idle}s", "absolute_lifetime": f"{absolute}s"}
    with Instance(stack, "ageing", members.settings(session=limits)) as service:
        service.wait_until_serving(allow(5))
        cookie = cookie_of(service, 4)
        begun = time.monotonic()
        for end in (by_kill_9, by_sigterm):
            time.sleep(3)  # the age that the restarts must not take from it
            end(service)
            assert status(service, cookie) == 200
        eventually(lambda: status(service, cookie) == 401, allow(absolute), every=0.1)
        assert absolute - 1 < time.monotonic() - begun < absolute + allow(1)


def test_a_token_is_worth_nothing_under_another_realm_or_key(stack, members, service):
    cookie = cookie_of(service, 5)
    other = members.settings(session={"realm": "elsewhere"})
    with Instance(stack, "elsewhere", other) as elsewhere:
        elsewhere.wait_until_serving(allow(5))
        assert status(elsewhere, cookie) == 401
    assert status(service, cookie) == 200


def test_sessions_in_memory_end_with_the_process(stack, members):
    with Instance(stack, "forgetful", members.settings(session={"store": "memory"})) as service:
        service.wait_until_serving(allow(5))
        cookie = cookie_of(service, 6)
        assert status(service, cookie) == 200
        by_sigterm(service)
        assert status(service, cookie) == 401
