"""SIGTERM, and restarts on a socket that outlives the process: no request is lost."""
import os
import signal
import time
from functools import partial

import pytest

import fastcgi
from fastcgi import begin, request
from instance import Instance
from threads import Threads
from visitor import HOME, ROY, login_request
from waiting import allow, eventually, timed

AT_ONCE = 1.0


@pytest.fixture
def service(stack):
    # The default is for a program at full speed: a slower build gets more time for the requests in flight.
    with Instance(stack, "service", {"server": {"stop_timeout": f"{allow(10)}s"}}) as service:
        service.wait_until_serving(allow(5))
        yield service


def connections(service, count):
    return fastcgi.peers(service.place, count, allow(15))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_with_0_when_nothing_is_in_flight(service, number):
    assert service.process.stop(allow(AT_ONCE), number) == 0


def test_idle_connections_do_not_hold_it_and_are_closed(service):
    with connections(service, 30) as kept, connections(service, 30) as fresh:
        for connection in kept:
            assert connection.ask(HOME).status == 401
        fastcgi.ask(service.place, HOME)  # accepted after the fresh ones: what is not waits for the next process
        assert service.process.stop(allow(AT_ONCE)) == 0
        for connection in kept + fresh[:1]:
            assert connection.is_closed_within(0.1)


def test_logins_in_flight_are_finished(service):
    with connections(service, 12) as asking:
        for connection in asking:
            connection.send(request(*login_request()))
        fastcgi.ask(service.place, HOME)  # it is accepted after the others: they have been read, too
        service.process.send_signal(signal.SIGTERM)
        assert [connection.answer().status for connection in asking] == [200] * 12
        assert service.process.exit_code(allow(AT_ONCE)) == 0


def test_refusals_that_are_parked_are_still_given(service):
    with connections(service, 200) as asking:
        for connection in asking:
            connection.send(request(*login_request()))
        fastcgi.ask(service.place, HOME)  # as above; what is not accepted waits for the next process
        service.process.send_signal(signal.SIGTERM)
        statuses = {connection.answer().status for connection in asking}
        assert statuses == {200, 503}
        assert service.process.exit_code(allow(AT_ONCE)) == 0


def test_a_request_that_is_only_half_there_does_not_hold_it_for_long(service):
    with connections(service, 4) as half:
        for connection in half:
            connection.send(begin())
        fastcgi.ask(service.place, HOME)
        seconds, code = timed(lambda: service.process.stop(allow(10)))
        assert code == 0
        assert seconds < allow(6)


def test_a_connection_that_comes_after_sigterm_is_served_by_the_next_process(service):
    assert service.process.stop(allow(AT_ONCE)) == 0
    with connections(service, 5) as waiting:
        for connection in waiting:
            connection.send(request(HOME))
        service.process = service.start()
        assert [connection.answer().status for connection in waiting] == [401] * 5


def test_it_leaves_an_inherited_socket_where_it_is(service):
    service.process.stop(allow(AT_ONCE))
    assert os.path.exists(service.place)


class Load(Threads):
    """Visitors who come through nginx all the time; keeps every status, and every failure."""

    def __init__(self, site):
        super().__init__(partial(self._visit, act)
                         for act in [self._home] * 3 + [self._login] * 2 + [self._page] * 2)
        self.site = site
        self.homes, self.logins, self.pages, self.failures = [], [], [], []

    def _visit(self, act):
        with self.site.session() as browser:
            while self.goes_on():
                try:
                    act(browser)
                except Exception as error:  # pylint: disable=broad-except
                    self.failures.append(repr(error))

    def _home(self, browser):
        self.homes.append(browser.get(self.site.url + "/", timeout=30).status_code)

    def _login(self, browser):
        answer = browser.post(self.site.url + "/login", json=ROY, timeout=30)
        self.logins.append(answer.status_code)

    def _page(self, browser):
        """A protected one: nginx closes the connection on which it has asked for it, so that many logins have new ones."""
        answer = browser.get(self.site.url + "/demo/", timeout=30, allow_redirects=False)
        self.pages.append(answer.status_code)

    def wait_for_more(self):
        """Until each kind of visitor has been answered some more times."""
        homes, logins = len(self.homes) + 50, len(self.logins) + 10
        eventually(lambda: len(self.homes) > homes and len(self.logins) > logins, allow(20))


@pytest.fixture
def takeover(spare_stack):
    """A gatehouse on an inherited socket in the place where nginx looks for it."""
    spare_stack.gatehouse.stop(allow(12))
    with Instance(spare_stack, "successor", socket_path=spare_stack.fcgi_socket) as successor:
        successor.wait_until_serving(allow(5))
        yield successor


def restart_with_a_gap(service):
    service.process.stop(allow(12))
    time.sleep(0.2)  # the gap that this test is about
    service.process = service.start()


def restart_with_an_overlap(service):
    old, service.process = service.process, service.start()
    old.stop(allow(12))


def death(service):
    service.process.send_signal(signal.SIGKILL)
    service.process.exit_code(allow(AT_ONCE))
    service.process = service.start()


@pytest.mark.parametrize("restart", [restart_with_a_gap, restart_with_an_overlap, death])
def test_a_restart_under_load_loses_no_request_posts_included(spare_stack, takeover, restart):
    with Load(spare_stack.site()) as load:
        load.wait_for_more()
        for _ in range(5):
            restart(takeover)
            load.wait_for_more()
    assert load.failures == []
    assert set(load.homes) == {401}
    assert set(load.logins) == {200}
    assert set(load.pages) == {401}
