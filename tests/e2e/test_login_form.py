"""Logins by a form, without a script: where they lead, and what the page they lead from says."""
import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from browser import Browser
from guarded import cookie
from visitor import ALREADY_IN, form
from waiting import allow

VECTORS = (Path(__file__).resolve().parent.parent / "data/open-redirects.txt").read_text().splitlines()
WAY = "/demo/?a=1&b=2%26c&next=/x"


def test_a_login_by_form_is_a_login(site):
    answer = form(site, "?next=" + WAY)
    assert (answer.status_code, answer.headers["Location"]) == (303, WAY)
    headers = cookie(answer.cookies["gatehouse"])
    assert site.send("GET", "/", headers=headers).json() == ALREADY_IN
    out = site.send("POST", "/gatehouse/logout", headers={
        **headers, "Content-Type": "application/x-www-form-urlencoded"})
    assert (out.status_code, out.headers["Location"]) == (303, "/gatehouse/login?notice=logged-out")
    assert site.send("GET", "/", headers=headers).status_code == 401


def test_a_login_by_form_leads_to_the_pages_from_each_mount(any_site):
    for password, place in (("roy", "/gatehouse/account"), ("wrong", "/gatehouse/login?error=password"),
                            ("", "/gatehouse/login?error=credentials")):
        answer = any_site.send("POST", "/login", data={"username": "roy", "password": password})
        assert (answer.status_code, answer.headers["Location"]) == (303, place)
        assert (any_site.cookie_name in answer.cookies) == (password == "roy")
    for body in ("username=roy&password=roy&password=roy", "username=roy&password=%", "{}", "username=roy&password=\xff"):
        answer = any_site.send("POST", "/login", data=body.encode("latin-1"), headers={
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"})
        assert answer.headers["Location"] == "/gatehouse/login?error=credentials", body


def test_a_form_of_another_site_is_refused(site):
    for origin in ("https://evil.example", "null"):
        answer = site.send("POST", "/gatehouse/login", headers={"Origin": origin},
                           data={"username": "roy", "password": "roy"})
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers


def test_no_way_back_leads_off_the_site(stack, site):
    """The known attempts, and what a browser does with those that are but odd paths of this site."""
    stack.add_user("quick", "quick")
    with Browser(site.base) as browser:
        for target in {*VECTORS, "//evil.example", "/\\evil.example", "/%09/evil.example", "/.//evil.example"}:
            answer = form(site, "?next=" + target.replace("\t", "%09"), "quick", "quick")
            assert answer.status_code == 303, target
            location = answer.headers["Location"]
            if location == "/gatehouse/account":
                continue
            assert location.startswith("/") and not location.startswith("//"), target
            browser.open(location)
            assert browser.driver.current_url.startswith(site.base + "/"), target


def test_what_is_in_the_address_is_not_in_the_page(site):
    for query in ("?error=<script>x</script>", "?error=%3Cscript%3Ex", "?notice=\"><b>x", "?next=<script>x",
                  "?error=unheard-of"):
        page = site.send("GET", "/gatehouse/login" + query).text
        assert "<script>x" not in page and "<b>x" not in page and "unheard-of" not in page
        assert page.count("data-said") == len(re.findall('data-said="[a-z-]+" hidden>', page)), query


@pytest.mark.parametrize("way", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
                                 "/x\"onclick=", "/a<b", ""])
def test_the_way_on_of_who_is_logged_in_stays_on_the_site(site, way):
    """As raw as no browser would send it."""
    connection = http.client.HTTPConnection(urlsplit(site.base).netloc, timeout=allow(10))
    connection.request("GET", "/gatehouse/login?next=" + way, headers=cookie(site.token()))
    page = connection.getresponse().read().decode()
    assert 'class="button" href="/gatehouse/account"' in page
    assert "onclick=" not in page.replace("&quot;onclick=", "") and "/a<b" not in page


def test_a_name_in_the_login_page_is_text(stack, site):
    for name in ("<b id=x>", "Zoë & Ärger", "O'Hara", 'a"b\\c'):
        stack.add_user(name, "x")
        page = site.send("GET", "/gatehouse/login", headers=cookie(site.token(name, "x"))).text
        assert "<b id=x>" not in page
        shown = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # A name that JSON writes otherwise is left out.
        assert (f"<bdi>{shown}</bdi>" in page) == ("\\" not in name), name


def test_no_stranger_is_told_a_name(site):
    for headers in ({}, cookie("A" * 43), cookie("x")):
        assert 'id="inside"' not in site.send("GET", "/gatehouse/login", headers=headers).text
    assert site.send("GET", "/gatehouse/visitor", headers=cookie(site.token())).status_code == 404


def test_what_the_way_back_has_in_its_query_chooses_no_language(site):
    page = site.send("GET", "/gatehouse/login?next=/demo/?a=1&lang=de")
    assert page.headers["Content-Language"] == "en" and "Set-Cookie" not in page.headers
