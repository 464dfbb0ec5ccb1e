"""The way back after a login: whole up to what nginx accepts, else to the path without its query."""
import socket
from urllib.parse import urlsplit

import pytest

from browser import Browser

PAGE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
LONGEST = 8136  # so long that each address of the login page fits into a request line of nginx's 8 KiB


def way(length, path="/members/list"):
    begin = path + "?q="
    return begin + "x" * (length - len(begin))


def walk(site, target, password="roy"):
    """From a protected page to the login and on: where a browser ends."""
    answer = site.send("GET", target, headers=PAGE)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert site.send("GET", page).status_code == 200, len(page)
    answer = site.send("POST", page, data={"username": "roy", "password": password})
    assert answer.status_code == 303, answer.status_code
    return answer.headers["Location"]


@pytest.fixture
def door(guarded):
    return guarded.site


@pytest.mark.parametrize("length", [100, 2048, 2049, 4096, 8000, LONGEST])
def test_it_comes_back_whole(door, length):
    assert walk(door, way(length)) == way(length)


@pytest.mark.parametrize("length", [LONGEST, LONGEST - 18])
def test_it_is_still_there_after_a_wrong_password(door, length):
    back = walk(door, way(length), password="wrong")
    assert back == "/gatehouse/login?error=password&next=" + way(length)
    assert door.send("GET", back).status_code == 200
    answer = door.send("POST", back, data={"username": "", "password": ""})
    assert answer.headers["Location"] == "/gatehouse/login?error=credentials&next=" + way(length)
    assert door.send("GET", answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("length", [LONGEST + 1, 8155, 8156, 8170])
def test_what_is_too_long_leads_back_to_the_path(door, length):
    assert walk(door, way(length)) == "/members/list"


def test_a_path_that_is_too_long_leads_to_the_account_page(door):
    assert walk(door, "/members/" + "x" * 8150) == "/gatehouse/account"


def test_a_script_is_told_the_whole_way_too(door):
    answer = door.send("POST", "/gatehouse/login?next=" + way(8000), json={"username": "roy", "password": "roy"})
    assert (answer.status_code, answer.headers["Gatehouse-Next"]) == (200, way(8000))


def test_a_password_that_is_asked_for_again_leads_back_whole(door):
    page = door.send("GET", way(LONGEST, "/cached-role/list"), headers=PAGE).headers["Location"]
    assert page.endswith(way(LONGEST, "/cached-role/list"))
    reauth = "/gatehouse/login?notice=reauth&next=" + way(LONGEST)
    assert door.send("GET", reauth).status_code == 200
    answer = door.send("POST", reauth, data={"username": "roy", "password": "roy"})
    assert answer.headers["Location"] == way(LONGEST)


@pytest.mark.parametrize("query", [r"path=C:\temp\new", r"\\server\share", "a=b|c^d`e{f}", r"x=\"[1]"])
def test_a_query_as_browsers_send_it_comes_back(stack, query):
    """Raw backslashes stay as they are in a query."""
    with Browser(stack.env["URL"], javascript=False) as browser:
        browser.open("/demo/?" + query)
        asked = browser.path.partition("next=")[2]
        browser.log_in()
        browser.arrives(asked)
        assert asked.startswith("/demo/?")


def test_a_backslash_in_the_path_still_leads_nowhere_else(door):
    for target in (r"/\evil.example", r"/members\..\..\evil", "/%5cevil.example/?x"):
        answer = door.send("POST", "/gatehouse/login?next=" + target, data={"username": "roy", "password": "roy"})
        assert answer.headers["Location"] == "/gatehouse/account", target


@pytest.mark.parametrize("query", ["q=<b>", 'q="quoted"', "q=ä", "q=a%0Ab<", "q=\x80"])
def test_a_query_that_no_header_can_carry_leads_back_to_the_path(door, query):
    head = (f"POST /gatehouse/login?next=/members/list?{query} HTTP/1.0\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n")
    body = "username=roy&password=roy"
    parts = urlsplit(door.base)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as peer:
        peer.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("latin-1"))
        answer = b""
        while more := peer.recv(65536):
            answer += more
    assert b"\r\nLocation: /members/list\r\n" in answer
