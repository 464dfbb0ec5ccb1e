"""How the pages look, and whether everybody can use them: axe-core, each language, small screens, large text, light
and dark, forced colours, paper.

With GATEHOUSE_SCREENSHOTS=FOLDER it leaves pictures there, as shown in the README.
"""
import os
from pathlib import Path

import pytest

from front import Front, server
from guarded import cookie
from test_login_page import visitor
from test_page_texts import LANGUAGES
from waiting import allow, eventually

PICTURES = os.environ.get("GATEHOUSE_SCREENSHOTS")
WIDTHS = (360, 1280)
NARROWEST = 320
DEVICES = [  # address, remembered, what the browser says of itself, minutes since it was used
    ("203.0.113.7", True, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
                          "Chrome/143.0.0.0 Mobile Safari/537.36", 180),
    ("2001:db8:1234:5678:9abc:def0:1234:5678", False, "something else", 20),
]
LEAST_CHARACTERS = 8


def open_login(browser):
    browser.open("/gatehouse/login?next=/demo/")
    browser.shown("#login")


def open_failed_login(browser):
    browser.open("/gatehouse/login?error=password&next=/demo/")
    browser.said("password")


def open_throttled(browser):
    browser.open("/gatehouse/login?error=throttled&wait=899&next=/demo/")
    browser.said("throttled")


def open_account(browser):
    browser.open("/gatehouse/account")
    browser.shown("#sessions li")
    # Not there without user.update_query, but to be judged as well.
    browser.driver.execute_script("document.getElementById('change').hidden = false")


def open_failed_change(browser):
    open_account(browser)
    browser.find("#change [type=submit]").click()
    browser.said("no-current")


def open_too_early(browser):
    open_account(browser)
    browser.driver.execute_script(
        "window.fetch = async () => new Response('{\"reason\": \"throttled\"}', {status: 429, headers: {'Retry-After': '899'}});"
        "get('current').value = get('new').value = 'correct horse battery';")
    browser.find("#change [type=submit]").click()
    browser.said("throttled")


def open_question(browser):
    open_account(browser)
    browser.find("#others").click()
    browser.shown("#ask")


def open_ended_device(browser):
    open_account(browser)
    browser.driver.execute_script("document.querySelector('li:nth-child(2)').classList.add('ended')")


def open_reauth(browser):
    browser.open("/gatehouse/login?notice=reauth&next=/demo/")
    assert browser.shown("#username").get_attribute("value") == "anna"


def open_inside(browser):
    browser.open("/gatehouse/login?next=/demo/")
    browser.shown("#inside")


def open_confirm_logout(browser):
    browser.open("/gatehouse/confirm-logout")
    browser.shown("button")


def open_forbidden(browser):
    browser.open("/demo/admin/")
    browser.shown("a[href='/gatehouse/account']")


STRANGERS = {"login": open_login, "failed-login": open_failed_login, "throttled": open_throttled}
MEMBERS = {"account": open_account, "failed-change": open_failed_change, "too-early": open_too_early, "question": open_question,
           "ended-device": open_ended_device, "reauth": open_reauth, "inside": open_inside,
           "confirm-logout": open_confirm_logout, "forbidden": open_forbidden}
SHOWN = ("login", "account", "forbidden", "confirm-logout")


def log_in(browser, name):
    browser.open("/gatehouse/login?next=/demo/")
    browser.log_in(name, name)
    browser.arrives("/demo/")


@pytest.fixture
def anna(stack, site):
    """A user with two more devices in the list."""
    stack.database.run("DELETE FROM session WHERE username = 'anna'; DELETE FROM user WHERE username = 'anna'")
    stack.add_user("anna", "anna")
    for address, remember, agent, _ in DEVICES:
        site.send("POST", "/login", json={"username": "anna", "password": "anna", "remember": remember},
                  headers={"User-Agent": agent, "Test-Client-Address": address})


@pytest.fixture(params=LANGUAGES)
def browser(request, stack, anna):
    with visitor(stack, language=request.param) as browser:
        browser.language = request.param
        yield browser


