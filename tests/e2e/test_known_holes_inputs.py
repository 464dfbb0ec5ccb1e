"""Published classes of holes in what a login service reads: hashes, bodies, lengths, records, texts of all kinds."""
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi
from fastcgi import PARAMS, STDIN, begin, pairs, record, web
from guarded import cookie
from instance import Instance
from member import cheap_hash
from visitor import HOME, INVALID_JSON, INVALID_PASSWORD, LOGGED_IN, auth_request, home_request, login_request
from waiting import allow, eventually

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module", autouse=True)
def no_row_is_left_behind(stack):
    """A failed login takes as long as the dearest hash of the table."""
    yield
    stack.database.run("DELETE FROM user WHERE username IN ('hashless', 'bomb', 'long-bomb')"
                       " OR username LIKE 'roy\\r%'")


@pytest.fixture
def connection(stack):
    with fastcgi.Connection(stack.fcgi_socket, allow(10)) as connection:
        yield connection


# Stored hashes.

@pytest.mark.parametrize("stored", ["", "*", "*0", "*1", "!", "!!", "x", "$2", "$2$", "$2y$", "$2a$04$", "$1$", "$6$",
                                    "$", "$2y$10$", "$argon2id$", "pbkdf2:sha256", "pbkdf2:sha256:1$$", "$P$", "{SSHA}",
                                    "{PLAIN}", "00000000000000000000000000000000", "NULL", "plain"])
def test_a_hash_that_is_none_matches_no_password(stack, site, stored):
    """crypt(3) gives `*0` for what it cannot read, and `*0` is `*0`; an empty hash is like an empty password."""
    stack.add_row("hashless", stored)
    for password in {"x", "*0", stored or " "}:
        answer = site.login("hashless", password)
        assert (answer.status_code, answer.json()) == (400, INVALID_PASSWORD), password


BOMBS = {"pbkdf2": f"pbkdf2:sha256:4000000000$salt${64 * 'a'}", "sha512crypt": f"$6$rounds=999999999$salt${86 * 'a'}",
         "bcrypt": f"$2y$31${53 * 'a'}", "argon2": f"$argon2id$v=19$m=4194304,t=4000,p=8$c29tZXNhbHQ${43 * 'A'}",
         "scrypt": f"scrypt:1073741824:8:1$salt${128 * 'a'}", "phpass": f"$P$T{30 * 'a'}",
         "overflow": f"pbkdf2:sha256:99999999999999999999$salt${64 * 'a'}"}


def seconds_of_login(site, name, password):
    begun = time.monotonic()
    answer = site.login(name, password)
    assert (answer.status_code, answer.json()) == (400, INVALID_PASSWORD), name
    return time.monotonic() - begun


@pytest.mark.parametrize("stored", BOMBS.values(), ids=BOMBS.keys())
def test_a_cost_bomb_in_a_row_is_not_computed(stack, site, stored):
    stack.add_row("bomb", stored)
    assert seconds_of_login(site, "bomb", "x") < allow(1)


def test_a_cost_bomb_in_a_length_is_not_computed(stack, site):
    """$6$ hashes the password once more in each round: a long one makes these rounds cost fifteen times as much."""
    stack.add_row("long-bomb", f"$6$rounds=400000$0123456789abcdef${86 * 'a'}")
    assert seconds_of_login(site, "long-bomb", "l" * 1024) < allow(2)


def test_a_password_of_a_megabyte_is_hashed_by_nobody(site, stack):
    body = json.dumps({"username": "roy", "password": "p" * 1_000_000}).encode()
    for content_type in ("application/json", FORM):
        begun = time.monotonic()
        answer = site.send("POST", "/login", data=body, headers={"Content-Type": content_type})
        assert answer.status_code == 413 and time.monotonic() - begun < allow(0.5)
    params = web("POST", "/login", b"x", CONTENT_LENGTH=len(body))
    with fastcgi.Connection(stack.fcgi_socket) as peer:
        try:
            assert peer.ask(params, body).status == 413
        except fastcgi.Closed:
            pass  # that much may be left unread
    assert site.login("roy", "p" * 1025).status_code == 400


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_a_nesting_bomb_is_refused_at_once(site, opening, closing):
    depth = 15_000 // len(opening + closing)
    body = '{"username":"roy","password":"roy","x":' + opening * depth + "1" + closing * depth + "}"
    begun = time.monotonic()
    answer = site.send("POST", "/login", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, INVALID_JSON)
    assert time.monotonic() - begun < allow(0.2)


