"""Attempts to get into protected locations, or to be somebody else there."""
import base64

import pytest

from guarded import SECRET, cookie
from instance import Instance
from raw_http import assert_closed, get, status_of
from waiting import allow

SPELLINGS = ["Remote-User", "remote-user", "REMOTE_USER", "Remote_User", "remote_user", "Remote-user",
             "REMOTE-USER"]
BASIC = "Basic " + base64.b64encode(b"admin:admin").decode()


@pytest.fixture
def door(guarded):
    return guarded.site


@pytest.fixture
def token(site):
    return site.token("roy")


@pytest.fixture
def roy(token):
    return cookie(token)


@pytest.fixture
def admin(site):
    return cookie(site.token("admin"))


# Identity.

@pytest.mark.parametrize("name", SPELLINGS)
def test_a_spoofed_identity_header_opens_nothing(door, name):
    assert_closed(get(door, "/members/page.html", f"{name}: admin", "Remote-Groups: admin"))


@pytest.mark.parametrize("name", SPELLINGS + ["Remote-Groups", "Remote_Groups", "Remote-Id", "remote_id"])
def test_a_spoofed_identity_header_reaches_no_proxied_application(door, token, name):
    for path in ("/app/x", "/app/own/x"):
        answer = get(door, path, f"Cookie: gatehouse={token}", f"{name}: spoofed")
        assert status_of(answer) == 200
        assert "spoofed" not in answer, answer
        assert "Remote-User: roy" in answer


@pytest.mark.parametrize("name", SPELLINGS + ["Remote-Groups", "Remote_Groups", "Remote-Id", "remote_id"])
def test_a_spoofed_identity_header_reaches_no_php(door, token, name):
    answer = get(door, "/front/x", f"Cookie: gatehouse={token}", f"{name}: spoofed")
    assert status_of(answer) == 200
    assert "spoofed" not in answer, answer
    assert '"REMOTE_USER":"roy"' in answer


def test_basic_credentials_are_nobody(door, roy):
    assert_closed(get(door, "/members/page.html", f"Authorization: {BASIC}"))
    told = door.send("GET", "/front/x", headers={**roy, "Authorization": BASIC}).json()
    assert (told["REMOTE_USER"], told.get("PHP_AUTH_USER"), told.get("HTTP_AUTHORIZATION", "")) == ("roy", None, "")
    assert "Authorization" not in door.send("GET", "/app/x", headers={**roy, "Authorization": BASIC}).text


def test_a_name_that_would_be_two_headers_is_refused(stack, door, site):
    stack.add_user("roy\r\nRemote-Groups: admin", "x")
    answer = site.login("roy\r\nRemote-Groups: admin", "x")
    assert answer.status_code == 200
    headers = cookie(answer.cookies[site.cookie_name])
    for path in ("/app/x", "/members/page.html", "/role/page.html"):
        answer = door.send("GET", path, headers=headers)
        assert (answer.status_code, SECRET in answer.text) == (403, False)


def test_a_name_of_another_script_arrives_as_it_is(stack, door, site):
    stack.add_user("Zoë Müller", "x")
    headers = cookie(site.token("Zoë Müller", "x"))
    assert door.send("GET", "/front/x", headers=headers).json()["REMOTE_USER"] == "Zoë Müller"
    assert "Remote-User: Zoë Müller" in door.send("GET", "/app/x", headers=headers).content.decode()


# Ways around the location.

@pytest.mark.parametrize("target", [
    "//members/page.html", "/members//page.html", "/%6dembers/page.html", "/members%2fpage.html",
    "/members/%2e/page.html", "/x/%2e%2e/members/page.html", "/members/../members/page.html",
    "/role/../members/page.html", "/gatehouse/login/../../members/page.html", "/./members/page.html",
    "/gatehouse/assets/%2e%2e/%2e%2e/members/page.html", "/members/page.html?x=/gatehouse/login",
    "/members/page.html;/gatehouse/login", "/members/page.html/gatehouse/login", "/members/page.html%00",
    "/members/page.html#/gatehouse/login", "http://localhost/members/page.html",
    "//localhost/members/page.html", "/\\members\\page.html", "/members/.//page.html",
    "/gatehouse/auth/../../members/page.html", "/MEMBERS/page.html", "/gatehouse/..%2fmembers/page.html",
])
def test_no_spelling_of_a_path_leads_around_its_location(door, target):
    assert_closed(get(door, target))