def each_page(browser):
    for name, go in STRANGERS.items():
        yield name, go
    log_in(browser, "anna")
    for name, go in MEMBERS.items():
        yield name, go


def test_everybody_can_use_the_pages(browser):
    browser.look()
    for name, go in each_page(browser):
        go(browser)
        assert browser.find("html").get_attribute("lang") == browser.language, name
        for dark, width in ((False, 1280), (True, NARROWEST)):
            browser.look(width, dark=dark)
            assert browser.violations() == [], (name, dark, width)
            assert not browser.is_too_wide(), (name, width)


def test_large_text_on_a_small_screen_leaves_room_to_type(browser):
    browser.look(NARROWEST, 568)
    for name, go in each_page(browser):
        go(browser)
        browser.enlarge_text(200)
        assert not browser.is_too_wide(), name
        for field in browser.all("input[type=password]"):
            characters = browser.driver.execute_script(
                "const field = arguments[0], style = getComputedStyle(field), probe = document.createElement('span');"
                "probe.textContent = '0'; probe.style.font = style.font; probe.style.position = 'absolute'; probe.style.width = 'auto';"
                "document.body.append(probe);"
                "const one = probe.getBoundingClientRect().width; probe.remove();"
                "return (field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) / one", field)
            assert characters >= LEAST_CHARACTERS, (name, field.get_attribute("id"), characters)
        for box in browser.all("[type=checkbox]"):
            assert box.size["width"] == box.size["height"]
        for button in browser.all("button, .button"):
            assert browser.driver.execute_script(IS_WHOLE, button), (name, button.text)


IS_WHOLE = """
const own = arguments[0].getBoundingClientRect(), around = arguments[0].closest('main, dialog').getBoundingClientRect();
return arguments[0].scrollWidth <= arguments[0].clientWidth && own.left >= around.left && own.right <= around.right"""


def test_the_question_opens_at_its_beginning_with_large_text_on_a_phone(browser):
    browser.look(NARROWEST, 568)
    log_in(browser, "anna")
    open_account(browser)
    browser.enlarge_text(200)
    browser.find("#others").click()
    browser.shown("#ask")
    assert browser.driver.execute_script("return document.getElementById('ask').scrollTop") == 0
    assert browser.focused().get_attribute("id") == "ask-title" and browser.is_in_view(browser.focused())


def test_a_message_has_a_distance_from_the_button_above_and_a_hint_a_line_of_its_own(browser):
    browser.look(390)
    open_login(browser)
    assert style_of(browser, browser.find(".check .small"), "display") == "block"
    log_in(browser, "anna")
    open_too_early(browser)
    button, message = browser.find("#change [type=submit]"), browser.find("#change [data-said=throttled]")
    assert message.location["y"] - button.location["y"] - button.size["height"] >= 12


def test_an_outage_looks_like_the_other_pages(stack, port):
    edits = {"upstream.conf": [(stack.fcgi_socket, "/nowhere.sock")]}
    with Front(stack, port + 49, server("localhost", "location ^~ /members/ { auth_request gatehouse:*; }"),
               name="away", edits=edits) as front:
        for language in LANGUAGES:
            with visitor(stack, language=language) as browser:
                browser.base = front.site.base
                browser.open("/members/page.html?a=1")
                assert browser.find("html").get_attribute("lang") == language
                assert browser.find("a.button").get_attribute("href").endswith("/members/page.html?a=1")
                for dark, width in ((False, 1280), (True, NARROWEST)):
                    browser.look(width, dark=dark)
                    assert browser.violations() == [] and not browser.is_too_wide(), (language, width)
                if PICTURES and language == "en":
                    keep_all(browser, "away")


def make_older(stack):
    for address, _, _, minutes in DEVICES:
        stack.database.run(f"UPDATE session SET created_at = UTC_TIMESTAMP() - INTERVAL {30 * minutes} MINUTE,"
                           f" last_used = UTC_TIMESTAMP() - INTERVAL {minutes} MINUTE"
                           f" WHERE username = 'anna' AND address = '{address}';"
                           f"UPDATE login_event SET at = UTC_TIMESTAMP() - INTERVAL {30 * minutes} MINUTE"
                           f" WHERE username = 'anna' AND address = '{address}'")


