"""The account page and the one for 403, in a real browser."""
import json
import time
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser
from guarded import cookie
from instance import Instance
from pages_site import PagesSite
from test_login_page import visitor
from waiting import allow, eventually

IDLE = 10  # the shortest that there is


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
    assert row.text.splitlines()[0] == "Chrome on Linux This device"
    assert row.text.splitlines()[1].startswith("Active now · logged in ") and "127.0.0.1" in row.text
    assert not browser.all("#sessions li button")


def test_a_session_on_another_device_is_ended_from_here(browser, site):
    elsewhere = site.token("reader")
    reload(browser, 2)
    browser.shown("#sessions li button").click()
    assert browser.shown("#sessions .ended .gone").text.startswith("Logged out")
    assert len(browser.all("#sessions li")) == 2 and not browser.all("#sessions li button")
    assert "Active" in browser.all("#sessions li")[0].text and "Active" not in browser.all("#sessions li")[1].text
    assert browser.focused().get_attribute("class") == "gone"
    assert not alive(site, elsewhere)
    reload(browser, 1)


def test_log_out_leads_to_the_login_page(browser, site):
    token = browser.driver.get_cookie("gatehouse")["value"]
    browser.shown("#logout button").click()
    browser.is_logged_out()
    assert browser.driver.get_cookie("gatehouse") is None
    assert not alive(site, token)
    browser.open("/gatehouse/account")
    browser.arrives("/gatehouse/login?next=/gatehouse/account")


def test_log_out_works_without_a_script(stack):
    with visitor(stack, javascript=False) as browser:
        browser.open("/gatehouse/account")
        browser.log_in()
        browser.arrives("/gatehouse/account")
        browser.find("#logout button").click()
        browser.is_logged_out()


def test_all_others_are_logged_out_after_a_question(browser, site):
    kept = {"username": "reader", "password": "reader", "remember": True}
    elsewhere = [site.send("POST", "/login", json=kept).cookies["gatehouse"] for _ in range(3)]
    here = browser.driver.get_cookie("gatehouse")["value"]
    reload(browser, 4)
    browser.shown("#others").click()
    assert browser.shown("#ask h2").text == "Log out all other devices?"
    browser.find("#ask .quiet").click()
    assert not browser.all("#ask") and all(alive(site, token) for token in elsewhere)
    browser.find("#others").click()
    browser.shown("#yes").click()
    assert browser.shown("#sessions [data-said=others-out]").text == "All other devices are logged out."
    assert len(browser.all("#sessions .ended")) == 3 and not browser.all("#others")
    assert not any("Active" in row.text or "kept" in row.text for row in browser.all("#sessions .ended"))
    assert not any(alive(site, token) for token in elsewhere) and alive(site, here)


def test_enter_and_enter_again_logs_nobody_else_out(browser, site):
    elsewhere = [site.token("reader") for _ in range(3)]
    reload(browser, 4)
    browser.find("#others").send_keys(Keys.ENTER)
    browser.shown("#ask")
    assert browser.focused().get_attribute("id") == "ask-title", "the question is read first, and nothing is chosen yet"
    browser.focused().send_keys(Keys.ENTER)
    browser.focused().send_keys(Keys.ESCAPE)
    assert not browser.all("#ask")
    assert all(alive(site, token) for token in elsewhere)
    browser.shown("#sessions li button").send_keys(Keys.ENTER)
    browser.shown("#sessions .ended")
    for _ in range(3):
        browser.focused().send_keys(Keys.ENTER)
    time.sleep(0.5)  # for what must not happen
    assert sum(alive(site, token) for token in elsewhere) == 2 and not browser.all("#ask")


@pytest.mark.parametrize("others, shown, folded", [(8, 9, ""), (9, 8, "Show 2 more")])
def test_one_device_alone_is_not_folded_up(browser, site, others, shown, folded):
    for _ in range(others):
        site.token("reader")
    reload(browser, shown)
    assert "".join(one.text for one in browser.all("#more summary")) == folded


@pytest.mark.parametrize("pause", [0.05, 0.15, 0.3, 0.6])
def test_two_clicks_at_one_place_end_one_device(browser, site, pause):
    elsewhere = [site.token("reader") for _ in range(7)]
    reload(browser, 8)
    x, y = browser.middle_of(browser.all("#sessions li button")[3])
    before = places(browser)
    browser.click_at(x, y, times=2, pause=pause)
    browser.shown("#sessions .ended")
    time.sleep(0.5)
    assert sum(alive(site, token) for token in elsewhere) == 6
    assert places(browser) == before, "no row has moved"


def test_two_clicks_on_the_question_are_one_answer(browser, site):
    site.token("reader")
    reload(browser, 2)
    count_requests(browser)
    x, y = browser.middle_of(browser.find("#others"))
    browser.click_at(x, y, times=2)
    browser.shown("#ask")
    x, y = browser.middle_of(browser.find("#yes"))
    browser.click_at(x, y, times=2, pause=0.02)
    browser.shown("#sessions [data-said=others-out]")
    assert requests(browser) == ["DELETE /gatehouse/sessions"]