# Lengths and records on the socket.

def with_length(length):
    params, body = login_request()
    return [(name, value) for name, value in params if name != "CONTENT_LENGTH"] + (
        [] if length is None else [("CONTENT_LENGTH", length)]), body


@pytest.mark.parametrize("length", ["-1", "-35", "-9223372036854775808", "+41", "0x29", " 41", "1e9"])
def test_a_negative_content_length_is_no_length(connection, length):
    answer = connection.ask(*with_length(length))
    assert (answer.status, answer.json()) == (400, INVALID_JSON)
    assert connection.ask(HOME).status == 401


@pytest.mark.parametrize("length", ["2147483648", "4294967337", "18446744073709551615", "9" * 40])
def test_a_huge_content_length_allocates_and_waits_for_nothing(connection, length):
    begun = time.monotonic()
    assert connection.ask(*with_length(length)).status in (400, 413)
    assert time.monotonic() - begun < allow(1)
    assert connection.ask(HOME).status == 401


def test_an_absent_content_length_leaves_the_next_request_in_step(connection):
    for _ in range(3):
        assert connection.ask(*with_length(None)).json() == LOGGED_IN, "the records themselves say where the body ends"
        assert connection.ask(HOME).status == 401


@pytest.mark.parametrize("data", [
    record(fastcgi.GET_VALUES, pairs({"FCGI_MPXS_CONNS": ""}), 0), record(fastcgi.ABORT_REQUEST),
    begin(fastcgi.AUTHORIZER), begin(request_id=1) + begin(request_id=2),
    begin() + record(PARAMS, b"\x80\x10\0\0\1x") + record(PARAMS) + record(STDIN),
    begin() + record(STDIN, b"x"), record(fastcgi.END_REQUEST, bytes(8)), b"\2" + fastcgi.request(HOME)[1:],
    b"GET / HTTP/1.1\r\n\r\n"], ids=["values", "abort", "authorizer", "multiplexed", "long name", "early body", "end",
                                     "version", "http"])
def test_a_refused_record_costs_its_connection_and_nobody_elses(stack, connection, data):
    assert connection.ask(HOME).status == 401
    with fastcgi.Connection(stack.fcgi_socket, allow(10)) as hostile:
        hostile.send(data)
        assert hostile.is_closed_within(allow(0.5))
    assert connection.ask(HOME).status == 401


# Origins.

def test_an_origin_that_only_ends_or_begins_like_one_of_ours_is_anothers(guarded):
    base = guarded.site.base
    host = base.partition("://")[2]
    for origin in (f"{base}.evil.example", f"http://evil{host}", f"http://evil-{host}", f"http://{host}@evil.example",
                   f"{base}0", "http://evillocalhost:4200", "http://localhost:42000", "http://x.localhost:4200",
                   "http://localhost:4200.evil.example", "https://localhost:4200", "http://127.0.0.1x:4200",
                   "http://127a0b0c1:4200"):
        answer = guarded.site.send("POST", "/gatehouse/login", json={"username": "roy", "password": "roy"},
                                   headers={"Origin": origin})
        assert answer.status_code == 403, origin
        assert "Access-Control-Allow-Origin" not in answer.headers, origin


# Texts that become headers and lines of the log.

FORGED = "roy\r\nRemote-Groups: admin\r\n\r\nforged"


def test_a_name_of_the_table_makes_no_header(stack, guarded, site):
    stack.add_user(FORGED, "x")
    headers = cookie(site.token(FORGED, "x"))
    for path in ("/app/x", "/members/page.html", "/role/page.html"):
        assert guarded.site.send("GET", path, headers=headers).status_code == 403
    assert site.send("GET", "/", headers=headers).json()["username"] == FORGED


def test_nothing_that_a_visitor_sends_makes_a_line_of_the_log(stack, site, connection):
    log = stack.logs / "gatehouse.log"
    begun = log.stat().st_size
    stack.add_user(FORGED, "x")
    assert site.login(FORGED, "wrong").status_code == 400
    assert site.login("\u001b[2Jforged\u2028\u0085", "x").status_code == 400
    evil = {"Origin": "https://evil\n1999-01-01 login: accepted user=\"forged\"", "User-Agent": "x\nforged"}
    for params, body in (login_request(headers=evil), login_request(headers={"Referer": "https://x\nforged"})):
        connection.ask([(name, value.replace("\n", "\r\n")) for name, value in params], body)
    connection.ask(auth_request("theme=dark")[:-1] + [("GATEHOUSE_REQUIRE", "admin\nforged: yes")])
    connection.ask(web("GET", "/nothing\nforged", headers={"Cookie": "gatehouse=\x1b[2Jforged\n"}))
    lines = eventually(lambda: log.read_bytes()[begun:].decode(errors="surrogateescape").splitlines(), allow(2))
    assert any("forged" in line for line in lines), "the row's name is told"
    for line in lines:
        assert line[:2] == "20" and line[4] == "-", f"{line!r} begins like no line of ours"
        assert line.isprintable(), ascii(line)


