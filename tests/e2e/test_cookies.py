"""The session cookie: its name, its attributes, which ones are read, and when they end."""
import pytest

import fastcgi
from instance import Instance
from visitor import ALREADY_IN, LOGGED_OUT, home_request, login_request
from waiting import allow


def set_cookie(answer):
    """(name, value, attributes in lower case) of the one Set-Cookie beside that of the device."""
    values = [value for value in answer.raw.headers.getlist("Set-Cookie") if "-device=" not in value]
    assert len(values) == 1
    first, *attributes = [part.strip() for part in values[0].split(";")]
    name, _, value = first.partition("=")
    return name, value, dict(_lower(attribute) for attribute in attributes)


def _lower(attribute):
    key, _, value = attribute.partition("=")
    return key.lower(), value


def test_the_cookie_over_plain_http_is_gatehouse_http_only_lax_and_for_all_paths(stack, any_site):
    name, value, attributes = set_cookie(any_site.login())
    expected = {"httponly": "", "samesite": "Lax", "path": "/"}
    if any_site.tls:
        expected["secure"] = ""
    assert name == any_site.cookie_name
    assert len(value) == 43
    assert attributes == expected


def test_a_cookie_of_the_plain_name_is_not_read_over_tls(tls_site):
    token = tls_site.token()
    assert tls_site.home(token).status_code == 200
    assert tls_site.home(token, name="gatehouse").status_code == 401


def test_a_cookie_of_the_host_name_is_not_read_over_plain_http(site):
    assert site.home(site.token(), name="__Host-gatehouse").status_code == 401


@pytest.mark.parametrize("name", ["Gatehouse", "gatehouse2", "xgatehouse", "gatehous", "__Secure-gatehouse"])
def test_a_cookie_of_a_like_name_is_not_read(site, name):
    assert site.home(site.token(), name=name).status_code == 401


def test_other_cookies_do_not_disturb(site):
    header = f"theme=dark; a=b=c; ;gatehouse={site.token()};lang=de; odd"
    assert site.send("GET", "/", headers={"Cookie": header}).status_code == 200


def test_an_answer_to_home_sets_no_cookie(site):
    assert "Set-Cookie" not in site.home(site.token()).headers
    assert "Set-Cookie" not in site.home().headers


@pytest.mark.parametrize("before", range(4))
def test_up_to_four_candidates_are_tried(either_site, before):
    token = either_site.token()
    candidates = ["x" * 43] * before + [token] + ["y" * 43] * (3 - before)
    assert either_site.home(*candidates).status_code == 200


def test_a_fifth_candidate_is_not_tried(either_site):
    assert either_site.home(*["x" * 43] * 4, either_site.token()).status_code == 401


def test_two_live_candidates_are_unauthorized(either_site):
    one, two = either_site.token(), either_site.token()
    assert either_site.home(one, two).status_code == 401
    assert either_site.home(one).status_code == 200
    assert either_site.home(two).status_code == 200


def test_each_login_gives_a_new_token(site):
    assert len({site.token() for _ in range(5)}) == 5


def test_a_login_ends_the_session_that_the_browser_brought(either_site):
    old = either_site.token()
    answer = either_site.login(headers={"Cookie": f"{either_site.cookie_name}={old}"})
    new = answer.cookies[either_site.cookie_name]
    assert new != old
    assert either_site.home(old).status_code == 401
    assert either_site.home(new).status_code == 200


def test_a_login_from_another_browser_leaves_the_first_one_in(site):
    first, second = site.token(), site.token()
    assert site.home(first).status_code == 200
    assert site.home(second).status_code == 200


def test_a_failed_login_leaves_the_session_as_it_is(site):
    token = site.token()
    answer = site.login(password="wrong", headers={"Cookie": f"gatehouse={token}"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert site.home(token).json() == ALREADY_IN


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_logout_ends_the_session_and_clears_the_cookie(either_site, method):
    token = either_site.token()
    cookie = {"Cookie": f"{either_site.cookie_name}={token}"}
    answer = either_site.send(method, "/logout", headers=cookie)
    assert answer.json() == LOGGED_OUT
    name, value, attributes = set_cookie(answer)
    assert (name, value) == (either_site.cookie_name, "")
    assert attributes["max-age"] == "0"
    assert attributes["path"] == "/"
    assert ("secure" in attributes) == either_site.tls
    assert either_site.home(token).status_code == 401


def test_a_logout_ends_all_candidates_that_the_browser_brought(site):
    one, two = site.token(), site.token()
    site.send("POST", "/logout", headers={"Cookie": f"gatehouse={one}; gatehouse={two}"})
    assert site.home(one).status_code == 401
    assert site.home(two).status_code == 401


def test_a_logout_of_one_session_leaves_the_others(site):
    one, two = site.token(), site.token()
    site.send("POST", "/logout", headers={"Cookie": f"gatehouse={one}"})
    assert site.home(two).status_code == 200


def test_the_session_longest_unused_makes_room_for_one_over_the_users_limit(stack):
    with Instance(stack, "few", {"session": {"max_per_user": 3}}) as few:
        few.wait_until_serving(allow(5))

        def alive(cookie):
            return few.ask(home_request(cookie)).status == 200

        first, second, third = (few.login().cookie for _ in range(3))
        assert alive(first)  # and so the second is now the one longest unused
        fourth = few.login().cookie
        assert [alive(cookie) for cookie in (first, second, third, fourth)] == [True, False, True, True]


def test_fifty_sessions_of_one_user_live_side_by_side(stack):
    def login():
        return fastcgi.ask(stack.fcgi_socket, *login_request(), timeout=allow(10)).cookie

    cookies = [login() for _ in range(51)]
    alive = [fastcgi.ask(stack.fcgi_socket, home_request(cookie)).status == 200 for cookie in cookies]
    assert alive == [False] + [True] * 50