def test_two_clicks_on_try_again_ask_once(browser):
    browser.driver.execute_cdp_cmd("Network.enable", {})
    browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/gatehouse/sessions*"]})
    browser.open("/gatehouse/account")
    x, y = browser.middle_of(browser.shown("#again"))
    browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    count_requests(browser)
    browser.click_at(x, y, times=2, pause=0.02)
    browser.shown("#sessions li")
    time.sleep(0.5)  # for what must not happen
    assert requests(browser) == ["GET /gatehouse/sessions"] and not browser.all("#ask")
    browser.driver.get_log("browser")  # of the blocked one


def test_two_clicks_on_log_out_are_one_logout(browser):
    x, y = browser.middle_of(browser.find("#logout button"))
    browser.click_at(x, y, times=2)
    browser.is_logged_out()


def test_a_session_that_ends_while_the_page_is_open_is_told(browser, site):
    elsewhere = site.token("reader")
    reload(browser, 2)
    site.send("DELETE", "/sessions", headers=cookie(elsewhere))
    browser.shown("#sessions li button").click()
    assert browser.shown("#over").text == "Your session is over.\nLog in again"
    assert browser.is_in_view(browser.find("#over")) and browser.focused().get_attribute("id") == "over"
    assert not browser.all("#logout") and browser.driver.title == "Error: Your account"
    browser.find("#over a").click()
    browser.log_in("reader", "reader")
    browser.arrives("/gatehouse/account")


@pytest.mark.waits
def test_a_session_that_expires_while_the_page_is_open_is_told(stack, port):
    with Instance(stack, "brief", {"session": {"idle_timeout": f"{IDLE}s"}}) as brief, \
            PagesSite(stack, port + 60, brief.place) as place, Browser(place.site.base) as browser:
        browser.open("/gatehouse/account")
        browser.log_in()
        browser.shown("#sessions li")
        time.sleep(IDLE + 1)  # any look whether it is over would be a use
        browser.find("#logout button").click()
        browser.is_logged_out()


def test_where_passwords_cannot_be_changed_nothing_offers_it(browser):
    assert browser.driver.execute_script("return document.getElementById('change').hidden")


def test_no_part_of_the_page_has_two_texts_of_one_name(browser):
    assert browser.driver.execute_script("""
        const parts = [...document.querySelectorAll('form, dialog, li, section > .said, #change')];
        parts.push(document.querySelector('template').content.firstElementChild);
        return parts.filter((part) => {
          const names = [...part.querySelectorAll('[data-said]')].map((one) => one.dataset.said);
          return new Set(names).size !== names.length;
        }).map((part) => part.outerHTML)""") == []


def test_the_account_leads_back_to_the_site(browser):
    assert browser.find("main > .links a").text == "Back to the site"
    assert browser.find("main > .links a").get_attribute("href") == browser.base + "/"


def test_the_hint_does_not_speak_of_a_password_that_cannot_be_changed(browser):
    assert browser.find("#sessions .small").text == "Don’t recognise one? Log it out."


def test_coming_back_to_the_tab_moves_neither_the_focus_nor_a_row(browser, site):
    site.token("reader")
    reload(browser, 2)
    button = browser.shown("#sessions li button")
    browser.driver.execute_script("arguments[0].focus()", button)
    site.token("reader")
    browser.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
    eventually(lambda: len(browser.all("#sessions li")) == 3, allow(5))
    assert browser.focused() == button and browser.all("#sessions li")[1].find_element("css selector", "button") == button


AGENTS = json.loads((Path(__file__).resolve().parent.parent / "data/user-agents.json").read_text())


def test_real_browsers_are_named_rightly(browser, site):
    """As they name themselves: each says that it is several others as well."""
    for agent in AGENTS:
        site.send("POST", "/login", json={"username": "reader", "password": "reader"}, headers={"User-Agent": agent["agent"]})
    reload(browser, 8)
    browser.driver.execute_script("document.getElementById('more').open = true")
    found = {row.find_element("css selector", ".device").get_attribute("title"): names(row)
             for row in browser.all("#sessions li")}
    assert {agent["agent"]: found.get(agent["agent"]) for agent in AGENTS} == {
        agent["agent"]: agent["name"] for agent in AGENTS}


def names(row):
    return row.text.splitlines()[0].removesuffix(" This device")


def reload(browser, rows):
    """The page anew, once it shows at least so many devices."""
    browser.open("/gatehouse/account")
    eventually(lambda: len(browser.all("#sessions li")) >= rows, allow(5), what=f"{rows} devices")


def places(browser):
    return browser.driver.execute_script(
        "return [...document.querySelectorAll('#sessions li')].map((row) => row.getBoundingClientRect().y)")


def count_requests(browser):
    browser.driver.execute_script(
        "window.asked = []; const real = fetch; window.fetch = (where, how) => {"
        "window.asked.push(how.method + ' ' + where); return real(where, how); }")


def requests(browser):
    return browser.driver.execute_script("return window.asked")


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
        assert browser.find("h1").text == "Sie haben keinen Zugriff"
        browser.find("a[href='/gatehouse/account']").click()
        assert browser.shown("h1").text == "Ihr Konto"
        assert "Dieses Gerät" in browser.shown("#sessions li").text


@pytest.mark.parametrize("path", ["/gatehouse", "/gatehouse/"])
def test_who_types_the_address_of_the_mount_gets_a_page_and_a_program_the_api(site, path):
    answer = site.send("GET", path, headers={"Sec-Fetch-Mode": "navigate", "Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/account")
    for headers in ({}, {"Sec-Fetch-Mode": "cors", "Accept": "*/*"}):
        answer = site.send("GET", path, headers=headers)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
