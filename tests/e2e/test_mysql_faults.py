"""MySQL goes away in every way: logins are told so, those inside notice nothing, and it mends itself."""
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi
from fastcgi import web
from instance import Instance
from visitor import ALREADY_IN, HOME, home_request
from waiting import allow, eventually, timed

RECOVERY = 1.0
PARKED = 0.250


@pytest.fixture
def time_out(stack):
    """Seconds after which a login may give MySQL up, its refusal's pause included."""
    text = stack.config.get("mysql", {}).get("timeout", "2s")
    number, unit = re.fullmatch(r"(\d+)(ms|s)", text).groups()
    return int(number) / (1000 if unit == "ms" else 1) + PARKED


def assert_unavailable(answer):
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {"message": "Service Unavailable", "reason": "away"}
    assert "Set-Cookie" not in answer.headers


def assert_recovers(site, since):
    """A login that starts within a second of MySQL's return succeeds."""
    while True:
        asked = time.monotonic()
        if site.login().status_code == 200:
            break
        assert asked - since < allow(RECOVERY) + 5, "it does not recover"
    assert asked - since < allow(RECOVERY), f"recovered only after {asked - since:.2f} s"


def assert_those_inside_stay(site, token, honest):
    home = site.home(token)
    assert (home.status_code, home.json()) == (200, ALREADY_IN)
    assert site.home().status_code == 401
    honest()


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_while_mysql_is_gone_logins_are_503_and_home_goes_on_until_it_is_back(
        site, database, honest, time_out, way):
    token = site.token()
    getattr(database, way)()
    for _ in range(4):
        elapsed, answer = timed(site.login)
        assert_unavailable(answer)
        assert elapsed < allow(time_out + 0.25)
        assert_those_inside_stay(site, token, honest)
    database.start()
    assert_recovers(site, since=time.monotonic())
    assert_those_inside_stay(site, token, honest)


def test_while_mysql_is_frozen_logins_are_503_within_the_time_out_and_home_goes_on(
        site, database, honest, time_out):
    token = site.token()
    database.freeze()
    for _ in range(3):
        with ThreadPoolExecutor(1) as pool:
            login = pool.submit(timed, site.login)
            while not login.done():
                assert_those_inside_stay(site, token, honest)
            elapsed, answer = login.result()
        assert_unavailable(answer)
        assert elapsed < allow(time_out + 0.5)
    database.thaw()
    assert_recovers(site, since=time.monotonic())


def test_many_logins_at_once_on_a_frozen_mysql_do_not_wait_for_one_another(site, database, time_out):
    site.login()
    database.freeze()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: timed(site.login), range(10)))
    for elapsed, answer in answers:
        assert_unavailable(answer)
        assert elapsed < allow(time_out + 1)
    database.thaw()
    assert_recovers(site, since=time.monotonic())


def test_a_mysql_restarted_between_two_logins_costs_no_login(site, database):
    site.login()
    database.stop()
    database.start()
    returned = time.monotonic()
    eventually(lambda: site.login().status_code == 200, allow(RECOVERY))
    assert time.monotonic() - returned < allow(RECOVERY + 0.5)
    for _ in range(10):
        assert site.login().status_code == 200


def test_a_wrong_password_is_not_said_while_mysql_is_away_and_bad_requests_still_are(site, database):
    database.stop()
    assert site.login(password="wrong").status_code == 503
    assert site.login("nobody").status_code == 503
    assert site.login("").status_code == 400
    assert site.login(headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_logout_while_mysql_is_away_ends_the_session(site, database):
    token = site.token()
    database.stop()
    site.send("POST", "/logout", headers={"Cookie": f"gatehouse={token}"})
    assert site.home(token).status_code == 401


def test_readiness_follows_mysql_and_health_does_not(stack, site, database):
    def status(path):
        return fastcgi.ask(stack.fcgi_socket, web("GET", path, GATEHOUSE_INTERNAL="1")).status

    eventually(lambda: status("/readyz") == 200, allow(2), what="the test before this one is over")
    assert status("/healthz") == 200
    database.stop()
    site.login()
    eventually(lambda: status("/readyz") == 503, allow(RECOVERY + 0.5), what="an answer counts for a second")
    assert status("/healthz") == 200
    database.start()
    eventually(lambda: status("/readyz") == 200, allow(RECOVERY + 1))


def test_readiness_is_a_write_and_not_a_connection(stack, site, database):
    def status(path):
        return fastcgi.ask(stack.fcgi_socket, web("GET", path, GATEHOUSE_INTERNAL="1")).status

    argv = ["mariadb", "--no-defaults", "-uroot", "-n", "-S", database.socket]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, text=True) as administrator:
        administrator.stdin.write("FLUSH TABLES WITH READ LOCK;\n")
        administrator.stdin.flush()
        eventually(lambda: status("/readyz") == 503, allow(5), what="the lock is noticed")
        flood = [timed(lambda: status("/readyz")) for _ in range(40)]
        assert {code for _, code in flood} == {503}
        assert site.login().status_code == 503
        assert status("/healthz") == 200
        administrator.stdin.close()
    eventually(lambda: status("/readyz") == 200, allow(5), what="it is ready again")
    assert site.login().status_code == 200


@pytest.mark.parametrize("fault", ["stop", "freeze"])
def test_gatehouse_started_while_mysql_is_away_serves_and_recovers(stack, site, database, fault):
    getattr(database, fault)()
    with Instance(stack, "early") as early:
        early.wait_until_refusing(allow(3))
        assert early.ask(web("GET", "/healthz", GATEHOUSE_INTERNAL="1")).status == 200
        assert early.ask(web("GET", "/readyz", GATEHOUSE_INTERNAL="1")).status == 503
        refused = early.login()
        assert (refused.status, refused.header("Retry-After")) == (503, "1")
        database.bring_back()
        returned = time.monotonic()
        login = eventually(lambda: (a := early.login()).status == 200 and a, allow(RECOVERY + 0.5))
        assert time.monotonic() - returned < allow(RECOVERY + 0.5)
        assert early.ask(home_request(login.cookie)).json() == ALREADY_IN
