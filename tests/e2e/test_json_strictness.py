"""What is read as a login, byte for byte. Straight on the socket: no HTTP library in between."""
import json

import pytest

import fastcgi
from visitor import INVALID_CREDENTIALS, INVALID_JSON, INVALID_PASSWORD, LOGGED_IN
from waiting import allow, median_time

ROY = b'{"username":"roy","password":"roy"}'


@pytest.fixture
def post(stack):
    def send(body):
        answer = fastcgi.ask(stack.fcgi_socket, fastcgi.web(
            "POST", "/login", body, CONTENT_TYPE="application/json", CONTENT_LENGTH=len(body)), body,
            timeout=allow(10))
        return answer.status, answer.json()
    return send


def nested(depth):
    return b'{"username":"roy","password":"roy","x":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize("body", [
    b"", b" ", b"roy", b"{", ROY[:-1], ROY[:10], ROY + b"x", ROY + ROY, ROY + b",", ROY + b"\0",
    b"\xef\xbb\xbf" + ROY,
    b"{'username':'roy','password':'roy'}", b'{username:"roy",password:"roy"}',
    b'{"username":"roy","password":"roy",}', b'{"username":"roy" "password":"roy"}',
    ROY.replace(b":", b": /* */"), b"// roy\n" + ROY,
    b'{"username":"roy\xff","password":"roy"}', b'{"username":"roy","password":"roy\xc3"}',
    b'{"username":"r\xc0\xaf","password":"roy"}', b'{"username":"\xed\xa0\x80","password":"roy"}',
    b'{"username":"roy","password":"\xf4\x90\x80\x80"}', b'{"username":"roy","password":"roy","\xff":1}',
    b'{"username":"\\ud800","password":"roy"}', b'{"username":"roy","password":"\\udc00x"}',
    b'{"username":"\\ud800\\u0041","password":"roy"}', b'{"username":"roy","password":"\\x41"}',
    b'{"username":"roy","password":"a\tb"}', b'{"username":"roy","password":"a\nb"}',
    b'{"username":"roy\0","password":"roy"}', b"NaN", b'{"username":NaN,"password":"roy"}',
    ROY.decode().encode("utf-16"), ROY.decode().encode("utf-32-le"), b"nul", b"[1,2", b"01",
], ids=repr)
def test_bytes_that_are_not_json_are_refused(post, body):
    assert post(body) == (400, INVALID_JSON)


@pytest.mark.parametrize("body", [
    b"[]", b"[1]", b'["username","password"]', b"[" + ROY + b"]", b"1", b"-1.5e3", b'"roy"', b"null", b"true",
], ids=repr)
def test_json_that_is_no_object_has_no_credentials(post, body):
    assert post(body) == (400, INVALID_CREDENTIALS)


@pytest.mark.parametrize("body", [
    b'{"username":"roy","username":"roy","password":"roy"}',
    b'{"username":"eve","username":"roy","password":"roy"}',
    b'{"username":"roy","password":"roy","password":"roy"}',
    b'{"username":"roy","password":"x","password":"roy"}',
    b'{"username":"roy","password":"roy","\\u0070assword":"x"}',
], ids=repr)
def test_a_key_of_ours_given_twice_is_refused(post, body):
    assert post(body) == (400, INVALID_JSON)


@pytest.mark.parametrize("depth", [64, 1000, 8000])
def test_deep_nesting_is_refused_and_costs_nothing(post, depth):
    assert post(nested(depth)) == (400, INVALID_JSON)
    objects = b'{"a":' * (depth // 4) + b"1" + b"}" * (depth // 4)
    assert post(objects)[0] == 400


@pytest.mark.parametrize("body", [
    b" \r\n\t" + ROY + b"\r\n ",
    b'{"password":"roy","username":"roy"}',
    b'{"username":"\\u0072\\u006f\\u0079","password":"\\u0072oy"}',
    b'{"remember":true,"x":[1,{"username":"eve"}],"username":"roy","password":"roy","n":null}',
    nested(3),
], ids=repr)
def test_other_spellings_of_the_same_json_log_in(post, body):
    assert post(body) == (200, LOGGED_IN)


def login_body(username, password):
    return json.dumps({"username": username, "password": password}, ensure_ascii=False).encode()


def test_a_name_of_255_bytes_is_looked_up_and_one_of_256_is_not(post):
    for name in ("n" * 255, "é" * 127 + "n"):
        assert post(login_body(name, "roy")) == (400, INVALID_PASSWORD)
    for name in ("n" * 256, "é" * 128, "n" * 5000):
        assert post(login_body(name, "roy")) == (400, INVALID_CREDENTIALS)


def test_a_password_of_1024_bytes_is_checked_and_one_of_1025_is_not(post):
    for password in ("p" * 1024, "é" * 512):
        assert post(login_body("roy", password)) == (400, INVALID_PASSWORD)
    for password in ("p" * 1025, "é" * 513, "p" * 10000):
        assert post(login_body("roy", password)) == (400, INVALID_CREDENTIALS)


def test_a_password_too_long_is_refused_without_hashing(post):
    hashed = median_time(lambda: post(login_body("roy", "p" * 1024)), 5)
    refused = median_time(lambda: post(login_body("roy", "p" * 1025)), 5)
    assert refused < hashed / 3


@pytest.mark.parametrize("username, password", [
    ("roy", "roy\0x"), ("roy", "roy\0"), ("roy", "\0roy"), ("roy", "\0"),
])
def test_a_nul_in_a_password_is_data_and_not_its_end(post, username, password):
    assert post(json.dumps({"username": username, "password": password}).encode()) == (400, INVALID_PASSWORD)


def test_a_password_with_a_nul_in_it_logs_its_owner_in_and_the_part_before_does_not(post, stack):
    stack.add_user("nul", "pass\0word")
    body = {"username": "nul", "password": "pass\0word"}
    assert post(json.dumps(body).encode()) == (200, LOGGED_IN)
    body["password"] = "pass"
    assert post(json.dumps(body).encode()) == (400, INVALID_PASSWORD)


@pytest.mark.parametrize("name", ["roy\0", "roy\0x", "\0", "\0roy"])
def test_a_name_with_a_nul_is_no_name(post, name):
    body = json.dumps({"username": name, "password": "roy"}).encode()
    assert post(body) == (400, INVALID_CREDENTIALS)
