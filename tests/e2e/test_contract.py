"""The table of the wire contract, row by row."""
import pytest

import fastcgi
from visitor import (ALREADY_IN, INVALID_CREDENTIALS, INVALID_JSON, INVALID_PASSWORD, LOGGED_IN,
                     LOGGED_OUT, ROY, UNAUTHORIZED)

JSON = {"Content-Type": "application/json"}


def assert_answer(answer, status, body, vary_cookie=True):
    assert (answer.status_code, answer.json()) == (status, body)
    assert_headers(answer)
    assert vary_cookie == ("cookie" in vary(answer))


def assert_headers(answer):
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def vary(answer):
    return {name.strip().lower() for name in answer.headers.get("Vary", "").split(",")}


def assert_message(answer, status, reason=None):
    """A refusal: JSON with a message, and with a reason where there is one, and nothing else."""
    assert answer.status_code == status
    assert_headers(answer)
    body = answer.json()
    assert list(body) == ["message"] + ["reason"] * (reason is not None) and body["message"]
    assert body.get("reason") == reason


def test_home_with_a_live_session_greets_by_name(any_site):
    assert_answer(any_site.home(any_site.token()), 200, ALREADY_IN)


def test_home_without_a_session_is_unauthorized(any_site):
    assert_answer(any_site.home(), 401, UNAUTHORIZED)


def test_a_query_string_does_not_change_the_route(any_site):
    assert any_site.send("GET", "/?next=/login").status_code == 401


def test_the_right_password_logs_in_and_sets_a_cookie(any_site):
    answer = any_site.login()
    assert (answer.status_code, answer.json()) == (200, LOGGED_IN)
    assert_headers(answer)
    assert any_site.cookie_name in answer.cookies


@pytest.mark.parametrize("username, password", [
    ("roy", "wrong"), ("roy", "Roy"), ("roy", "roy "), ("nobody", "roy"), ("'; DROP TABLE user; --", "x"),
    ("' OR '1'='1", "roy"), ("roy%", "roy"), ("röy\U0001f600", "roy"), ("roy\\", "roy"),
])
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(either_site, username, password):
    answer = either_site.login(username, password)
    assert (answer.status_code, answer.json()) == (400, INVALID_PASSWORD)
    assert_headers(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [
    {}, {"username": "roy"}, {"password": "roy"}, {"username": "", "password": "roy"},
    {"username": "roy", "password": ""}, {"username": None, "password": "roy"},
    {"username": "roy", "password": None}, {"username": 1, "password": "roy"},
    {"username": "roy", "password": 1}, {"username": ["roy"], "password": "roy"},
    {"username": "roy", "password": {"a": 1}}, {"username": True, "password": "roy"},
    {"Username": "roy", "password": "roy"}, {"user": ROY},
], ids=repr)
def test_a_credential_missing_empty_or_not_a_string_is_invalid(either_site, body):
    answer = either_site.send("POST", "/login", json=body)
    assert (answer.status_code, answer.json()) == (400, INVALID_CREDENTIALS)
    assert_headers(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"roy", b"{", b'{"username":"roy","password":"roy"', b"<xml/>"])
def test_a_body_that_is_not_json_is_said_to_be_so(any_site, body):
    answer = any_site.send("POST", "/login", data=body, headers=JSON)
    assert (answer.status_code, answer.json()) == (400, INVALID_JSON)
    assert_headers(answer)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_logout_succeeds_with_and_without_a_session(any_site, method):
    cookie = {"Cookie": f"{any_site.cookie_name}={any_site.token()}"}
    for headers in (cookie, cookie, {}):
        answer = any_site.send(method, "/logout", headers=headers)
        assert (answer.status_code, answer.json()) == (200, LOGGED_OUT)
        assert_headers(answer)


def test_logout_takes_any_body_or_none(any_site):
    for body in (b"", b"anything", b"{}"):
        assert any_site.send("POST", "/logout", data=body).status_code == 200


@pytest.mark.parametrize("content_type", [
    "text/plain", "application/x-www-form-urlencodedx", "application/jsonx", "text/json",
    "multipart/form-data; boundary=x", "application/xml; a=application/json",
])
def test_a_login_of_another_content_type_is_refused(any_site, content_type):
    answer = any_site.send("POST", "/login", data=b'{"username":"roy","password":"roy"}',
                           headers={"Content-Type": content_type})
    assert_message(answer, 415)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("content_type", [
    "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON",
])
def test_a_content_type_is_read_with_parameters_and_in_any_case(any_site, content_type):
    answer = any_site.send("POST", "/login", data=b'{"username":"roy","password":"roy"}',
                           headers={"Content-Type": content_type})
    assert answer.status_code == 200


