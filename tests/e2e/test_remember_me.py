""""Remember me": a cookie that outlives the browser, and limits of its own."""
import re
import time

import pytest

from instance import Instance
from member import log_in, status
from waiting import allow

IDLE, ABSOLUTE = 10, 13
DAYS = 24 * 3600


def attributes(answer):
    return answer.set_cookie.split("; ")[1:]


@pytest.fixture
def service(stack, members):
    with Instance(stack, "remembering", members.settings()) as service:
        service.wait_until_serving(allow(5))
        yield service


def test_its_cookie_says_how_long_and_the_other_goes_with_the_browser(service):
    remembered = log_in(service, 50, remember=True)
    assert f"Max-Age={30 * DAYS}" in attributes(remembered)
    for plain in (log_in(service, 50), log_in(service, 50, remember=False)):
        assert not re.search("Max-Age|Expires", plain.set_cookie)
        assert attributes(plain) == [one for one in attributes(remembered) if "Max-Age" not in one]


@pytest.mark.parametrize("value", ["yes", 1, None, [], {}, "true"])
def test_what_is_not_true_or_false_is_refused(service, value):
    answer = log_in(service, 50, remember=value)
    assert (answer.status, answer.json()) == (400, {"message": "Bad Request - invalid credentials"})


@pytest.mark.waits
def test_each_kind_ends_by_its_own_limits_and_a_restart_changes_nothing(stack, members):
    limits = {"idle_timeout": "10s", "absolute_lifetime": "10s",
              "remember_idle_timeout": f"{IDLE}s", "remember_lifetime": f"{ABSOLUTE}s"}
    with Instance(stack, "limits", members.settings(session=limits)) as service:
        service.wait_until_serving(allow(5))
        answer = log_in(service, 51, remember=True)
        assert f"Max-Age={ABSOLUTE}" in attributes(answer)
        used, idle = answer.cookie, log_in(service, 51, remember=True).cookie
        plain = log_in(service, 51).cookie
        begun = time.monotonic()
        service.process.stop(allow(12))
        service.process = service.start()
        ended = {}
        while len(ended) < 2 and time.monotonic() - begun < 2 * ABSOLUTE:
            for cookie in (used, plain):
                if cookie not in ended and status(service, cookie) == 401:
                    ended[cookie] = time.monotonic() - begun
            time.sleep(0.1)
        assert abs(ended[plain] - 10) < allow(0.5)
        assert abs(ended[used] - ABSOLUTE) < allow(0.5)
        assert status(service, idle) == 401
