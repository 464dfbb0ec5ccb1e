"""Protected locations of each kind: who comes in, who does not, and what they are told."""
import re
import socket
import subprocess
from urllib.parse import urlsplit

import pytest

from guarded import SECRET, cookie
from visitor import FORBIDDEN, UNAUTHORIZED
from waiting import allow, eventually

PAGE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
MB = 1024 * 1024


@pytest.fixture
def door(guarded):
    return guarded.site


@pytest.fixture(params=["roy", "admin"])
def anyone(request, site):
    return cookie(site.token(request.param))


@pytest.fixture
def roy(site):
    return cookie(site.token("roy"))


@pytest.fixture
def admin(site):
    return cookie(site.token("admin"))


def assert_closed(answer):
    assert answer.status_code in (303, 401, 403, 500), answer.status_code
    assert SECRET not in answer.text


def test_a_member_comes_in_and_nobody_else_does(door, anyone):
    assert SECRET in door.send("GET", "/members/page.html", headers=anyone).text
    assert_closed(door.send("GET", "/members/page.html"))


def test_a_page_leads_to_the_login_page_with_the_way_back_whole(door):
    answer = door.send("GET", "/members/list?a=1&b=2%26c&next=/x#y", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/gatehouse/login?next=/members/list?a=1&b=2%26c&next=/x"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [
    PAGE, {"Accept": "text/html,application/xhtml+xml;q=0.9"}, {"Sec-Fetch-Mode": "navigate"},
], ids=str)
def test_what_asks_for_a_page_is_led_to_the_login_page(door, headers):
    assert door.send("GET", "/members/page.html", headers=headers).status_code == 303


