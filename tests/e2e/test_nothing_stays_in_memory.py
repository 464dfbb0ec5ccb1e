"""What was typed is nowhere in the process once it is answered: all of its memory is searched for it."""
import json
import os
import re
import secrets
import urllib.parse
from pathlib import Path

import pytest

import fastcgi
from fastcgi import web
from instance import Instance
from member import UPDATE, cookie_of, name
from waiting import allow, eventually

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def service(stack, members):
    # A function of a library that is bound at its first call has the registers saved on the stack, and in
    # them what memcpy has just copied. It happens once, but not in a test.
    os.environ["LD_BIND_NOW"] = "1"
    settings = members.settings(user={"update_query": UPDATE}, log={"level": "error"})
    with Instance(stack, "memory", settings) as service:
        service.wait_until_serving(allow(5))
        del os.environ["LD_BIND_NOW"]
        yield service
    members.reset()


@pytest.fixture(params=[20, 200, 900])
def password(request):
    """One of that length which nobody has typed before."""
    return secrets.token_hex(request.param // 2)


def holds(service, text):
    """Where in its writable memory `text` stands, freed or not."""
    process = Path(f"/proc/{service.process.pid}")
    found = []
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            begin, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            if not rights.startswith("rw"):
                continue
            begin, end = int(begin, 16), int(end, 16)
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except OSError:  # unmapped meanwhile
                continue
            found += [line for _ in re.finditer(re.escape(text), content)]
    return found


def assert_forgotten(service, text):
    """Work that goes on after the answer (a stronger hash) may hold it for a while yet."""
    needle = text.encode()[-18:]
    eventually(lambda: not holds(service, needle), allow(0.4), every=0.1, what="a copy is left")


def log_in(service, body, content_type="application/json"):
    return service.ask(web("POST", "/login", body, CONTENT_TYPE=content_type), body)


def as_json(password, user="nobody", **more):
    return json.dumps({"username": user, "password": password, **more}).encode()


def as_form(password, user="nobody"):
    return urllib.parse.urlencode({"username": user, "password": password}).encode()


def test_the_search_finds_what_is_there(service):
    cookie = cookie_of(service, 5)
    assert holds(service, name(5).encode()), "the session of that name is in memory"
    assert cookie


def test_a_wrong_password(service, password):
    assert log_in(service, as_json(password)).status == 400
    assert_forgotten(service, password)


def test_a_wrong_password_of_a_known_user(service, password):
    assert log_in(service, as_json(password, name(7))).status == 400
    assert_forgotten(service, password)


def test_a_form(service, password):
    assert log_in(service, as_form(password), FORM).status == 303
    assert_forgotten(service, password)


def test_a_form_that_ends_in_an_escape_that_is_none(service, password):
    assert log_in(service, as_form(password) + b"%zz", FORM).status == 303
    assert_forgotten(service, password)


def test_json_that_is_cut_short(service, password):
    assert log_in(service, as_json(password)[:-1]).status == 400
    assert_forgotten(service, password)


def test_a_body_that_is_too_long_for_one_read_of_libfcgi(service, password):
    body = as_json(password, padding="x" * 9000)
    assert log_in(service, body).status == 400
    assert_forgotten(service, password)


def test_an_oversized_body(service, password):
    with fastcgi.Connection(service.place) as connection:
        body = as_json(password, padding="x" * 100_000)
        assert connection.ask(web("POST", "/login", body), body).status == 413
    assert_forgotten(service, password)


def test_bytes_that_are_no_request(service, password):
    with fastcgi.Connection(service.place) as connection:
        connection.send(password.encode() + bytes(64))
        with pytest.raises((fastcgi.Closed, ConnectionError)):
            connection.answer()
    assert_forgotten(service, password)


def test_a_request_that_comes_in_parts(service, password):
    body = as_json(password)
    whole = fastcgi.request(web("POST", "/login", body), body)
    with fastcgi.Connection(service.place) as connection:
        connection.send(whole[:-8])
        eventually(lambda: holds(service, password.encode()[-18:]), allow(5), what="the first part has come")
        connection.send(whole[-8:])
        assert connection.answer().status == 400
        assert_forgotten(service, password)


def test_a_part_of_a_request_that_goes_away(service, password):
    body = as_json(password)
    with fastcgi.Connection(service.place) as connection:
        connection.send(fastcgi.request(web("POST", "/login", body), body)[:-8])
        eventually(lambda: holds(service, password.encode()[-18:]), allow(5), what="the first part has come")
    assert_forgotten(service, password)


def test_a_changed_password(service, password):
    cookie = cookie_of(service, 9)
    body = json.dumps({"current": "of every member", "new": password}).encode()
    answer = service.ask(web("POST", "/password", body, headers={"Cookie": cookie}), body)
    assert answer.status == 200
    assert log_in(service, as_json(password, name(9))).status == 200
    assert_forgotten(service, password)
    # The next password of the same length changes it back for the next of these tests.
    body = json.dumps({"current": password, "new": "of every member"}).encode()
    assert service.ask(web("POST", "/password", body, headers={"Cookie": cookie}), body).status == 200
    assert_forgotten(service, password)


def test_a_token(service):
    cookie = cookie_of(service, 11)
    assert service.ask(web("GET", "/", headers={"Cookie": cookie})).status == 200
    _, _, token = cookie.partition("=")
    assert_forgotten(service, token)


def test_a_token_among_many_cookies(service):
    cookie = cookie_of(service, 12)
    others = [("HTTP_COOKIE", f"c{i}=d") for i in range(30)]
    params = web("GET", "/", headers={"Cookie": "a=b"}) + [("HTTP_COOKIE", cookie), *others]
    assert service.ask(params).status == 200
    _, _, token = cookie.partition("=")
    assert_forgotten(service, token)
