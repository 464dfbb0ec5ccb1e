"""Cross-origin reading (CORS): an allow-list in nginx, the same on all answers of these paths."""
import pytest

from front import Front, server
from test_cross_site import DEVELOPMENT_ORIGINS
from visitor import ROY

LISTED = DEVELOPMENT_ORIGINS[1]
UNLISTED = ["https://evil.example", "null", "http://localhost:4201", "https://localhost:4200",
            "http://localhost:4200.evil.example", "http://LOCALHOST:4200x", "http://localhost"]


def vary(answer):
    return {name.strip().lower() for name in answer.headers.get("Vary", "").split(",")}


def cors_headers(answer):
    return {name.lower(): value for name, value in answer.headers.items()
            if name.lower().startswith("access-control-")}


def assert_readable_by(answer, origin):
    assert cors_headers(answer)["access-control-allow-origin"] == origin
    assert cors_headers(answer)["access-control-allow-credentials"] == "true"
    assert "origin" in vary(answer)


@pytest.mark.parametrize("origin", DEVELOPMENT_ORIGINS)
def test_a_listed_origin_may_read_with_credentials(any_site, origin):
    with any_site.session() as browser:
        browser.headers["Origin"] = origin
        for method, path, body in (
                ("GET", "/", None), ("POST", "/login", ROY), ("GET", "/", None), ("POST", "/logout", None)):
            answer = browser.request(method, any_site.url + path, json=body, timeout=30)
            assert_readable_by(answer, origin)
            assert answer.status_code in (200, 401)


@pytest.mark.parametrize("origin", UNLISTED)
def test_an_origin_not_on_the_list_gets_no_cors_header(either_site, origin):
    for method, path in (("GET", "/"), ("OPTIONS", "/login"), ("POST", "/logout"), ("GET", "/nothing")):
        answer = either_site.send(method, path, headers={
            "Origin": origin, "Access-Control-Request-Method": "POST"})
        assert cors_headers(answer) == {}
        assert "origin" in vary(answer)


def test_without_an_origin_there_is_no_cors_header_but_the_answer_varies_by_it(any_site):
    for method, path in (("GET", "/"), ("POST", "/logout"), ("GET", "/nothing"), ("PUT", "/login")):
        answer = any_site.send(method, path)
        assert cors_headers(answer) == {}
        assert "origin" in vary(answer)


