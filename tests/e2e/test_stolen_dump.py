"""Somebody has read every table of Gatehouse's own. Nothing in them, in no form and no combination, is a session, a
device or a link. Nor is anything that is made with the key file alone."""
import base64
import hashlib
import hmac
import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import fastcgi
from fastcgi import web
from instance import Instance
from member import FIRST_ID, PASSWORD, cheap_hash
from verbs import run_verb
from visitor import home_request, login_request
from waiting import allow, eventually

LIMITS = {"free_guesses": 5, "strangers_free_guesses": 10, "close_after": 10, "address_free_guesses": 100_000,
          "network_free_guesses": 100_000}
OURS = ("session", "session_epoch", "session_key", "session_key_use", "login_failure", "login_place", "login_event",
        "user_role", "user_disabled", "gatehouse_lease", "gatehouse_migration")
ID = FIRST_ID + 30_000


@pytest.fixture(scope="module")
def host(stack):
    """A site of one user, `stolen`, who has two sessions, two devices and a link, and is closed to strangers."""
    stack.database.run(
        "DELETE FROM session; DELETE FROM login_place; DELETE FROM login_event; DELETE FROM login_failure;"
        "CREATE TABLE dumped (id INT PRIMARY KEY, username VARCHAR(64), password VARCHAR(255));"
        f"INSERT INTO dumped VALUES ({ID}, 'stolen', '{cheap_hash(PASSWORD)}');"
        "GRANT SELECT ON dumped TO gatehouse@localhost")
    settings = {"user": {"query": "SELECT id, username, password FROM dumped WHERE username = :name",
                         "census_query": "SELECT password FROM dumped"}, "guard": LIMITS}
    with Instance(stack, "dumped", settings) as host:
        host.wait_until_serving(allow(5))
        host.owners = [host.login("stolen", PASSWORD, address=f"192.0.2.{i}") for i in range(2)]
        done = run_verb(stack, "user", "link", "stolen", config=host.config)
        assert done.returncode == 0, done.stderr
        host.link = done.stdout.strip().partition("code=")[2]
        for number in range(15):
            host.login("stolen", "wrong", address=f"198.51.100.{number}")
        assert host.login("stolen", PASSWORD, address="198.51.100.99").status == 429
        eventually(lambda: "login_throttled" in stack.database.run("SELECT kind FROM login_event"), allow(5),
                   what="what has happened is written")
        yield host
    stack.database.run("DROP TABLE dumped")