@pytest.mark.parametrize("headers", [
    {}, {"Accept": "application/json"}, {"Accept": "*/*"}, {"Sec-Fetch-Mode": "cors", "Accept": "text/html"},
    {"Sec-Fetch-Mode": "no-cors", "Accept": "image/avif,*/*"}, {"Sec-Fetch-Mode": "same-origin"},
], ids=str)
def test_what_asks_for_data_gets_401_in_json(door, headers):
    answer = door.send("GET", "/members/page.html", headers=headers)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert answer.headers["Gatehouse-Reason"] == "no-session"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_cannot_be_asked_for_again_carries_no_way_back(door, method):
    answer = door.send(method, "/members/page.html?a=1", headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/login?next=")


def test_one_of_the_roles_is_enough_and_none_is_not(door, roy, admin):
    assert SECRET in door.send("GET", "/role/page.html", headers=admin).text
    answer = door.send("GET", "/role/page.html", headers=roy)
    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert answer.headers["Gatehouse-Reason"] == "role"
    assert door.send("GET", "/role/page.html").status_code == 401


def test_a_page_for_another_role_is_refused_by_a_page(door, roy):
    for method in ("GET", "POST"):
        answer = door.send(method, "/role/page.html?a=1", headers={**roy, **PAGE})
        assert answer.status_code == 403
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "You don’t have access" in answer.text and SECRET not in answer.text
    assert 'href="/gatehouse/login?notice=other&next=' in answer.text


def test_a_403_of_the_sites_own_looks_as_it_ever_did(door, roy):
    answer = door.send("GET", "/members/", headers={**roy, **PAGE})  # a folder without an index
    assert answer.status_code == 403
    assert "nginx" in answer.text and "You don’t have access" not in answer.text


def test_a_fresh_password_is_asked_for_again_after_its_time(door, site, roy):
    assert SECRET in door.send("GET", "/fresh/page.html", headers=roy).text
    answer, = eventually(lambda: refused(door, roy), allow(5), what="2 s are over")
    assert answer.headers["Gatehouse-Reason"] == "reauth"
    page = door.send("GET", "/fresh/page.html?a=1", headers={**roy, **PAGE})
    assert page.headers["Location"] == "/gatehouse/login?notice=reauth&next=/fresh/page.html?a=1"
    assert door.send("GET", "/members/page.html", headers=roy).status_code == 200
    assert door.send("GET", "/fresh/page.html", headers=cookie(site.token())).status_code == 200


def refused(door, headers):
    answer = door.send("GET", "/fresh/page.html", headers=headers)
    return [answer] if answer.status_code == 401 else None


@pytest.mark.parametrize("name", ["none", "slash", "comma", "star", "time"])
def test_a_demand_that_cannot_be_read_lets_nobody_in(door, admin, name):
    for headers in ({}, admin):
        answer = door.send("GET", f"/bad/{name}/page.html", headers=headers)
        assert answer.status_code == 500
        assert SECRET not in answer.text


def test_a_nested_php_location_inherits_the_demand_and_learns_who_it_is(door, roy, admin):
    assert_closed(door.send("GET", "/php/index.php"))
    assert_closed(door.send("GET", "/php/index.php", headers=roy))
    answer = door.send("GET", "/php/index.php/some/path?x=1", headers=admin)
    assert answer.headers["X-Own"] == "nested"
    told = answer.json()
    assert (told["REMOTE_USER"], told["REMOTE_GROUPS"]) == ("admin", "admin")
    assert told["PATH_INFO"] == "/some/path"


def test_a_nested_location_with_an_error_page_of_its_own_stays_closed(door):
    answer = door.send("GET", "/php/pages/page.html", headers=PAGE)
    assert (answer.status_code, answer.text) == (401, "the site's own page")


def test_a_front_controller_is_protected_and_so_is_what_it_serves(door, roy):
    for path in ("/front/", "/front/some/route?q=1", "/front/page.html", "/front/index.php"):
        assert_closed(door.send("GET", path))
    assert SECRET in door.send("GET", "/front/page.html", headers=roy).text
    told = door.send("GET", "/front/some/route", headers=roy).json()
    assert (told["REMOTE_USER"], told["QUERY_STRING"]) == ("roy", "path=/front/some/route")


def test_a_proxied_application_learns_who_it_is(door, anyone):
    headers = door.send("GET", "/app/x", headers=anyone).text.splitlines()
    name = re.search(r"Remote-User: (\w+)", "\n".join(headers))[1]
    assert ("Remote-Groups: admin" in headers) == (name == "admin")
    assert any(line.startswith("Remote-Id: ") for line in headers)


def test_head_and_ranges_of_a_protected_file_are_as_without_protection(door, roy):
    whole = door.send("GET", "/members/page.html", headers=roy)
    head = door.send("HEAD", "/members/page.html", headers=roy)
    assert (head.status_code, head.text, head.headers["Content-Length"]) == (
        200, "", str(len(whole.content)))
    part = door.send("GET", "/members/page.html", headers={**roy, "Range": "bytes=7-10"})
    assert (part.status_code, part.content) == (206, whole.content[7:11])
    again = door.send("GET", "/members/page.html",
                      headers={**roy, "If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    for method, headers in (("HEAD", {}), ("GET", {"Range": "bytes=7-10"}),
                            ("GET", {"If-None-Match": whole.headers["ETag"]}),
                            ("GET", {"If-Modified-Since": whole.headers["Last-Modified"]})):
        assert_closed(door.send(method, "/members/page.html", headers=headers))


@pytest.mark.parametrize("path", ["/app/upload", "/php/index.php"])
def test_an_upload_of_100_mb_comes_through(door, admin, path):
    answer = door.send("POST", path, headers=admin, data=bytes(100 * MB))
    assert answer.status_code == 200
    assert str(100 * MB) in answer.text


def test_an_upload_is_refused_before_the_application_sees_it(door, roy):
    answer = door.send("POST", "/app/upload", data=bytes(4 * MB))
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert door.send("POST", "/small/x", headers=roy, data=bytes(2048)).status_code == 413


def web_socket(door, headers):
    """The bytes that come back for one short frame."""
    parts = urlsplit(door.base)
    lines = ["GET /app/socket HTTP/1.1", f"Host: {parts.netloc}", "Upgrade: websocket",
             "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
             *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection((parts.hostname, parts.port), timeout=allow(10)) as peer:
        peer.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        answer = peer.recv(65536)
        if not answer.startswith(b"HTTP/1.1 101"):
            return answer
        peer.sendall(b"\x81\x85\0\0\0\0hello")
        while b"hello" not in answer and (more := peer.recv(65536)):
            answer += more
        return answer


def test_a_web_socket_opens_for_a_member_alone(door, roy):
    answer = web_socket(door, roy)
    assert answer.startswith(b"HTTP/1.1 101")
    assert answer.endswith(b"\x81\x05hello")
    assert web_socket(door, {}).startswith(b"HTTP/1.1 401")


def test_http_2_is_judged_like_http_1(stack, tls_site):
    def ask(*arguments):
        command = ["curl", "-s", "--http2", "--cacert", tls_site.certificate, "-w", "%{http_version} %{http_code}",
                   "-o", "/dev/null", *arguments, tls_site.base + "/demo/"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert ask() == "2 401"
    assert ask("-b", f"__Host-gatehouse={tls_site.token()}") == "2 200"
    # Cookies in several header fields, as HTTP/2 sends them.
    assert ask("-H", "Cookie: a=b", "-H", f"Cookie: __Host-gatehouse={tls_site.token()}") == "2 200"


def test_a_whole_server_is_protected_but_for_the_way_in(guarded, roy):
    whole = guarded.whole
    for path in ("/page.html", "/members/page.html", "/index.php", "/nothing", "/gatehouse/account", "/"):
        answer = whole.send("GET", path, headers=PAGE)
        assert (answer.status_code, SECRET in answer.text) == (303, False), path
    for path in ("/gatehouse/login", "/gatehouse/assets/style.css", "/gatehouse/assets/pages.js"):
        assert whole.send("GET", path).status_code == 200, path
    login = {"username": "roy", "password": "roy"}
    assert whole.send("POST", "/gatehouse/login", json=login).status_code == 200
    assert whole.send("GET", "/page.html").json() == UNAUTHORIZED
    assert whole.send("GET", "/members/", headers=roy).status_code == 403  # a folder without an index
    assert SECRET in whole.send("GET", "/page.html", headers=roy).text
    assert whole.send("GET", "/index.php", headers=roy).json()["REMOTE_USER"] == "roy"
