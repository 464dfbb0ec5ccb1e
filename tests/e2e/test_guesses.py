"""How many guesses are looked at, with the limits as they are installed: from many addresses, in parallel, at names
that are there and names that are not, on two hosts, over a restart; and the owner gets in."""
import contextlib
import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

import fastcgi
from fastcgi import web
from guessed import COLLATIONS, MYSQLD, guessed
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


@pytest.fixture(scope="module")
def server(stack, tmp_path_factory):
    with guessed(stack, tmp_path_factory.mktemp("guessed")) as server:
        yield server


@pytest.fixture(scope="module", params=COLLATIONS)
def settings(server, request):
    server.make_table(request.param, [(FIRST_ID + 10_000 + i, f"owner{i}", cheap_hash(PASSWORD)) for i in range(40)])
    user = {"query": "SELECT id, username, password FROM guessed WHERE username = :name",
            "census_query": "SELECT password FROM guessed"}
    return Members.settings(guard=INSTALLED, user=user, session={"hosts": "several"}, **server.settings)


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


def ask_in_rounds(host, names):
    """From each address once a round, at all names at the same time: for each name and round how many guesses were
    looked at, the whole answers to the others, and how long all took."""
    def ask(name, number, turn):
        begun = time.monotonic()
        spelt = SPELLINGS[(turn + number) % len(SPELLINGS)](name)
        answer = guess(host, spelt, ADDRESSES[number].replace("198", names[name]))
        return answer, time.monotonic() - begun

    looked_at, refusals, times = ({name: [] for name in names} for _ in range(3))
    with ThreadPoolExecutor(len(ADDRESSES) * len(names)) as pool:
        for turn in range(GUESSES):
            asked = {(name, number): pool.submit(ask, name, number, turn)
                     for number in range(len(ADDRESSES)) for name in names}
            for name in names:
                answers = [asked[name, number].result() for number in range(len(ADDRESSES))]
                assert {answer.status for answer, _ in answers} <= {400, 429}
                looked_at[name].append(sum(answer.status == 400 for answer, _ in answers))
                refusals[name] += [answer for answer, _ in answers if answer.status == 429]
                times[name] += [(answer.status, seconds) for answer, seconds in answers]
    return looked_at, refusals, times


def middle(times, status):
    return statistics.median(seconds for one, seconds in times if one == status)


def test_a_name_that_is_there_and_one_that_is_not_have_the_same_answers_at_the_same_time(stack, settings):
    """40 guesses from each of 8 addresses, in four spellings. Both are asked at the same time, so that a wait ends for
    both in the same round, or in the next where it ends just between the two."""
    names = {"owner2": "198", "absent2": "203"}
    with hosts(stack, settings) as host:
        looked_at, refusals, times = ask_in_rounds(host, names)
    rounds = {name: [turn for turn, count in enumerate(looked_at[name]) for _ in range(count)] for name in names}
    assert abs(len(rounds["owner2"]) - len(rounds["absent2"])) <= 1, rounds
    assert all(abs(one - other) <= 1 for one, other in zip(rounds["owner2"], rounds["absent2"])), rounds
    assert max(len(turns) for turns in rounds.values()) <= 20, rounds
    for name in names:
        assert {(answer.body, answer.header("Content-Type")) for answer in refusals[name]} == {
            (b'{"message":"Too Many Requests","reason":"throttled"}', "application/json")}
    waits = {name: [int(answer.header("Retry-After")) for answer in refusals[name]] for name in names}
    assert abs(statistics.mean(waits["owner2"]) - statistics.mean(waits["absent2"])) < 2, waits
    for status in (400, 429):
        there, absent = middle(times["owner2"], status), middle(times["absent2"], status)
        assert abs(there - absent) < max(0.02, 0.1 * there), (status, there, absent)


def test_guesses_in_json_by_the_form_and_at_the_password_count_together(stack, settings):
    """Somebody has the owner's session, and wants the password: from one address, all at once."""
    update = "UPDATE guessed SET password = :hash WHERE id = :id AND password = :old_hash"
    with hosts(stack, {**settings, "user": {**settings["user"], "update_query": update}}) as host:
        session = guess(host, "owner34", "192.0.2.134", PASSWORD).cookie
        form = b"username=owner34&password=wrong"
        change = json.dumps({"current": "wrong", "new": "a new one, and long"}).encode()

        def ask(number):
            if number % 3 == 0:
                return guess(host, "owner34", "203.0.113.34").status
            if number % 3 == 1:
                answer = host.ask(web("POST", "/login", form, address="203.0.113.34",
                                      CONTENT_TYPE="application/x-www-form-urlencoded"), form)
                return {"error=password": 400, "error=throttled": 429}[
                    re.search(r"error=\w+", answer.header("Location"))[0]]
            return host.ask(web("POST", "/password", change, address="203.0.113.34", headers={"Cookie": session}),
                            change).status

        with ThreadPoolExecutor(30) as pool:
            statuses = list(pool.map(ask, range(60)))
        assert set(statuses) == {400, 429}
        assert statuses.count(400) <= 6, statuses


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