@pytest.mark.parametrize("target", [
    "/php/index.php", "/php/index.php/x", "/php/index.php/../index.php", "/php//index.php", "/php/x/..//index.php",
    "/php/page.html/x.php", "/php/index.php%2fx", "/php/%69ndex.php", "/php/own/index.php/", "/php/./index.php?x",
    "/php/own/../index.php", "/front/index.php", "/front/x.php", "/front/index.php/x",
])
def test_no_php_runs_for_a_stranger_nor_for_another_role(door, token, target):
    assert_closed(get(door, target))
    if target.startswith("/php"):
        assert_closed(get(door, target, f"Cookie: gatehouse={token}"))


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "PROPFIND", "MKCOL",
                                    "CONNECT", "TRACE", "get", "X"])
def test_no_method_gets_in(door, method):
    for path in ("/members/page.html", "/app/x", "/front/x"):
        assert_closed(get(door, path, "Content-Length: 0", method=method))


@pytest.mark.parametrize("header", [
    "X-HTTP-Method-Override: OPTIONS", "X-HTTP-Method: OPTIONS", "X-Method-Override: HEAD",
    "X-Original-URL: /gatehouse/login", "X-Rewrite-URL: /gatehouse/login", "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Prefix: /gatehouse", "X-Accel-Redirect: /members/page.html", "Gatehouse-Internal: 1",
    "GATEHOUSE_REQUIRE: *", "Gatehouse-Require: *", "Range: bytes=0-", "Expect: 100-continue",
    "If-None-Match: *", "Origin: http://localhost:4200", "Sec-Fetch-Site: same-origin",
    "Upgrade: websocket", "Transfer-Encoding: chunked", "Path-Info: /healthz", "Https: on",
])
def test_no_header_gets_in(door, token, header):
    for path in ("/members/page.html", "/role/page.html"):
        assert_closed(get(door, path, header))
    assert_closed(get(door, "/role/page.html", f"Cookie: gatehouse={token}", header))


# Cookies.

def other_token(site):
    return site.token("admin")


@pytest.mark.parametrize("make", [
    "gatehouse={t}; gatehouse={other}", "={t}", "{t}", "Gatehouse={t}", "GATEHOUSE={t}", "__Host-gatehouse={t}",
    "__host-gatehouse={t}", "__Secure-gatehouse={t}", "gatehouse ={t}x", "gatehouse=\"{t}\"", "xgatehouse={t}",
    "gatehouse[]={t}", "gatehouse%3d{t}", "gatehouse={t},x", "gatehouse={t}%00", "gatehouse:{t}", "gatehouse=; {t}",
])
def test_no_other_form_of_a_cookie_gets_in(door, site, token, make):
    line = make.format(t=token, other=other_token(site))
    assert_closed(get(door, "/members/page.html", f"Cookie: {line}"))


def test_a_genuine_cookie_among_others_counts_wherever_it_stands(door, token):
    for lines in (["Cookie: gatehouse=x; gatehouse={t}"], ["Cookie: gatehouse={t}; gatehouse={t}"],
                  ["Cookie: gatehouse=x", "Cookie: gatehouse={t}"], ["Cookie: a=b", "Cookie: gatehouse={t}"],
                  ["Cookie: gatehouse={t}; gatehouse=" + "A" * 43]):
        answer = get(door, "/members/page.html", *(line.format(t=token) for line in lines))
        assert SECRET in answer, (lines, answer[:200])


