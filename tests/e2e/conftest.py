"""Fixtures: one stack for the whole run, the places where it serves, and its database."""
import os
import signal

import pytest

import browser
import fastcgi
from door import Door
from guarded import Guarded
from member import Members
from stack import Stack
from visitor import HOME
from waiting import allow, eventually, median_time

PORT = int(os.environ.get("GATEHOUSE_E2E_PORT", "5100"))
HONEST_LIMIT = 0.050

# A shell that starts this in the background has SIGINT ignored, and so would all programs that are tried here.
signal.signal(signal.SIGINT, signal.default_int_handler)

# tests/run.sh --full runs these by themselves.
collect_ignore = [name for name, wanted in (
    ("test_equal_time.py", os.environ.get("GATEHOUSE_LONG") == "1"),
    ("test_drop_in.py", "GATEHOUSE_TEST_DEBIAN12" in os.environ),
    ("test_galera.py", "GATEHOUSE_TEST_GALERA" in os.environ),
    ("test_group_replication.py", "GATEHOUSE_TEST_GROUP" in os.environ),
    ("test_package.py", "GATEHOUSE_TEST_PACKAGE" in os.environ),
    ("test_reload_booted.py", "GATEHOUSE_TEST_PACKAGE" in os.environ)) if not wanted]


@pytest.fixture(scope="session")
def stack():
    stack = Stack(PORT)
    yield stack
    stack.down()


@pytest.fixture(scope="session")
def spare_stack():
    """A second stack, for tests that take gatehouse away from nginx."""
    stack = Stack(PORT + 20)
    yield stack
    stack.down()


@pytest.fixture(scope="session", autouse=True)
def browsers():
    """They are kept for the next test until all have run."""
    yield
    browser.quit_idle_browsers()


@pytest.fixture(scope="session")
def port():
    """The first of the ports that the tests may take."""
    return PORT


@pytest.fixture(scope="session")
def members(stack):
    """Users with a cheap hash, in a table of their own."""
    return Members(stack)


@pytest.fixture
def changing_members(members):
    """The same, for a test that changes rows of theirs."""
    yield members
    members.reset()


@pytest.fixture(scope="session")
def guarded(stack):
    """Protected locations of each kind, behind an nginx of their own."""
    with Guarded(stack, PORT + 10) as guarded:
        yield guarded


@pytest.fixture(scope="session")
def door(stack, guarded):
    """The same as a Door."""
    return Door(guarded.site, stack.fcgi_socket)


@pytest.fixture
def site(stack):
    """The tutorial's place: plain HTTP at the root."""
    return stack.site()


@pytest.fixture
def tls_site(stack):
    return stack.site("https")


@pytest.fixture(params=["http", "https"])
def either_site(request, stack):
    """At the root, over plain HTTP and over TLS."""
    return stack.site(request.param)


@pytest.fixture(params=["http /", "http /api/", "http /gatehouse/",
                        "https /", "https /api/", "https /gatehouse/"])
def any_site(request, stack):
    scheme, mount = request.param.split()
    return stack.site(scheme, mount.rstrip("/"))


@pytest.fixture
def database(stack, site):
    """The stack's MariaDB, brought back and in use again whatever the test did to it."""
    yield stack.database
    stack.database.bring_back()
    eventually(lambda: site.login().status_code == 200, allow(5), what="logins work again")


@pytest.fixture
def honest(stack):
    """Judges that honest visitors are served at once, on connections of their own."""
    def ask():
        assert fastcgi.ask(stack.fcgi_socket, HOME, timeout=allow(5)).status == 401

    def check(times=9):
        median = median_time(ask, times)
        assert median < allow(HONEST_LIMIT), f"home took {median * 1000:.1f} ms"
    return check


@pytest.fixture(autouse=True)
def the_same_process_serves_on(request):
    """No test may cost the stack's gatehouse its life."""
    yield
    if "stack" in request.fixturenames:
        assert request.getfixturevalue("stack").gatehouse.running, "gatehouse died in this test"
