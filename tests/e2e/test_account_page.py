"""The account page and the one for 403, in a real browser."""
import time

import pytest

from browser import Browser
from guarded import cookie
from instance import Instance
from pages_site import PagesSite
from test_login_page import visitor
from waiting import allow, eventually

IDLE = 10  # the shortest that there is
UPDATE = "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash"


@pytest.fixture
def browser(stack):
    """Logged in, at the account page."""
    with visitor(stack) as browser:
        browser.open("/gatehouse/account")
        browser.log_in("reader", "reader")
        browser.arrives("/gatehouse/account")
        browser.shown("#sessions li")
        yield browser


@pytest.fixture(autouse=True)
def reader(stack):
    """A user of this test alone: without sessions from before."""
    stack.database.run("DELETE FROM session WHERE username = 'reader'; DELETE FROM user WHERE username = 'reader'")
    stack.add_user("reader", "reader")


def alive(site, token):
    return site.send("GET", "/", headers=cookie(token)).status_code == 200


def test_it_says_who_is_there_and_lists_their_sessions(browser):
    assert browser.find("#user").text == "reader"
    [row] = browser.all("#sessions li")
    assert "this browser" in row.text and "Chrome, Linux" in row.text and "127.0.0.1" in row.text
    assert not browser.all("#sessions li button")


def test_a_session_on_another_device_is_ended_from_here(browser, site):
    elsewhere = site.token("reader")
    browser.driver.refresh()
    eventually(lambda: len(browser.all("#sessions li")) == 2, allow(5))
    browser.shown("#sessions li button").click()
    assert browser.said("ended") == "The session has ended."
    assert len(browser.all("#sessions li")) == 1
    assert not alive(site, elsewhere)


def test_log_out_leads_to_the_login_page(browser, site):
    token = browser.driver.get_cookie("gatehouse")["value"]
    browser.shown("#logout button").click()
    browser.arrives("/gatehouse/login?notice=logged-out")
    assert browser.said("logged-out") == "You are logged out."
    assert browser.driver.get_cookie("gatehouse") is None
    assert not alive(site, token)
    browser.open("/gatehouse/account")
    browser.arrives("/gatehouse/login?next=/gatehouse/account")


def test_log_out_works_without_a_script(stack):
    with visitor(stack, javascript=False) as browser:
        browser.open("/gatehouse/account")
        browser.log_in()
        browser.arrives("/gatehouse/account")
        assert browser.shown("noscript p").text
        browser.find("#logout button").click()
        browser.arrives("/gatehouse/login?notice=logged-out")


def test_log_out_everywhere_ends_all_sessions(browser, site):
    elsewhere = [site.token("reader") for _ in range(3)]
    here = browser.driver.get_cookie("gatehouse")["value"]
    browser.shown("#everywhere").click()
    browser.arrives("/gatehouse/login?notice=logged-out")
    assert not any(alive(site, token) for token in [here, *elsewhere])


def test_a_session_that_ends_while_the_page_is_open_is_told(browser, site):
    elsewhere = site.token("reader")
    site.send("DELETE", "/sessions", headers=cookie(elsewhere))
    browser.shown("#everywhere").click()
    assert browser.said("over").startswith("Your session has ended.")
    assert not browser.all("#sessions") and not browser.all("#logout")
    browser.find("[data-said=over] a").click()
    browser.log_in("reader", "reader")
    browser.arrives("/gatehouse/account")


@pytest.mark.waits
def test_a_session_that_expires_while_the_page_is_open_is_told(stack, port):
    with Instance(stack, "brief", {"session": {"idle_timeout": f"{IDLE}s"}}) as brief, \
            PagesSite(stack, port + 60, brief.place) as place, Browser(place.site.base) as browser:
        browser.open("/gatehouse/account")
        browser.log_in()
        browser.shown("#sessions li")
        browser.shown("#change, #everywhere")
        time.sleep(IDLE + 1)  # any look whether it is over would be a use
        browser.find("#everywhere").click()
        assert browser.said("over").startswith("Your session has ended.")


def test_where_passwords_cannot_be_changed_nothing_offers_it(browser):
    assert browser.driver.execute_script("return document.getElementById('change').hidden")


def test_a_password_is_changed(stack, port):
    stack.database.run("GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost'")
    with Instance(stack, "writing", {"user": {"update_query": UPDATE}}) as writing, \
            PagesSite(stack, port + 60, writing.place) as place, Browser(place.site.base) as browser:
        browser.open("/gatehouse/account")
        browser.log_in("reader", "reader")
        browser.shown("#change")
        for current, fresh, said in (("wrong", "a long new one", "wrong"), ("reader", "short", "short"),
                                     ("reader", "password1", "common"), ("reader", "a long new one", "changed")):
            for field, text in (("current", current), ("new", fresh)):
                browser.find(f"#{field}").clear()
                browser.find(f"#{field}").send_keys(text)
            browser.find("#change [type=submit]").click()
            browser.said(said)
        assert place.site.login("reader", "a long new one").status_code == 200
        assert place.site.login("reader", "reader").status_code == 400


def test_a_name_with_markup_is_text(stack):
    name = "<b id=x>\"bold\"</b>"
    stack.add_user(name, "x")
    with visitor(stack) as browser:
        browser.open("/gatehouse/account")
        browser.log_in(name, "x")
        assert browser.shown("#user").text == name
        assert not browser.all("#x")


def test_it_speaks_german(stack):
    with visitor(stack, language="de") as browser:
        browser.open("/demo/admin/")
        browser.log_in()
        browser.arrives("/demo/admin/")
        assert browser.find("h1").text == "Kein Zutritt"
        browser.find("a[href='/gatehouse/account']").click()
        assert browser.shown("h1").text == "Ihr Konto"
        assert "dieser Browser" in browser.shown("#sessions li").text