def test_pictures_for_the_readme(stack, anna):
    if not PICTURES:
        pytest.skip("GATEHOUSE_SCREENSHOTS names no folder")
    with visitor(stack) as browser:
        for name, go in each_page(browser):
            if name in SHOWN:
                make_older(stack)
                go(browser)
                keep_all(browser, name)


def keep_all(browser, name):
    for dark in (False, True):
        for width in WIDTHS:
            browser.look(width, 300, dark=dark)
            height = browser.driver.execute_script("return document.documentElement.scrollHeight")
            browser.look(width, max(height, 300), dark)
            browser.driver.save_screenshot(str(Path(PICTURES) / f"{name}-{'dark' if dark else 'light'}-{width}.png"))


def style_of(browser, element, name):
    return browser.driver.execute_script("return getComputedStyle(arguments[0])[arguments[1]]", element, name)


def test_forced_colours_leave_borders_and_focus(stack):
    with visitor(stack) as browser:
        browser.emulate(forced_colors="active")
        open_failed_login(browser)
        for css in ("main", ".error:not([hidden])", "#username", "button"):
            assert style_of(browser, browser.find(css), "borderTopWidth") != "0px", css
            assert style_of(browser, browser.find(css), "borderTopStyle") == "solid", css
        browser.find("#password").click()
        assert style_of(browser, browser.find("#password"), "outlineStyle") == "solid"
        assert browser.violations() == []


def test_nothing_moves_for_those_who_want_none_of_it(stack, anna):
    with visitor(stack) as browser:
        browser.emulate(prefers_reduced_motion="reduce")
        log_in(browser, "anna")
        open_account(browser)
        assert browser.driver.execute_script(
            "return [...document.querySelectorAll('*')].every((one) => {const style = getComputedStyle(one);"
            "return parseFloat(style.transitionDuration) === 0 && style.animationName === 'none'; })")
        assert browser.driver.execute_script("return document.getAnimations().length") == 0


def test_on_paper_there_is_the_list_and_nothing_to_click(stack, anna):
    with visitor(stack) as browser:
        log_in(browser, "anna")
        open_account(browser)
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        assert browser.all("#sessions .device") and browser.find("h1").is_displayed()
        assert not browser.all("button, input, nav a")


def test_a_page_from_right_to_left_is_mirrored(stack, anna, site):
    with visitor(stack, language="ar") as browser:
        browser.look(1280)
        log_in(browser, "anna")
        open_account(browser)
        row = browser.all("#sessions li")[1]
        name, button = row.find_element("css selector", ".name"), row.find_element("css selector", ".end")
        assert button.location["x"] < row.find_element("css selector", ".device").location["x"]
        assert name.get_attribute("textContent")
        open_failed_login(browser)
        browser.find("#username").send_keys("anna")
        assert style_of(browser, browser.find("#username"), "textAlign") == "right", "above the fields of the page"
        error = browser.find(".error:not([hidden])")
        assert style_of(browser, error, "borderRightWidth") == "5px"
        assert style_of(browser, error, "borderLeftWidth") == "1px"


def test_the_first_look_at_the_account_says_that_it_loads(stack, anna):
    with visitor(stack) as browser:
        log_in(browser, "anna")
        browser.driver.execute_cdp_cmd("Network.enable", {})
        browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/gatehouse/sessions*"]})
        browser.open("/gatehouse/account")
        assert browser.shown("#sessions [data-said=offline]").text.startswith("The server can’t be reached.")
        browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        browser.shown("#again").click()
        browser.shown("#sessions li")
        eventually(lambda: not browser.all("#loading, #again, #sessions [data-said]"), allow(5))
        assert browser.find("#sessions").get_attribute("aria-busy") == "false"
        browser.driver.get_log("browser")  # of the blocked one


def test_a_member_who_lacks_a_role_is_told_who_they_are(site):
    page = site.send("GET", "/demo/admin/", headers={**cookie(site.token("roy")), "Accept": "text/html"}).text
    assert "logged in as <strong><bdi>roy</bdi></strong>, but <strong><bdi>roy</bdi></strong> isn’t allowed" in page
