"""Honest requests in every shape that the protocol allows, straight on the socket."""
import json

import pytest

import fastcgi
from fastcgi import Connection, web
from visitor import (ALREADY_IN, HOME, INVALID_JSON, LOGGED_IN, home_request, login_request)
from waiting import allow


@pytest.fixture
def connection(stack):
    with Connection(stack.fcgi_socket, timeout=allow(10)) as connection:
        yield connection


@pytest.fixture
def cookie(stack):
    return fastcgi.ask(stack.fcgi_socket, *login_request()).cookie


def test_one_connection_serves_a_whole_conversation(connection):
    assert connection.ask(HOME).status == 401
    login = connection.ask(*login_request())
    assert login.json() == LOGGED_IN
    assert connection.ask(home_request(login.cookie)).json() == ALREADY_IN
    assert connection.ask(web("POST", "/logout", headers={"Cookie": login.cookie})).status == 200
    assert connection.ask(home_request(login.cookie)).status == 401


@pytest.mark.parametrize("request_id", [1, 2, 255, 256, 65535])
def test_an_answer_bears_the_id_of_its_request(connection, request_id):
    assert connection.ask(HOME, request_id=request_id).status == 401
    assert connection.ask(HOME, request_id=1).status == 401


def test_a_connection_is_closed_after_the_answer_where_the_peer_wishes_so(connection):
    assert connection.ask(HOME, keep=False).status == 401
    assert connection.is_closed_within(allow(0.5))


def test_a_connection_stays_open_where_the_peer_wishes_so(connection):
    assert connection.ask(HOME).status == 401
    assert not connection.is_closed_within(0.3)


@pytest.mark.parametrize("chunk", [1, 7, 13, 100])
def test_parameters_and_a_body_in_many_records_are_one_request(connection, chunk):
    assert connection.ask(*login_request(), chunk=chunk).json() == LOGGED_IN
    assert connection.ask(*login_request(), chunk=chunk).json() == LOGGED_IN


def test_records_with_all_the_padding_there_can_be_are_read(connection):
    params, body = login_request()
    connection.send(fastcgi.begin()
                    + fastcgi.record(fastcgi.PARAMS, fastcgi.pairs(params), padding=255)
                    + fastcgi.record(fastcgi.PARAMS)
                    + fastcgi.record(fastcgi.STDIN, body, padding=255)
                    + fastcgi.record(fastcgi.STDIN))
    assert connection.answer().json() == LOGGED_IN
    assert connection.ask(HOME).status == 401


@pytest.mark.parametrize("piece", [5, 8, 50])
def test_a_request_that_comes_in_pieces_is_answered(connection, piece):
    data = fastcgi.request(HOME)
    for _ in range(2):
        for start in range(0, len(data), piece):
            connection.send(data[start:start + piece])
        assert connection.answer().status == 401


def test_a_thousand_gets_with_20_kib_of_cookies_and_a_body_are_all_answered(connection, cookie):
    params = home_request("big=" + "x" * 20 * 1024, cookie)
    for _ in range(1000):
        assert connection.ask(params, body=b"nobody reads this" * 100).status == 200


def test_large_cookies_and_bodies_on_get_disturb_no_request_through_nginx(site):
    headers = {"Cookie": f"big={'x' * 7000}; gatehouse={site.token()}"}
    with site.session() as browser:
        for _ in range(300):
            answer = browser.get(site.url + "/", headers=headers, data=b"y" * 9000, timeout=30)
            assert answer.status_code == 200


def test_a_body_on_a_path_that_reads_none_does_not_disturb_the_next_request(connection):
    for path in ("/nothing", "/logout", "/", "/login"):
        for method in ("GET", "POST", "PUT"):
            body = b"z" * 10_000
            assert connection.ask(web(method, path, body, CONTENT_TYPE="text/plain"), body).status < 500
            assert connection.ask(HOME).status == 401


@pytest.mark.parametrize("length", [
    "0", "1", "34", "36", "1000", "16385", "4294967331", "-1", "abc", "35 ", "35,35", "9" * 23])
def test_a_login_whose_content_length_lies_is_refused_and_nothing_gets_out_of_step(connection, length):
    params, body = login_request()
    body = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert len(body) == 35
    params = [(name, length if name == "CONTENT_LENGTH" else value) for name, value in params]
    answer = connection.ask(params, body)
    assert (answer.status, answer.json()) in ((400, INVALID_JSON), (413, {"message": "Payload Too Large"}))
    assert connection.ask(HOME).status == 401
    assert connection.ask(*login_request()).json() == LOGGED_IN


def test_several_cookie_parameters_are_read_as_one(connection, cookie):
    for cookies in ([cookie, "a=b"], ["a=b", cookie], ["a=b", "c=d", cookie]):
        params = HOME + [("HTTP_COOKIE", value) for value in cookies]
        assert connection.ask(params).json() == ALREADY_IN


def test_two_live_sessions_in_two_cookie_parameters_are_unauthorized(connection, cookie, stack):
    other = fastcgi.ask(stack.fcgi_socket, *login_request()).cookie
    assert connection.ask(HOME + [("HTTP_COOKIE", cookie), ("HTTP_COOKIE", other)]).status == 401


def test_of_a_repeated_parameter_the_last_wins(connection):
    assert connection.ask([("REQUEST_METHOD", "DELETE")] + HOME).status == 401
    assert connection.ask(HOME + [("REQUEST_METHOD", "DELETE")]).status == 405
    assert connection.ask(HOME + [("DOCUMENT_URI", "/nothing")]).status == 404


@pytest.mark.parametrize("values", [("1", "1"), ("", "1"), ("1", "")])
@pytest.mark.parametrize("name", ["GATEHOUSE_INTERNAL", "GATEHOUSE_ORIGIN_ALLOWED", "GATEHOUSE_REQUIRE"])
def test_a_gatehouse_parameter_sent_twice_is_an_internal_error(connection, name, values):
    answer = connection.ask(HOME + [(name, value) for value in values])
    assert answer.status == 500
    assert answer.header("Content-Type") == "application/json"
    assert list(answer.json()) == ["message"]


def test_a_name_of_gatehouse_is_trusted_as_a_parameter_but_never_as_a_header(connection):
    evil = {"Origin": "https://evil.example"}
    params, body = login_request(headers=evil, GATEHOUSE_ORIGIN_ALLOWED="1")
    assert connection.ask(params, body).status == 200
    params, body = login_request(headers={**evil, "Gatehouse-Origin-Allowed": "1"})
    assert connection.ask(params, body).status == 403


@pytest.mark.parametrize("value", ["on", "ON"])
def test_tls_is_what_nginx_says_it_is(connection, value):
    assert connection.ask(*login_request(HTTPS=value)).cookie.startswith("__Host-gatehouse=")
    assert connection.ask(*login_request(HTTPS="off")).cookie.startswith("gatehouse=")


def test_a_request_without_any_parameter_is_not_found(connection):
    assert connection.ask([]).status in (404, 405)
    assert connection.ask(HOME).status == 401


def test_a_value_with_any_byte_in_it_is_only_a_value(connection):
    every_byte = bytes(range(256))
    names = ("HTTP_COOKIE", "HTTP_USER_AGENT", "QUERY_STRING", "REMOTE_ADDR", "HTTP_HOST", "X" * 300)
    for name in names:
        assert connection.ask(HOME + [(name, every_byte)]).status == 401
    assert connection.ask(HOME + [("DOCUMENT_URI", every_byte)]).status == 404
    assert connection.ask(HOME + [("", "")]).status == 401
