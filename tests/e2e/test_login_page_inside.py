"""The login page for those who are logged in: asked for their password once more, told who they are, and gone."""
import pytest

from browser import Browser
from guarded import cookie
from test_login_page import WAY, visitor
from waiting import allow, eventually


@pytest.fixture
def browser(stack):
    with visitor(stack) as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either(request, stack):
    with visitor(stack, javascript=request.param) as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def asked_again(request, guarded):
    """Who is logged in, with and without the box ticked, and asked for the password once more."""
    with Browser(guarded.site.base, javascript=request.param) as browser:
        def begin(kept):
            browser.open("/gatehouse/login?next=/fresh/page.html?a=1")
            browser.type_login()
            if kept:
                browser.find("#remember").click()
            browser.find("#login [type=submit]").click()
            browser.arrives("/fresh/page.html?a=1")
            token = cookie(browser.driver.get_cookie("gatehouse")["value"])
            eventually(lambda: guarded.site.send("GET", "/fresh/page.html", headers=token).status_code == 401, allow(5))
            browser.driver.refresh()
            browser.arrives("/gatehouse/login?notice=reauth&next=/fresh/page.html?a=1")
        browser.begin = begin
        yield browser
        assert browser.complaints() == []


def asks_for_the_password_alone(browser):
    assert browser.find("h1").text == "Confirm your password"
    name = browser.find("#username")
    assert (name.get_attribute("value"), name.get_attribute("readonly")) == ("roy", "true")
    assert browser.focused().get_attribute("id") == "password"
    assert browser.all("#remember") == [] and browser.find("#login [type=submit]").text == "Continue"


def test_a_password_that_is_asked_for_again_is_told_why(asked_again):
    asked_again.begin(kept=False)
    assert asked_again.said("reauth") == "Please confirm your password to continue."
    assert asked_again.driver.title == "Confirm your password"
    asks_for_the_password_alone(asked_again)
    assert asked_again.find("#login a").text == "Not roy?"
    assert asked_again.find("#login a").get_attribute("href").endswith(
        "/gatehouse/login?notice=other&next=/fresh/page.html?a=1")
    asked_again.log_in(password="wrong")
    assert asked_again.said("password") == "Your current password is incorrect."
    assert not asked_again.find("#username").get_attribute("aria-invalid")
    assert asked_again.find("#password").get_attribute("aria-invalid") == "true"
    asks_for_the_password_alone(asked_again)
    asked_again.find("nav a[hreflang=de]").click()
    assert asked_again.shown("h1").text == "Passwort bestätigen"
    asked_again.log_in()
    asked_again.arrives("/fresh/page.html?a=1")


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "until the browser ends"])
def test_confirming_the_password_changes_neither_how_long_a_login_lasts_nor_whose_it_is(asked_again, kept):
    asked_again.begin(kept)
    asked_again.log_in()
    asked_again.arrives("/fresh/page.html?a=1")
    assert ("expiry" in asked_again.driver.get_cookie("gatehouse")) == kept


def test_who_is_logged_in_already_is_told_and_may_go_on(either):
    either.open("/gatehouse/login")
    either.log_in()
    either.arrives("/gatehouse/account")
    either.open("/gatehouse/login?next=" + WAY)
    assert either.shown("#inside p").text == "You’re logged in as roy."
    either.find("#inside a").click()
    either.arrives(WAY)
    either.open("/gatehouse/login?next=/demo/")
    either.shown("#inside button").click()
    either.is_logged_out("/demo/")
    assert not either.all("#inside")


def test_the_way_back_is_still_there_for_somebody_else_who_logs_in_after_a_logout(either):
    either.open("/demo/admin/?a=1&b=2")
    either.log_in()
    either.arrives("/demo/admin/?a=1&b=2")
    either.open("/gatehouse/login?next=/demo/admin/?a=1&b=2")
    either.shown("#inside button").click()
    either.is_logged_out("/demo/admin/?a=1&b=2")
    either.log_in("admin", "admin")
    either.arrives("/demo/admin/?a=1&b=2")
    assert either.find("h1").text == "For admins"


def test_what_was_said_once_is_not_said_again(browser, site):
    """Neither by a reload, nor by the way back of a login that comes later."""
    browser.open("/gatehouse/login?notice=logged-out&next=/demo/?notice=x")
    browser.said("logged-out")
    browser.driver.refresh()
    browser.arrives("/gatehouse/login?next=/demo/?notice=x")
    assert browser.all("[data-said]") == []
    for said in ("notice=changed", "notice=changed&devices", "devices&notice=others-out", "error=away"):
        answer = site.send("GET", "/gatehouse/account?" + said, headers={"Accept": "text/html"})
        assert answer.headers["Location"] == "/gatehouse/login?next=/gatehouse/account"


@pytest.mark.parametrize("part", ["", "admin/", "fresh/", "php/", "app/"])
def test_going_back_after_a_logout_shows_nothing_of_a_protected_page(browser, part):
    """Chromium keeps whole pages for its Back; only no-store keeps it from that."""
    browser.open("/demo/" + part)
    browser.log_in("admin", "admin")
    browser.arrives("/demo/" + part)
    browser.open("/gatehouse/account")
    browser.shown("#logout button").click()
    browser.is_logged_out()
    browser.driver.back()
    browser.arrives("/gatehouse/login?next=/demo/" + part)
    browser.shown("#login")


def test_what_a_page_takes_in_stays_in_the_browser_and_with_nobody_else(site):
    inside = cookie(site.token())
    for headers, keeps in (({"Sec-Fetch-Mode": "navigate"}, "private, no-store"), ({"Accept": "text/html"}, "private, no-store"),
                           ({"Sec-Fetch-Mode": "no-cors", "Accept": "text/css"}, "private, no-cache")):
        answer = site.send("GET", "/demo/", headers={**inside, **headers})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, keeps)
