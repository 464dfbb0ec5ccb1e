"""How many guesses are looked at, with the limits as they are installed: from many addresses, in parallel, at names
that are there and names that are not, on two hosts, over a restart; and the owner gets in."""
import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

import fastcgi
from instance import Instance
from member import FIRST_ID, PASSWORD, Members, cheap_hash
from verbs import run_verb
from visitor import login_request
from waiting import allow, eventually

INSTALLED = {"free_guesses": 5, "strangers_free_guesses": 10, "close_after": 100, "address_free_guesses": 20,
             "network_free_guesses": 100}
ADDRESSES = [f"198.51.{i}.7" for i in range(8)]
SPELLINGS = (str, str.upper, str.title, "{} ".format)
GUESSES = 40  # from each address


@pytest.fixture(scope="module", params=["utf8mb4_general_ci", "utf8mb4_bin"])
def settings(stack, members, request):
    members.database.run(
        f"CREATE OR REPLACE TABLE guessed (id int PRIMARY KEY, username varchar(45) COLLATE {request.param},"
        " password varchar(255)); GRANT SELECT ON guessed TO gatehouse@localhost;")
    rows = ", ".join(f"({FIRST_ID + 10_000 + i}, 'owner{i}', '{cheap_hash(PASSWORD)}')" for i in range(40))
    members.database.run(f"INSERT INTO guessed VALUES {rows}; DELETE FROM login_failure; DELETE FROM login_place;"
                         f" DELETE FROM session WHERE user_id LIKE '101%'")
    user = {"query": "SELECT id, username, password FROM guessed WHERE username = :name",
            "census_query": "SELECT password FROM guessed"}
    return Members.settings(guard=INSTALLED, user=user, session={"hosts": "several"})


@contextmanager
def hosts(stack, settings, count=1):
    with Instance(stack, "guessed-a", settings) as a:
        a.wait_until_serving(allow(5))
        if count == 1:
            yield a
            return
        with Instance(stack, "guessed-b", settings) as b:
            b.wait_until_serving(allow(5))
            yield a, b


@pytest.fixture
def closing(settings):
    """A name is closed as soon as its free guesses are used up, so that no test depends on how long it takes; and the
    addresses that all tests guess from wait for nothing but that name."""
    patient = {"address_free_guesses": 100_000, "network_free_guesses": 100_000}
    return {**settings, "guard": {**INSTALLED, "close_after": 10, **patient}}


def close(host, name):
    for address in ADDRESSES[:3]:
        for _ in range(5):
            guess(host, name, address)


def guess(host, name, address, password="wrong", cookie=None, **how):
    headers = {"Cookie": cookie} if cookie else {}
    return host.ask(*login_request(name, password, address=address, headers=headers), **how)


def flood(hosts, name, during=None):
    """The statuses of all guesses, each address on a thread of its own; `during` runs in the middle. It takes some
    ten seconds, since each refusal is held."""
    def from_address(number):
        statuses = []
        for i in range(GUESSES):
            if during and number == 0 and i == GUESSES // 2:
                during()
            host = hosts[number % len(hosts)]
            if not host.process.running:
                break
            with contextlib.suppress(OSError, fastcgi.Closed):
                spelt = SPELLINGS[i % len(SPELLINGS)](name)
                # The socket of a host that was killed outlives it, and would let us wait.
                statuses.append(guess(host, spelt, ADDRESSES[number], timeout=allow(2)).status)
        return statuses

    with ThreadPoolExecutor(len(ADDRESSES)) as pool:
        return sum(pool.map(from_address, range(len(ADDRESSES))), [])


def test_few_of_many_parallel_guesses_are_looked_at_whether_the_name_is_there_or_not(stack, settings):
    with hosts(stack, settings) as host:
        for name in ("owner1", "absent1"):
            statuses = flood([host], name)
            assert set(statuses) == {400, 429}
            assert statuses.count(400) <= 12, name


