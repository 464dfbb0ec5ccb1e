"""Published classes of holes between nginx and a login service: what is asked, of whom, and who is told to be there."""
import time

import pytest

from front import Front, server
from guarded import SECRET, cookie
from instance import Instance
from raw_http import assert_closed, get, status_of
from visitor import auth_request
from waiting import allow, eventually

# A server whose fallback answers what it does not know, as most do.
FALLBACK = "location / { try_files $uri $uri/ /index.html; }\n"


@pytest.fixture(scope="module")
def astray(stack, port):
    """Sites whose question about the visitor reaches nobody who could answer it."""
    servers = [server("unmounted.test", FALLBACK + "location ^~ /members/ { auth_request gatehouse:*; }", include="")]
    servers += [server(f"{name}.test", FALLBACK + f"location ^~ /members/ {{ auth_request {address}; }}")
                for name, address in (("misspelt", "gatehous:*"), ("absent", "/gatehouse/auth"))]
    with Front(stack, port + 84, "".join(servers), name="astray") as front:
        yield front


@pytest.mark.parametrize("name", ["unmounted", "misspelt", "absent"])
def test_a_guard_address_that_is_not_there_lets_nobody_in(stack, astray, name):
    member = cookie(stack.site().token())
    for headers in ({}, member):
        answer = astray.ask("/members/page.html", host=f"{name}.test", headers=headers)
        assert SECRET not in answer.text and answer.status_code >= 400, name
    assert astray.ask("/page.html", host=f"{name}.test").status_code == 200


def test_a_session_that_cannot_be_loaded_lets_nobody_in(stack, guarded):
    """A genuine token, which the asked process does not know and cannot look up."""
    with Instance(stack, "loads", {}) as other:
        other.wait_until_serving(allow(5))
        genuine = {"Cookie": other.login().cookie}
    stack.database.run("RENAME TABLE session TO session_away")
    try:
        answer = guarded.site.send("GET", "/members/page.html", headers=genuine)
        assert (answer.status_code, SECRET in answer.text) == (503, False)
    finally:
        stack.database.run("RENAME TABLE session_away TO session")
    eventually(lambda: guarded.site.send("GET", "/members/page.html", headers=genuine).status_code == 200, allow(5),
               what="the session is there again")


@pytest.mark.parametrize("name", ["Remote_User", "remote_user", "REMOTE_USER", "Remote_Groups", "Remote_Id",
                                  "Remote-User", "Remote-Groups", "Remote-Email", "Remote_Email", "REMOTE_EMAIL",
                                  "Remote-Name", "remote_name"])
def test_an_identity_header_of_the_visitor_in_any_spelling_reaches_nobody(guarded, site, name):
    """That server lets headers with underscores through, and PHP reads them like those with hyphens."""
    token = site.token()
    for path in ("/app/x", "/front/x"):
        assert_closed(get(guarded.site, path, f"{name}: admin"))
        answer = get(guarded.site, path, f"Cookie: gatehouse={token}", f"{name}: spoofed")
        assert status_of(answer) == 200 and "spoofed" not in answer, answer


def test_forwarded_headers_of_the_visitor_are_nobodys_address_host_or_scheme(stack, tls_site, site):
    spoofed = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9;proto=https",
               "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on",
               "X-Client-IP": "203.0.113.9", "True-Client-IP": "203.0.113.9", "X-Forwarded-Prefix": "/evil"}
    answer = site.login(headers=spoofed)
    assert answer.raw.headers.getlist("Set-Cookie")[0].startswith("gatehouse="), "nobody says that it is TLS"
    listed = site.send("GET", "/sessions", headers=cookie(answer.cookies["gatehouse"])).json()["sessions"]
    assert [one["address"] for one in listed if one["current"]] == ["127.0.0.1"]
    evil = {**spoofed, "Origin": "https://evil.example"}
    assert site.login(headers=evil).status_code == 403
    assert tls_site.login(headers=evil).status_code == 403
    form = site.send("POST", "/gatehouse/login", data={"username": "roy", "password": "roy"}, headers=spoofed)
    assert form.headers["Location"] == "/gatehouse/account"


@pytest.mark.parametrize("target", [
    "/public/..%2fmembers/page.html", "/gatehouse/login/../../members/page.html", "/x/%2e%2e/members/page.html",
    "//members/page.html", "/%6dembers/page.html", "/members%2fpage.html", "/members/page.html?/gatehouse/login",
    "/members/page.html#/gatehouse/login", "http://localhost/members/page.html", "/members/./page.html",
    "/gatehouse/assets/%2e%2e/%2e%2e/members/page.html", "/members/page.html;/gatehouse/login.css",
])
def test_a_rule_is_tested_on_what_is_served_and_not_on_the_raw_address(guarded, target):
    assert_closed(get(guarded.site, target))
    # The program behind nginx judges by the demand alone, whatever address its visitor has asked for.
    assert_closed(get(guarded.site, target, "X-Original-URI: /gatehouse/login", "X-Rewrite-URL: /"))


def test_an_address_that_nobody_can_read_lets_nobody_in(door):
    for address in ("", "unix:", "localhost", "127.0.0.1, 203.0.113.9", "127.0.0.1\0", "::1%lo", "1" * 5000, "*"):
        question = auth_request("theme=dark") + [("REMOTE_ADDR", address)]
        assert door.ask(question).status in (400, 401), address[:40]


def test_an_auth_cache_never_mixes_visitors_up(guarded, site):
    """Each asks four times at the same second, and the cache keeps an answer for a second."""
    tokens = {name: site.token(name) for name in ("roy", "admin")}
    end = time.monotonic() + 2.2
    while time.monotonic() < end:
        for name, token in tokens.items():
            for path, allowed in (("/cached/page.html", True), ("/cached-role/page.html", name == "admin")):
                answer = guarded.site.send("GET", path, headers=cookie(token))
                assert (SECRET in answer.text) == allowed, (name, path)
        for stranger in ({}, cookie("A" * 43), cookie(tokens["admin"][:-1] + "_"), cookie(tokens["roy"], "Gatehouse")):
            assert guarded.site.send("GET", "/cached/page.html", headers=stranger).status_code == 401