@pytest.mark.parametrize("path", ["/", "/login", "/logout", "/sessions", "/sessions/a-handle", "/password"])
def test_a_preflight_of_a_listed_origin_is_204_and_names_methods_and_headers(any_site, path):
    answer = any_site.send("OPTIONS", path, headers={
        "Origin": LISTED, "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert_readable_by(answer, LISTED)
    assert {"GET", "POST", "DELETE"} <= listed(answer, "access-control-allow-methods")
    assert "Content-Type" in listed(answer, "access-control-allow-headers")


def test_a_page_of_a_listed_origin_may_end_sessions(any_site):
    """DELETE is no method that browsers send without asking first."""
    with any_site.session() as browser:
        browser.headers["Origin"] = LISTED
        browser.post(any_site.url + "/login", json=ROY, timeout=30)
        for path, status in (("/sessions/no-handle", 404), ("/sessions", 200)):
            answer = browser.delete(any_site.url + path, timeout=30)
            assert answer.status_code == status
            assert_readable_by(answer, LISTED)


def listed(answer, name):
    return {value.strip() for value in cors_headers(answer)[name].split(",")}


def test_an_answer_that_is_no_preflight_names_no_methods(site):
    answer = site.send("GET", "/", headers={"Origin": LISTED})
    assert "access-control-allow-methods" not in cors_headers(answer)


def test_each_refusal_of_gatehouse_is_readable_too(any_site):
    origin = {"Origin": LISTED}
    for method, path, body, status in (
            ("POST", "/login", b"{", 415), ("GET", "/nothing", None, 404), ("PUT", "/", None, 405)):
        answer = any_site.send(method, path, data=body, headers=origin)
        assert answer.status_code == status
        assert_readable_by(answer, LISTED)


def test_nginxs_own_refusal_of_a_long_body_is_readable_too(any_site):
    answer = any_site.send("POST", "/login", data=b"x" * 2_000_000, headers={
        "Origin": LISTED, "Content-Type": "application/json"})
    assert answer.status_code == 413
    assert list(answer.json()) == ["message"]
    assert_readable_by(answer, LISTED)


def test_no_header_of_ours_comes_twice(any_site):
    answer = any_site.login(headers={"Origin": LISTED})
    names = [name.lower() for name in answer.raw.headers if name.lower() != "vary"]
    assert len(names) == len(set(names))
    for name in ("Access-Control-Allow-Origin", "Content-Type", "Cache-Control"):
        assert len(answer.raw.headers.getlist(name)) == 1, name


# What the usual libraries ask for besides Content-Type: axios, Angular, jQuery, ky, Laravel's bootstrap.
ASKED_FOR = ["x-requested-with", "cache-control", "pragma", "authorization", "x-xsrf-token", "x-csrf-token", "accept",
             "x-csrftoken", "expires", "if-modified-since", "x-socket-id"]


@pytest.mark.parametrize("header", ASKED_FOR)
def test_a_preflight_allows_the_headers_that_libraries_send(site, header):
    answer = site.send("OPTIONS", "/login", headers={
        "Origin": LISTED, "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": f"content-type,{header}"})
    allowed = {name.lower() for name in listed(answer, "access-control-allow-headers")}
    assert {"content-type", header} <= allowed
    assert "x-anything" not in allowed and "*" not in allowed


def preflight(site, path, origin, method="PUT"):
    return site.send("OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": method, "Sec-Fetch-Mode": "cors",
        "Access-Control-Request-Headers": "x-requested-with"})


@pytest.mark.parametrize("path", ["/members/page.html", "/role/page.html", "/app/x", "/cached/page.html"])
def test_a_protected_place_answers_the_preflight_of_a_listed_origin(guarded, path):
    answer = preflight(guarded.site, path, LISTED)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_readable_by(answer, LISTED)
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= listed(answer, "access-control-allow-methods")
    assert "X-Requested-With" in listed(answer, "access-control-allow-headers")


def test_a_whole_server_answers_the_preflight_of_a_listed_origin(guarded):
    assert preflight(guarded.whole, "/page.html", LISTED).status_code == 204


@pytest.mark.parametrize("origin", UNLISTED)
def test_a_protected_place_answers_no_other_preflight(guarded, origin):
    answer = preflight(guarded.site, "/members/page.html", origin)
    assert answer.status_code == 401
    assert cors_headers(answer) == {}


def test_what_is_no_preflight_is_refused_there_as_ever(guarded):
    for headers in ({}, {"Origin": LISTED}, {"Access-Control-Request-Method": "PUT"}):
        assert guarded.site.send("OPTIONS", "/members/page.html", headers=headers).status_code == 401


def test_a_listed_origin_may_read_that_it_is_refused_in_a_protected_place(guarded, site):
    answer = guarded.site.send("GET", "/members/page.html", headers={"Origin": LISTED})
    assert answer.status_code == 401
    assert_readable_by(answer, LISTED)
    answer = guarded.site.send("GET", "/role/page.html", headers={
        "Origin": LISTED, "Cookie": f"gatehouse={site.token()}"})
    assert answer.status_code == 403
    assert_readable_by(answer, LISTED)
    assert cors_headers(guarded.site.send("GET", "/members/page.html", headers={"Origin": UNLISTED[0]})) == {}


LONG = ["https://" + "a-very-long-name-of-an-application." * 2 + "org", "https://" + "x" * 60 + ".example.com:8443"]


@pytest.mark.parametrize("origin", LONG)
def test_an_origin_of_80_bytes_may_be_listed(stack, port, origin):
    assert len(origin) >= 80
    edits = {"cors.conf": [("http://localhost:4200", origin.replace(".", "\\."))]}
    with Front(stack, port + 48, server("localhost", ""), name="long", edits=edits) as front:
        assert_readable_by(front.ask("/gatehouse/", headers={"Origin": origin}), origin)
        assert cors_headers(front.ask("/gatehouse/", headers={"Origin": origin + "x"})) == {}