def test_two_sessions_in_two_cookie_headers_are_nobody(door, site, token):
    assert_closed(get(door, "/members/page.html", f"Cookie: gatehouse={token}",
                      f"Cookie: gatehouse={other_token(site)}"))


def test_over_tls_the_plain_cookie_is_nobody(tls_site, token):
    answer = tls_site.send("GET", "/demo/", headers=cookie(token))
    assert answer.status_code == 401
    genuine = tls_site.token()
    for name in ("gatehouse", "__host-gatehouse", "__HOST-gatehouse", "__Secure-gatehouse"):
        assert tls_site.send("GET", "/demo/", headers=cookie(genuine, name)).status_code == 401, name
    assert tls_site.send("GET", "/demo/", headers=cookie(genuine, "__Host-gatehouse")).status_code == 200


# Tokens.

def test_a_forged_token_is_nobody(door, token):
    for forged in ("A" * 43, token[:22], token[:-1], token[:22] + "A" * 21, token[:-2] + "AA", token + "A",
                   token.swapcase(), token[::-1], "*", "null", "' OR 1=1 --"):
        assert_closed(get(door, "/members/page.html", f"Cookie: gatehouse={forged}"))


def test_a_token_of_another_realm_is_nobody(stack, door):
    with Instance(stack, "other-realm", {"session": {"realm": "another"}}) as other:
        other.wait_until_serving(allow(5))
        name, _, foreign = other.login().cookie.partition("=")
    assert_closed(get(door, "/members/page.html", f"Cookie: {name}={foreign}"))


def test_a_token_of_another_key_is_nobody(stack, door):
    key = stack.dir / "another.keys"
    key.write_text("B" * 42 + "E\n")
    key.chmod(0o600)
    changes = {"session": {"key_file": str(key), "store": "memory"}}
    with Instance(stack, "other-key", changes) as other:
        other.wait_until_serving(allow(5))
        name, _, foreign = other.login().cookie.partition("=")
    assert_closed(get(door, "/members/page.html", f"Cookie: {name}={foreign}"))


def test_a_token_after_its_logout_is_nobody(door, site, token, roy):
    assert door.send("GET", "/members/page.html", headers=roy).status_code == 200
    assert site.send("POST", "/logout", headers=roy).status_code == 200
    assert_closed(get(door, "/members/page.html", f"Cookie: gatehouse={token}"))


# The auth location itself.

@pytest.mark.parametrize("target", [
    "/auth", "/api/auth", "/gatehouse/auth", "/gatehouse/auth/", "/gatehouse/auth/*", "/gatehouse/auth/admin",
    "/gatehouse/auth-cached/*", "/gatehouse//auth/*", "/gatehouse/%61uth/*", "/gatehouse/login/../auth/*",
    "/gatehouse/forbidden", "/gatehouse/assets/../forbidden",
])
def test_what_nginx_asks_is_not_there_from_outside(stack, guarded, token, target):
    for place in (stack.site(), guarded.site):
        answer = get(place, target, f"Cookie: gatehouse={token}", "GATEHOUSE_INTERNAL: 1")
        assert status_of(answer) == 404, target
        assert "Remote-User" not in answer


def test_the_pages_serve_no_file_but_their_own(stack):
    for target in ("/gatehouse/assets/../en/login.html", "/gatehouse/assets/%2e%2e/%2e%2e/mount.conf",
                   "/gatehouse/assets/..%2f..%2fmount.conf", "/gatehouse/assets/pages.js/../../../mount.conf",
                   "/gatehouse/assets/", "/gatehouse/assets/.", "/gatehouse/en/login.html", "/gatehouse/login.html"):
        assert status_of(get(stack.site(), target)) in (400, 404), target


def test_the_language_is_no_path(stack):
    for line in ("../../../etc", "de/../../../x", "..", "DE-at;q=1"):
        answer = get(stack.site(), "/gatehouse/login", f"Accept-Language: {line}")
        assert status_of(answer) == 200 and 'id="login"' in answer
