"""The account page where passwords can be changed."""
import time

import pytest

from browser import Browser
from guarded import cookie
from instance import Instance
from pages_site import PagesSite
from test_account_page import count_requests, reload, requests
from waiting import allow, eventually

UPDATE = "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash"


@pytest.fixture(autouse=True)
def reader(stack):
    """A user of this test alone: without sessions from before."""
    stack.database.run("DELETE FROM session WHERE username = 'reader'; DELETE FROM user WHERE username = 'reader'")
    stack.add_user("reader", "reader")


@pytest.fixture
def writer(stack, port):
    """A browser at the account page of a site where passwords can be changed."""
    stack.database.run("GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost'")
    with Instance(stack, "writing", {"user": {"update_query": UPDATE}}) as writing, \
            PagesSite(stack, port + 60, writing.place) as place, Browser(place.site.base) as browser:
        browser.site = place.site
        browser.open("/gatehouse/account")
        browser.log_in("reader", "reader")
        browser.shown("#change")
        yield browser
        assert browser.complaints() == []


def type_passwords(browser, current, fresh):
    for field, text in (("current", current), ("new", fresh)):
        browser.find(f"#{field}").clear()
        browser.find(f"#{field}").send_keys(text)


def test_the_hint_speaks_of_the_password(writer):
    assert writer.find("#sessions .small").text == "Don’t recognise one? Log it out, then change your password."


def test_a_password_is_changed(writer):
    for current, fresh, said in (("wrong", "a long new one", "wrong"), ("", "a long new one", "no-current"),
                                 ("reader", "short", "short"), ("reader", "password1", "common"),
                                 ("reader", "a long new one", "changed")):
        type_passwords(writer, current, fresh)
        writer.find("#change [type=submit]").click()
        writer.said(said)
    assert writer.site.login("reader", "a long new one").status_code == 200
    assert writer.site.login("reader", "reader").status_code == 400


def test_two_clicks_change_the_password_once_and_say_so(writer):
    type_passwords(writer, "reader", "a long new one")
    x, y = writer.middle_of(writer.find("#change [type=submit]"))
    count_requests(writer)
    writer.click_at(x, y, times=2)
    assert writer.said("changed") == "Your password is changed. Your other devices are logged out."
    time.sleep(0.5)
    writer.said("changed")
    assert requests(writer) == ["POST /gatehouse/password"]
    assert writer.site.login("reader", "a long new one").status_code == 200


def test_the_newest_notice_replaces_the_one_before(writer):
    """That of the log-out of all others stood above it for good."""
    writer.site.token("reader")
    writer.open("/gatehouse/account")
    writer.shown("#others").click()
    writer.shown("#yes").click()
    writer.said("others-out")
    type_passwords(writer, "reader", "a long new one")
    writer.find("#change [type=submit]").click()
    writer.said("changed")


def test_what_was_typed_stays_when_the_session_is_over(writer):
    type_passwords(writer, "reader", "a long new one")
    elsewhere = writer.site.token("reader")
    writer.site.send("DELETE", "/sessions", headers=cookie(elsewhere))
    writer.find("#change [type=submit]").click()
    assert writer.shown("#over").text.startswith("Your session is over.") and writer.is_in_view(writer.find("#over"))
    assert writer.find("#new").get_attribute("value") == "a long new one"
    assert writer.find("#new").get_attribute("readonly") and not writer.all("#user")


@pytest.mark.parametrize("size", [(390, 844), (1280, 900)])
@pytest.mark.parametrize("press", ["a row", "all others", "the form"])
def test_that_a_session_is_over_is_said_at_the_button_that_was_pressed(writer, press, size):
    writer.look(*size)
    tokens = [writer.site.token("reader") for _ in range(7)]
    reload(writer, 8)
    type_passwords(writer, "reader", "a long new one")
    button = {"a row": writer.all("#sessions li button")[5], "all others": writer.find("#others"),
              "the form": writer.find("#change [type=submit]")}[press]
    if press == "all others":
        button.click()
    writer.site.send("DELETE", "/sessions", headers=cookie(tokens[0]))
    (writer.shown("#yes") if press == "all others" else button).click()
    over = writer.shown("#over")
    assert writer.is_in_view(over) and writer.focused() == over
    below = over.location["y"] - button.location["y"] - button.size["height"]
    assert 0 <= below < 40
    over.find_element("css selector", "a.button").click()
    writer.arrives("/gatehouse/login?next=/gatehouse/account")


def paste(browser, field, text):
    """As from a clipboard, which maxlength cuts without a word."""
    browser.find(field).clear()
    browser.find(field).click()
    browser.driver.execute_cdp_cmd("Input.insertText", {"text": text})


@pytest.mark.parametrize("current, fresh, field, said", [
    (1025, 20, "current", "too-long"), (6, 1025, "new", "long"), (6, 20_000, "new", "long"), (20_000, 20, "current", "too-long"),
])
def test_a_password_that_is_too_long_is_refused_and_not_cut(writer, current, fresh, field, said):
    paste(writer, "#current", "reader" if current == 6 else "c" * current)
    paste(writer, "#new", "n" * fresh)
    writer.find("#change [type=submit]").click()
    assert writer.said(said).startswith("That password is too long. It may have about 1,000 characters")
    assert writer.focused().get_attribute("id") == field and writer.is_in_view(writer.find(f"[data-said={said}]"))
    assert writer.site.login("reader", "reader").status_code == 200


@pytest.mark.parametrize("size", [(320, 568), (1280, 900)])
def test_each_message_is_where_one_looks_with_fifty_sessions(writer, size):
    for _ in range(49):  # as many as there may be by default (session.max_per_user), with this one
        writer.site.token("reader")
    writer.look(*size)
    reload(writer, 8)
    assert writer.shown("#more summary").text == "Show 42 more"
    writer.find("#more summary").click()
    assert len(writer.all("#sessions li")) == 50
    for current, fresh, said, field in (("wrong", "a long new one", "wrong", "current"),
                                        ("", "a long new one", "no-current", "current"),
                                        ("reader", "short", "short", "new"), ("reader", "", "short", "new"),
                                        ("reader", "password1", "common", "new")):
        type_passwords(writer, current, fresh)
        writer.find("#change [type=submit]").click()
        writer.said(said)
        message = writer.shown(f"[data-said={said}]")
        assert writer.is_in_view(message), said
        eventually(lambda field=field: writer.focused().get_attribute("id") == field, allow(2), what=said)
        marked = writer.find(f"#{field}")
        assert marked.get_attribute("aria-invalid") == "true"
        assert f"{field}-said" in marked.get_attribute("aria-describedby")
        assert writer.driver.title == "Error: Your account"
    type_passwords(writer, "reader", "a long new one")
    writer.find("#change [type=submit]").click()
    writer.said("changed")
    assert writer.is_in_view(writer.find("[data-said=changed]"))
    assert writer.focused().get_attribute("data-said") == "changed"
    assert len(writer.all("#sessions .ended")) == 49


def test_the_page_names_the_length_that_the_site_wants(stack, port):
    stack.database.run("GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost'")
    settings = {"user": {"update_query": UPDATE}, "password": {"min_length": 12}}
    with Instance(stack, "longer", settings) as longer, PagesSite(stack, port + 60, longer.place) as place:
        page = place.site.send("GET", "/gatehouse/account", headers=cookie(place.site.token("reader"))).text
    assert page.count('<span class="minimum">12</span>') == 2 and 'minlength="12"' in page