def test_each_mount_tells_a_wrong_password_and_a_missing_one(any_site):
    assert any_site.login(password="wrong").json() == INVALID_PASSWORD
    assert any_site.send("POST", "/login", json={"username": "roy"}).json() == INVALID_CREDENTIALS


def test_a_login_without_any_body_is_not_json(any_site):
    answer = any_site.send("POST", "/login")
    assert (answer.status_code, answer.json()) == (400, INVALID_JSON)


def test_a_body_over_the_limit_is_too_large(any_site):
    assert_message(any_site.send("POST", "/login", data=b" " * (16 * 1024 + 1), headers=JSON), 413)
    assert_message(any_site.send("POST", "/login", data=b" " * 1_000_000, headers=JSON), 413)


def test_a_body_of_just_the_limit_is_read(any_site):
    body = b'{"username":"roy","password":"roy"}'
    body += b" " * (16 * 1024 - len(body))
    assert any_site.send("POST", "/login", data=body, headers=JSON).status_code == 200


def test_gatehouse_itself_keeps_the_body_limit(stack):
    body = b" " * (16 * 1024 + 1)
    answer = fastcgi.ask(stack.fcgi_socket, fastcgi.web("POST", "/login", body), body)
    assert answer.status == 413
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize("path", ["/nothing", "/login/", "/login/x", "/logout2", "/Login", "/index.html"])
def test_an_unknown_path_is_not_found(site, path):
    assert_message(site.send("GET", path), 404)


def test_an_unknown_path_under_each_mount_is_not_found_in_json(any_site):
    for method in ("GET", "POST", "DELETE"):
        assert_message(any_site.send(method, "/nothing"), 404)


@pytest.mark.parametrize("method, path, allow", [
    ("POST", "/", {"GET"}), ("DELETE", "/", {"GET"}), ("PUT", "/", {"GET"}),
    ("GET", "/login", {"POST"}), ("HEAD", "/login", {"POST"}), ("PUT", "/login", {"POST"}),
    ("DELETE", "/logout", {"GET", "POST"}), ("PATCH", "/logout", {"GET", "POST"}),
    ("OPTIONS", "/login", {"POST"}), ("BREW", "/", {"GET"}),
])
def test_a_wrong_method_is_told_the_right_ones(any_site, method, path, allow):
    if any_site.mount == "/gatehouse" and path == "/login":  # the login page (test_login_page.py)
        if method in ("GET", "HEAD"):
            return
        allow = allow | {"GET"}
    answer = any_site.send(method, path)
    assert answer.status_code == 405
    told = {name.strip() for name in answer.headers["Allow"].split(",")}
    assert told - {"HEAD"} == allow
    assert ("HEAD" in told) == ("GET" in allow)
    if method != "HEAD":
        assert_message(answer, 405)


def test_head_is_get_without_a_body(any_site):
    token = any_site.token()
    for headers in ({}, {"Cookie": f"{any_site.cookie_name}={token}"}):
        get, head = (any_site.send(method, "/", headers=headers) for method in ("GET", "HEAD"))
        assert head.status_code == get.status_code
        assert head.content == b""
        for name in ("Content-Type", "Cache-Control", "Vary"):
            assert head.headers.get(name) == get.headers.get(name)


def test_gatehouse_itself_sends_no_body_to_head(stack):
    answer = fastcgi.ask(stack.fcgi_socket, fastcgi.web("HEAD", "/"))
    assert (answer.status, answer.body) == (401, b"")


@pytest.mark.parametrize("path, method, status", [
    ("/", "GET", 401), ("/logout", "POST", 200), ("/nothing", "GET", 404), ("/login", "GET", 405)])
def test_every_answer_carries_its_status_explicitly(stack, path, method, status):
    answer = fastcgi.ask(stack.fcgi_socket, fastcgi.web(method, path))
    assert answer.headers[0][0] == "Status"
    assert answer.status == status


def test_the_routing_path_is_path_info_where_it_is_not_empty(stack):
    def status(**params):
        return fastcgi.ask(stack.fcgi_socket, fastcgi.web("GET", "/nothing", **params)).status
    assert status(PATH_INFO="/") == 401
    assert status(PATH_INFO="/logout") == 200
    assert status(PATH_INFO="") == 404
    assert status() == 404