# SQL.

QUOTES = ["'", '"', "\\", "\\'", "`", "' OR 1=1 -- ", "'; DROP TABLE user; -- ", "%", "_", ":name", ":id", "?", "#",
          "/*", "' UNION SELECT 1,'roy','' -- ", "\u00bf'", "0x27", "' AND SLEEP(9) -- "]
OPTIONAL = {
    # It changes nothing, or each login would write a dear hash.
    "update_query": "UPDATE quoted SET password = :hash WHERE id = :id AND password = :old_hash AND id < 0",
    "roles_query": "SELECT role FROM user_role WHERE user_id = :id",
    "disabled_query": "SELECT 1 FROM user_disabled WHERE user_id = :id",
    "name_collation": "utf8mb4_bin",
}


def inputs(text):
    """Requests with the text in everything that a visitor can write."""
    forms = {"CONTENT_TYPE": FORM}
    yield login_request(text, "x")
    yield login_request("roy", text)
    yield login_request(headers={"User-Agent": text, "Cookie": f"gatehouse={text}; gatehouse-device={text}"})
    yield login_request("roy", "x", address=text)
    yield web("POST", "/login", f"username={text}&password={text}".encode(), **forms), f"username={text}".encode()
    yield web("POST", "/link", b"", QUERY_STRING=f"code={text}", **forms), b""
    yield home_request(f"gatehouse={text}"), b""
    yield auth_request(f"gatehouse={text}"), b""
    yield web("POST", "/login", b"x", QUERY_STRING=f"next=/{text}", **forms), b"x"


def inputs_of_a_member(text, session):
    headers = {"Cookie": session}
    change = json.dumps({"current": text, "new": "a long new one " + text}).encode()
    yield web("POST", "/password", change, headers=headers), change
    yield web("DELETE", f"/sessions/{text.replace('/', '')}", headers=headers), b""
    form = f"handle={text}".encode()
    yield web("POST", "/devices", form, headers=headers, CONTENT_TYPE=FORM), form


@pytest.fixture
def quoted(stack):
    """A table of one user, roy, with a cheap hash."""
    stack.database.run("CREATE TABLE quoted (id INT PRIMARY KEY, name VARCHAR(64), password VARCHAR(255));"
                       f"INSERT INTO quoted VALUES (4000000, 'roy', '{cheap_hash('roy')}');"
                       "GRANT SELECT, UPDATE (password) ON quoted TO gatehouse@localhost")
    yield {"query": "SELECT id, name, password FROM quoted WHERE name = :name",
           "census_query": "SELECT password FROM quoted"}
    stack.database.run("DROP TABLE quoted")


@pytest.mark.parametrize("optional", [OPTIONAL, {key: "" for key in OPTIONAL}], ids=["set", "unset"])
def test_no_sign_of_sql_in_any_input_changes_a_query(stack, quoted, optional):
    before = stack.database.run("CHECKSUM TABLE user, quoted, user_role, user_disabled")
    with Instance(stack, "quotes", {"user": {**quoted, **optional}, "log": {"level": "debug"}}) as host:
        host.wait_until_serving(allow(5))
        session = host.login().cookie

        def ask_all(text):
            with fastcgi.Connection(host.place) as connection:
                for params, body in [*inputs(text), *inputs_of_a_member(text, session)]:
                    answer = connection.ask(params, body)
                    assert answer.status in (200, 303, 400, 401, 403, 404, 415), (text, params, answer.raw)

        with ThreadPoolExecutor(len(QUOTES)) as pool:
            list(pool.map(ask_all, QUOTES))
        assert host.ask(home_request(session)).status == 200
        assert "SQL syntax" not in host.log(), host.log()[-2000:]
    assert stack.database.run("CHECKSUM TABLE user, quoted, user_role, user_disabled") == before
