"""Deadlines: nothing here sleeps to be safe; everything polls until it is so, or too late."""
import os
import statistics
import time

# A sanitizer build is slower; what has a limit in time gets five times as much there.
SLOW = 5 if os.environ.get("GATEHOUSE_SLOW") == "1" else 1


def allow(seconds):
    """A limit of time for the build under test."""
    return seconds * SLOW


def eventually(probe, within, every=0.02, what=None):
    """The first true value of `probe()`; fails the test when there is none in `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or probe}")
        time.sleep(every)


def timed(act):
    """(seconds, what `act()` gave)."""
    start = time.monotonic()
    value = act()
    return time.monotonic() - start, value


def median_time(act, times):
    return statistics.median(timed(act)[0] for _ in range(times))