def test_a_name_that_is_there_and_one_that_is_not_have_the_same_answers_at_the_same_time(stack, settings):
    with hosts(stack, settings) as host:
        seen = {"owner2": [], "absent2": []}
        times = {"owner2": [], "absent2": []}
        for i in range(18):  # over before the first wait of 5 s is
            for name, answers in seen.items():
                address = ADDRESSES[i % 8].replace("198.51", "198.51" if name == "owner2" else "203.0")
                begun = time.monotonic()
                answer = guess(host, SPELLINGS[i % 4](name), address)
                if answer.status == 429:
                    times[name].append(time.monotonic() - begun)
                answers.append((answer.status, answer.body))
        assert seen["owner2"] == seen["absent2"]
        assert {status for status, _ in seen["owner2"]} == {400, 429}
        middle = {name: sorted(all_of)[len(all_of) // 2] for name, all_of in times.items()}
        assert abs(middle["owner2"] - middle["absent2"]) < 0.02, middle


def test_two_hosts_of_which_one_is_killed_look_at_no_more_than_twice_as_many(stack, settings):
    with hosts(stack, settings, 2) as (a, b):
        for name in ("owner3", "absent3"):
            if not b.process.running:
                b.process = b.start()
                b.wait_until_serving(allow(5))
            statuses = flood([a, b], name, during=lambda: b.process.stop(allow(5), 9))
            assert statuses.count(400) <= 24, name
        b.process = b.start()
        b.wait_until_serving(allow(5))


def test_a_failure_on_one_host_counts_on_the_other_within_a_second(stack, settings):
    with hosts(stack, settings, 2) as (a, b):
        for _ in range(5):
            assert guess(a, "owner4", "192.0.2.40").status == 400
        eventually(lambda: guess(b, "owner4", "192.0.2.40").status == 429, allow(1), every=0.1,
                   what="it has to wait on the other host")


def test_a_restart_forgets_nothing(stack, closing):
    with hosts(stack, closing) as host:
        close(host, "owner5")
        assert guess(host, "owner5", "192.0.2.9", PASSWORD).status == 429
        assert host.process.stop(allow(12)) == 0
        host.process = host.start()
        host.wait_until_serving(allow(5))
        assert guess(host, "owner5", "192.0.2.9", PASSWORD).status == 429


def test_the_owner_gets_in_from_a_known_address_and_with_a_known_browser(stack, closing):
    with hosts(stack, closing) as host:
        at_home = guess(host, "owner6", "192.0.2.60", PASSWORD)
        assert at_home.status == 200
        close(host, "owner6")
        assert guess(host, "owner6", "192.0.2.61", PASSWORD).status == 429
        assert guess(host, "owner6", "192.0.2.60", PASSWORD).status == 200
        assert guess(host, "owner6", "192.0.2.62", PASSWORD, at_home.device).status == 200


def test_a_device_cookie_is_good_once_for_one_account_and_goes_with_the_password(stack, closing, members):
    with hosts(stack, closing) as host:
        first = guess(host, "owner7", "192.0.2.70", PASSWORD).device
        close(host, "owner7")
        close(host, "owner8")
        second = guess(host, "owner7", "192.0.2.71", PASSWORD, first)
        assert second.status == 200
        assert guess(host, "owner7", "192.0.2.72", PASSWORD, first).status == 429, "an old copy"
        assert guess(host, "owner8", "192.0.2.73", PASSWORD, second.device).status == 429, "another's"
        members.database.run(f"UPDATE guessed SET password = '{cheap_hash('new')}' WHERE username = 'owner7'")
        assert guess(host, "owner7", "192.0.2.74", "new", second.device).status == 429, "another password"


def test_logging_out_everywhere_withdraws_the_devices(stack, closing):
    with hosts(stack, closing) as host:
        device = guess(host, "owner9", "192.0.2.90", PASSWORD).device
        close(host, "owner9")
        done = run_verb(stack, "session", "revoke", "--id", str(FIRST_ID + 10_009))
        assert done.returncode == 0, done.stderr
        assert guess(host, "owner9", "192.0.2.91", PASSWORD, device).status == 429


def test_a_throttled_guess_says_when_to_come_again(stack, settings):
    with hosts(stack, settings) as host:
        for _ in range(5):
            assert guess(host, "owner10", "192.0.2.100").status == 400
        answer = guess(host, "owner10", "192.0.2.100")
        assert (answer.status, answer.header("Retry-After")) == (429, "1")
        assert json.loads(answer.body) == {"message": "Too Many Requests", "reason": "throttled"}
        time.sleep(1.1)
        assert guess(host, "owner10", "192.0.2.100", PASSWORD).status == 200


def test_it_counts_alone_while_its_table_is_away(stack, settings):
    with hosts(stack, settings) as host:
        stack.database.run("RENAME TABLE login_failure TO login_failure_away")
        try:
            assert flood([host], "owner11").count(400) <= 12
        finally:
            stack.database.run("RENAME TABLE login_failure_away TO login_failure")


def test_unlock_opens_a_closed_name(stack, closing):
    with hosts(stack, closing) as host:
        close(host, "owner12")
        assert guess(host, "owner12", "192.0.2.120", PASSWORD).header("Retry-After") == "60"
        done = run_verb(stack, "user", "unlock", "owner12", config=stack.dir / "guessed-a.toml")
        assert done.returncode == 0, done.stderr
        eventually(lambda: guess(host, "owner12", "192.0.2.121", PASSWORD).status == 200, allow(2), every=0.2,
                   what="a stranger may guess again")


def test_check_tells_of_a_proxy_whose_address_all_logins_have(stack, settings):
    with hosts(stack, settings) as host:
        for i in range(60):
            assert guess(host, f"owner{13 + i % 20}", "10.0.0.2", PASSWORD).status == 200
        stack.database.run("UPDATE session SET address = '10.0.0.2'")
        done = run_verb(stack, "check", config=stack.dir / "guessed-a.toml")
        assert "set_real_ip_from 10.0.0.2" in done.stdout
        assert "set_real_ip_from 10.0.0.2" in host.log()