def test_a_device_cookie_is_for_one_account_and_goes_with_the_password(stack, closing, server):
    with hosts(stack, closing) as host:
        first = guess(host, "owner7", "192.0.2.70", PASSWORD).device
        close(host, "owner7")
        close(host, "owner8")
        second = guess(host, "owner7", "192.0.2.71", PASSWORD, first)
        assert second.status == 200
        assert guess(host, "owner8", "192.0.2.73", PASSWORD, second.device).status == 429, "another's"
        server.run(f"UPDATE guessed SET password = '{cheap_hash('new')}' WHERE username = 'owner7'")
        assert guess(host, "owner7", "192.0.2.74", "new", second.device).status == 429, "another password"


def test_logging_out_everywhere_withdraws_the_devices(stack, closing):
    with hosts(stack, closing) as host:
        device = guess(host, "owner9", "192.0.2.90", PASSWORD).device
        close(host, "owner9")
        done = run_verb(stack, "session", "revoke", "--id", str(FIRST_ID + 10_009), config=stack.dir / "guessed-a.toml")
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


def assert_check_says(stack, text):
    """Another server than the stack's lets its account in without a password, and check looks no further."""
    done = run_verb(stack, "check", config=stack.dir / "guessed-a.toml")
    assert (text if MYSQLD is None else "without a password") in done.stdout, done


def test_it_counts_alone_while_its_table_is_away(stack, settings, server):
    with hosts(stack, settings) as host:
        server.run("RENAME TABLE login_failure TO login_failure_away")
        try:
            assert flood([host], "owner11").count(400) <= 12
        finally:
            server.run("RENAME TABLE login_failure_away TO login_failure")


def test_before_the_migration_logins_go_on_guesses_are_few_and_it_says_what_to_run(stack, settings, server):
    server.run("RENAME TABLE login_failure TO login_failure_away, login_place TO login_place_away;"
               " ALTER TABLE session DROP COLUMN device")
    try:
        with hosts(stack, settings) as host:
            assert guess(host, "owner33", "192.0.2.133", PASSWORD).status == 200
            assert guess(host, "owner33", "192.0.2.133", PASSWORD).status == 200
            assert flood([host], "owner33").count(400) <= 12
            assert guess(host, "owner33", "192.0.2.133", PASSWORD).status == 200, "its address is known by its session"
            log = host.log()
            assert 1 <= log.count("browsers that log in are not remembered") <= 3, "once a minute"
            assert "failed logins are counted by this host alone" in log
            assert "run `gatehouse init` as root" in log
            assert_check_says(stack, "run `gatehouse init` as root")
    finally:
        server.run("RENAME TABLE login_failure_away TO login_failure, login_place_away TO login_place;"
                   " ALTER TABLE session ADD COLUMN device binary(16) DEFAULT NULL")


def test_unlock_opens_a_closed_name(stack, closing):
    with hosts(stack, closing) as host:
        close(host, "owner12")
        assert 30 < int(guess(host, "owner12", "192.0.2.120", PASSWORD).header("Retry-After")) <= 60
        done = run_verb(stack, "user", "unlock", "owner12", config=stack.dir / "guessed-a.toml")
        assert done.returncode == 0, done.stderr
        eventually(lambda: guess(host, "owner12", "192.0.2.121", PASSWORD).status == 200, allow(2), every=0.2,
                   what="a stranger may guess again")


def test_check_tells_of_a_proxy_whose_address_all_logins_have(stack, settings, server):
    with hosts(stack, settings) as host:
        for i in range(60):
            assert guess(host, f"owner{13 + i % 20}", "10.0.0.2", PASSWORD).status == 200
        server.run("UPDATE session SET address = '10.0.0.2'")
        assert_check_says(stack, "set_real_ip_from 10.0.0.2")
        assert "set_real_ip_from 10.0.0.2" in host.log()
