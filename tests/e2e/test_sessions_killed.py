"""kill -9 in the middle of logins and logouts: what was acknowledged holds.

With GATEHOUSE_LONG=1 20 kills over at least 10,000 logins and as many logouts.
"""
import os
import signal

import pytest

from crowd import Crowd
from instance import Instance
from member import statuses
from waiting import allow

KILLS, LOGOUTS_BETWEEN = (20, 500) if os.environ.get("GATEHOUSE_LONG") == "1" else (2, 150)


@pytest.fixture
def service(stack, members):
    with Instance(stack, "killed", members.settings(session={"max_per_user": 10_000})) as service:
        service.wait_until_serving(allow(5))
        yield service


def test_after_kill_9_who_was_let_in_is_in_and_who_was_let_out_is_out(service, capsys):
    with Crowd(service.place) as crowd:
        for _ in range(KILLS):
            crowd.wait_for_logouts(LOGOUTS_BETWEEN)
            assert service.process.stop(allow(5), signal.SIGKILL) == -signal.SIGKILL
            service.process = service.start()
        crowd.wait_for_logouts(LOGOUTS_BETWEEN)
    assert service.process.stop(allow(5), signal.SIGKILL) == -signal.SIGKILL
    service.process = service.start()
    logins, logouts = crowd.statuses["login", 200], len(crowd.outside)
    with capsys.disabled():
        print(f"\n{KILLS} kills, {logins} logins, {logouts} logouts, {crowd.unanswered} without an answer")
    assert set(crowd.statuses) == {("login", 200), ("logout", 200)}
    assert min(logins, logouts) >= KILLS * LOGOUTS_BETWEEN
    assert crowd.unanswered > 0, "no kill met a request"
    assert set(statuses(service.place, crowd.inside)) == {200}
    assert set(statuses(service.place, crowd.outside)) == {401}
