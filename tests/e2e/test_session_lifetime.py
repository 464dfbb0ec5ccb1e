"""How long a session lives, in real time at the shortest settings that there are."""
import time

import pytest

from instance import Instance
from visitor import home_request
from waiting import allow

IDLE, ABSOLUTE = 10, 13


@pytest.mark.waits
def test_a_session_ends_when_it_is_idle_too_long_or_too_old_and_lives_as_long_as_it_is_used(stack):
    lifetime = {"idle_timeout": f"{IDLE}s", "absolute_lifetime": f"{ABSOLUTE}s"}
    with Instance(stack, "short", {"session": lifetime}) as short:
        short.wait_until_serving(allow(5))
        idle, used = short.login().cookie, short.login().cookie
        start = time.monotonic()

        def alive(cookie):
            return short.ask(home_request(cookie)).status == 200

        while (age := time.monotonic() - start) < IDLE + 0.5:
            assert alive(used), f"ended after {age:.1f} s though it was in use"
            time.sleep(0.5)
        assert not alive(idle)
        assert alive(used)
        while alive(used):
            assert time.monotonic() - start < ABSOLUTE + 0.5
            time.sleep(0.1)
        assert time.monotonic() - start > ABSOLUTE - 1
