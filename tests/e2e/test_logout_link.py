"""A link to /gatehouse/logout: who it logs out, whom it asks, and where it leads."""
import pytest

from browser import Browser
from front import Front, server
from guarded import cookie
from test_cross_site import DEVELOPMENT_ORIGINS
from visitor import LOGGED_OUT

LISTED = DEVELOPMENT_ORIGINS[1]
LINK = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OLD_LINK = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NOTICE = "/gatehouse/login?notice=logged-out"
LOGOUT = "/gatehouse/logout"


@pytest.fixture
def token(site):
    return site.token()


def follow(site, token, headers, path=LOGOUT, **how):
    answer = site.send("GET", path, headers={**cookie(token), **headers}, **how)
    return answer.status_code, answer.headers.get("Location")


@pytest.mark.parametrize("headers", [
    {**LINK, "Sec-Fetch-Site": "none"},
    {**LINK, "Sec-Fetch-Site": "same-origin", "Referer": "{own}/page"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED + "/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED + "/settings?a=1#x"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED},
    {**OLD_LINK, "Referer": LISTED + "/"},
    {**OLD_LINK, "Referer": "{own}/page"},
], ids=str)
def test_a_link_of_ours_or_of_a_listed_origin_logs_out_and_leads_to_the_notice(site, token, headers):
    headers = {name: value.replace("{own}", site.base) for name, value in headers.items()}
    assert follow(site, token, headers) == (303, NOTICE)
    assert site.home(token).status_code == 401


@pytest.mark.parametrize("headers", [
    {**LINK, "Sec-Fetch-Site": "same-site"},
    {**LINK, "Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": "http://localhost:4201/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED + ".evil.example/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED + "@evil.example/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": "https://evil.example/?" + LISTED + "/"},
    {**LINK, "Sec-Fetch-Site": "same-site", "Referer": "https://localhost:4200/"},
    OLD_LINK,
    {**OLD_LINK, "Referer": "https://evil.example/"},
], ids=str)
def test_a_link_from_elsewhere_is_asked_about_and_ends_nothing(site, token, headers):
    assert follow(site, token, headers) == (303, "/gatehouse/confirm-logout")
    assert follow(site, token, headers, LOGOUT + "?next=/demo/?a=1&b=2") == (
        303, "/gatehouse/confirm-logout?next=/demo/?a=1&b=2")
    assert site.home(token).status_code == 200


def test_an_origin_beside_a_listed_referer_is_what_counts(site, token):
    headers = {**LINK, "Sec-Fetch-Site": "same-site", "Referer": LISTED + "/", "Origin": "https://evil.example"}
    assert follow(site, token, headers) == (303, "/gatehouse/confirm-logout")
    assert site.home(token).status_code == 200


@pytest.mark.parametrize("headers", [
    {**LINK, "Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch"},
    {**LINK, "Sec-Fetch-Site": "same-origin", "Sec-Purpose": "prefetch;prerender"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "no-cors", "Purpose": "prefetch"},
    {**OLD_LINK, "Referer": "{own}/", "X-Moz": "prefetch"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"},
    {"Referer": "{own}/", "Accept": "image/avif,image/webp,*/*;q=0.8"},
], ids=str)
def test_what_nobody_clicked_on_ends_nothing(site, token, headers):
    headers = {name: value.replace("{own}", site.base) for name, value in headers.items()}
    answer = site.send("GET", LOGOUT, headers={**cookie(token), **headers})
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers
    assert site.home(token).status_code == 200


def test_it_leads_to_next_on_this_site_alone(site):
    headers = {**LINK, "Sec-Fetch-Site": "none"}
    assert follow(site, site.token(), headers, LOGOUT + "?next=/bye?a=1&b=2") == (303, "/bye?a=1&b=2")
    assert follow(site, site.token(), headers, LOGOUT + "?next=//evil.example") == (303, NOTICE)
    assert follow(site, site.token(), headers, "/logout") == (303, NOTICE)  # the tutorial's mount


def test_a_script_still_gets_json(site, token):
    answer = site.send("GET", LOGOUT, headers={**cookie(token), "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty",
                                               "Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.json()) == (200, LOGGED_OUT)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language, question", [("en", "Log out?"), ("de", "Abmelden?")])
def test_the_page_that_asks_logs_out_at_a_click(stack, site, token, javascript, language, question):
    page = site.send("GET", "/gatehouse/confirm-logout", headers={"Accept-Language": language})
    assert page.status_code == 200 and page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Content-Language"] == language
    assert question in page.text
    with Browser(stack.env["URL"], javascript=javascript) as browser:
        browser.open("/gatehouse/login")
        browser.log_in()
        browser.arrives("/gatehouse/account")
        own = browser.driver.get_cookie("gatehouse")["value"]
        browser.open("/gatehouse/confirm-logout?next=/demo/?a=1&b=2")
        assert site.home(own).status_code == 200
        browser.find("button[type=submit]").click()
        browser.arrives("/gatehouse/login?next=/demo/?a=1&b=2")  # it is protected
        assert site.home(own).status_code == 401
        assert browser.complaints() == []


def test_a_real_link_in_a_page_of_ours(stack, site, port):
    """No header of a test's own: what Chromium sends."""
    page = ('<a href="/gatehouse/logout">out</a><img src="/gatehouse/logout">'
            '<link rel="prefetch" href="/gatehouse/logout">')
    servers = server("localhost", f"location = /app.html {{ default_type text/html; return 200 '{page}'; }}")
    with Front(stack, port + 47, servers, name="link") as front, Browser(f"http://localhost:{port + 47}") as browser:
        browser.open("/gatehouse/login")
        browser.log_in()
        browser.arrives("/gatehouse/account")
        own = browser.driver.get_cookie("gatehouse")["value"]
        browser.open("/app.html")
        assert site.home(own).status_code == 200
        browser.find("a").click()
        browser.is_logged_out()
        assert site.home(own).status_code == 401
        assert front.nginx.running