@pytest.fixture(scope="module")
def dump(stack, host):
    """[(table, the values of a row as bytes)], of every table whose comment says that it is ours."""
    tables = stack.database.run("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                                " AND table_comment = 'Gatehouse'").split()
    assert set(OURS) <= set(tables)
    rows = []
    for table in tables:
        columns = stack.database.run("SELECT column_name FROM information_schema.columns"
                                     f" WHERE table_schema = DATABASE() AND table_name = '{table}' ORDER BY ordinal_position").split()
        hexed = ", ".join(f"COALESCE(HEX(CAST({column} AS BINARY)), '')" for column in columns)
        for line in stack.database.run(f"SELECT {hexed} FROM {table}").splitlines():
            rows.append((table, [bytes.fromhex(value) for value in line.split("\t")]))
    assert {"session", "login_event", "login_place", "login_failure", "session_key"} <= {table for table, _ in rows}
    return rows


def forms(value):
    """The value as somebody would write it into a cookie."""
    yield value
    yield value.hex().encode()
    yield value.hex().upper().encode()
    for encoded in (base64.urlsafe_b64encode(value), base64.b64encode(value)):
        yield encoded
        yield encoded.rstrip(b"=")


def candidates(dump):
    """Each value, each two of a row behind each other, cut and filled up to the length of a token and of a link."""
    found = set()
    for _, row in dump:
        values = [value for value in row if value]
        for parts in itertools.chain(((value,) for value in values), itertools.permutations(values, 2)):
            joined = b"".join(parts)
            for value in {joined, joined[:32], joined[:32].ljust(32, b"\0"), joined + joined, joined.ljust(49, b"\0")}:
                found.update(forms(value))
    return {value for value in found if len(value) <= 300 and not set(value) & set(b"\r\n\0;,")}


@pytest.fixture(scope="module")
def stolen(dump):
    found = sorted(candidates(dump))
    assert len(found) > 1000
    return found


def test_the_owners_own_are_good(host):
    """Otherwise nothing below would say anything."""
    assert [host.ask(home_request(owner.cookie)).status for owner in host.owners] == [200, 200]
    device = {"Cookie": host.owners[1].device}
    assert host.login("stolen", PASSWORD, address="198.51.100.98", headers=device).status == 200


def test_no_value_of_a_table_is_a_session(host, stolen):
    with fastcgi.Connection(host.place) as connection:
        for value in stolen:
            for name, https in ((b"gatehouse", "off"), (b"__Host-gatehouse", "on"), (b"gatehouse-device", "off")):
                assert connection.ask(home_request(HTTPS=https) + [("HTTP_COOKIE", name + b"=" + value)]).status == 401


def test_no_value_of_a_table_is_a_device(host, stolen):
    """The account is closed to strangers: who is let guess is known."""
    def is_known(value):
        params, body = login_request("stolen", "wrong", address="198.51.100.97")
        cookie = b"gatehouse-device=" + value
        return host.ask(params + [("HTTP_COOKIE", cookie)], body, timeout=allow(60)).status != 429

    # A refusal is held for a quarter of a second; the forms that could be a device's are some of them.
    likely = [value for value in stolen if 32 <= len(value) <= 140 and len(value) != 43][::7][:200]
    assert len(likely) > 100
    with ThreadPoolExecutor(16) as pool:
        assert not any(pool.map(is_known, likely))


def test_no_value_of_a_table_is_a_link(host, stolen, dump):
    """It has 16 random bytes of each link that is not opened yet, and whose it is."""
    assert any(value[:1] == b"l" for table, row in dump if table == "login_place" for value in row), "of this link, too"
    [place] = [row for table, row in dump if table == "login_place" and row[1][:1] == b"l"]
    # What a link is made of, but for the half that needs the key.
    guesses = [base64.urlsafe_b64encode(place[1][1:] + place[0] + tail).rstrip(b"=") for tail in
               (bytes(16), place[1][1:17].ljust(16, b"\0"), place[4].ljust(16, b"\0"))]
    guesses += [value for value in stolen if 44 <= len(value) <= 128][::11][:100]

    assert len(guesses) > 50

    def opens(value):
        answer = host.ask(web("POST", "/link", headers={"Sec-Fetch-Site": "same-origin"}) + [
            ("QUERY_STRING", b"code=" + value)], timeout=allow(60))
        return answer.status != 400

    with ThreadPoolExecutor(16) as pool:
        assert not any(pool.map(opens, guesses))
    answer = host.ask(web("POST", "/link", headers={"Sec-Fetch-Site": "same-origin"}, QUERY_STRING="code=" + host.link))
    assert answer.status == 200, "the link itself is good"


def test_no_value_of_a_table_is_a_password(host, stolen):
    values = [value.decode() for value in stolen[::50] if value.isascii()][:20]
    for value in values:
        body = json.dumps({"username": "stolen", "password": value}).encode()
        device = {"Cookie": host.owners[0].device}
        answer = host.ask(web("POST", "/login", body, headers=device, address="192.0.2.0"), body)
        assert answer.status in (400, 429)


def signed(stack, identity):
    """The token of this id, as whoever has the key file makes it (session/keys/token.h)."""
    path = Path(stack.config["session"]["key_file"])
    [first, *_] = [line for line in path.read_text().split() if len(line) == 43]
    extracted = hmac.new(bytes(32), base64.urlsafe_b64decode(first + "="), hashlib.sha256).digest()
    key = hmac.new(extracted, b"gatehouse session v1\x01", hashlib.sha256).digest()
    tag = hmac.new(key, b"gatehouse\0" + identity, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(identity + tag).decode().rstrip("=")


def test_the_key_file_without_the_tables_makes_no_session_and_with_them_it_does(stack, host, dump):
    """The second half says that the first one tries the right thing; SECURITY.md tells of it."""
    for number in range(20):
        identity = hashlib.sha256(bytes([number])).digest()[:16]
        assert host.ask(home_request(f"gatehouse={signed(stack, identity)}")).status == 401
    identities = [row[1] for table, row in dump if table == "session"]
    assert all(host.ask(home_request(f"gatehouse={signed(stack, identity)}")).status == 200 for identity in identities)
