"""The account page without JavaScript: a new password by a form, and the devices by SSI."""
import re
import time

import pytest

from browser import Browser
from guarded import cookie
from instance import Instance
from pages_site import PagesSite
from test_account_page import AGENTS, alive
from test_account_page_password import UPDATE, paste, type_passwords
from test_login_page import visitor
from test_page_texts import LANGUAGES
from test_page_troubles import ALL_WORDS

FRESH = "a long new one"


@pytest.fixture(autouse=True)
def reader(stack):
    stack.database.run("DELETE FROM session WHERE username = 'reader'; DELETE FROM user WHERE username = 'reader'")
    stack.add_user("reader", "reader")


def log_in(browser, language="en"):
    browser.open("/gatehouse/account" + (f"?lang={language}" if language != "en" else ""))
    browser.log_in("reader", "reader")
    browser.shown("#user")


@pytest.fixture
def browser(stack):
    with visitor(stack, javascript=False) as browser:
        log_in(browser)
        yield browser


@pytest.fixture
def writer(stack, port):
    """The account page of a site that wants passwords of twelve characters."""
    stack.database.run("GRANT UPDATE (password) ON user TO 'gatehouse'@'localhost'")
    settings = {"user": {"update_query": UPDATE}, "password": {"min_length": 12}}
    with Instance(stack, "writing-plain", settings) as writing, \
            PagesSite(stack, port + 60, writing.place) as place, \
            Browser(place.site.base, javascript=False) as browser:
        browser.site = place.site
        log_in(browser)
        yield browser
        assert browser.complaints() == []


def change(browser, current, fresh):
    type_passwords(browser, current, fresh)
    # What a browser itself would not send.
    browser.driver.execute_script("document.querySelector('#change form').noValidate = true")
    browser.find("#change [type=submit]").click()


def test_the_password_is_changed_by_a_form(writer):
    elsewhere = writer.site.token("reader")
    change(writer, "reader", FRESH)
    writer.arrives("/gatehouse/account?notice=changed#change")
    assert writer.said("changed") == "Your password is changed. Your other devices are logged out."
    assert writer.is_in_view(writer.find("[data-said=changed]")) and writer.driver.title == "Your account"
    assert writer.site.login("reader", FRESH).status_code == 200
    assert writer.site.login("reader", "reader").status_code == 400
    assert not alive(writer.site, elsewhere)


@pytest.mark.parametrize("current, fresh, said, field, words", [
    ("wrong", FRESH, "wrong", "current", "Your current password is incorrect."),
    ("", FRESH, "no-current", "current", "Enter your current password."),
    ("reader", "short", "short", "new", "The new password must have at least 12 characters."),
    ("reader", "", "short", "new", "The new password must have at least 12 characters."),
    ("reader", "010203040506", "common", "new", "That password is too common. Please choose another."),
])
def test_each_error_stands_at_its_field_which_has_the_focus(writer, current, fresh, said, field, words):
    writer.look(390, 600)
    change(writer, current, fresh)
    assert writer.said(said) == words
    assert writer.is_in_view(writer.find(f"[data-said={said}]"))
    marked = writer.find(f"#{field}")
    assert marked == writer.focused() and marked.get_attribute("aria-invalid") == "true"
    assert writer.driver.title == "Error: Your account"
    assert writer.site.login("reader", "reader").status_code == 200


def test_the_current_password_again_is_no_change(writer):
    change(writer, "reader", FRESH)
    writer.said("changed")
    change(writer, FRESH, FRESH)
    assert writer.said("same") == "That is your current password. Please choose another."
    marked = writer.find("#new")
    assert marked == writer.focused() and marked.get_attribute("aria-invalid") == "true"


def test_the_browser_and_its_password_manager_know_the_length(writer):
    field = writer.find("#new")
    assert (field.get_attribute("minlength"), field.get_attribute("passwordrules")) == ("12", "minlength: 12;")
    assert writer.find("#new-hint").text.startswith("At least 12 characters.")


def test_a_wait_is_told_at_the_form_that_must_wait(writer):
    writer.look(390, 640)
    writer.open("/gatehouse/account?error=throttled&wait=37#change")
    [error] = writer.all(".error")
    assert error.text.startswith("Too many wrong passwords. You can try again in")
    assert writer.is_in_view(error) and writer.driver.title == "Error: Your account"


def test_a_session_that_is_over_leads_to_a_login_and_back(writer):
    elsewhere = writer.site.token("reader")
    writer.site.send("DELETE", "/sessions", headers=cookie(elsewhere))
    change(writer, "reader", FRESH)
    writer.arrives("/gatehouse/login?next=/gatehouse/account")


@pytest.mark.parametrize("path, form", [("/gatehouse/password", {"current": "reader", "new": FRESH}),
                                        ("/gatehouse/devices", {"others": "on"})])
def test_a_form_of_another_site_changes_nothing(writer, path, form):
    mine, other = writer.site.token("reader"), writer.site.token("reader")
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Referer": "https://evil.example/"}):
        answer = writer.site.send("POST", path, data=form, headers={**cookie(mine), **headers})
        assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"}), headers
    assert alive(writer.site, other) and writer.site.login("reader", "reader").status_code == 200


def test_where_passwords_cannot_be_changed_nothing_offers_it(browser):
    assert browser.all("#change") == []


def show_devices(browser, count):
    browser.find("#devices .button").click()
    browser.arrives("/gatehouse/account?devices#devices")
    assert len(browser.all("#devices li")) == count


def log_out(row):
    row.find_element("css selector", "summary").click()
    row.find_element("css selector", "button").click()


@pytest.mark.parametrize("pause", [0.05, 0.15, 0.3, 0.6])
def test_two_clicks_at_one_place_log_out_one_device(browser, site, pause):
    elsewhere = [site.token("reader") for _ in range(7)]
    show_devices(browser, 8)
    row = browser.all("#devices li")[3]
    row.find_element("css selector", "summary").click()
    x, y = browser.middle_of(row.find_element("css selector", "button"))
    browser.click_at(x, y, times=2, pause=pause)
    browser.arrives("/gatehouse/account?devices&notice=device-out#devices")
    time.sleep(1)  # for what must not happen
    assert browser.shown("#devices .notice").text == "The device is logged out."
    assert sum(alive(site, token) for token in elsewhere) == 6


@pytest.mark.parametrize("pause", [0.05, 0.15, 0.3])
def test_two_clicks_change_the_password_once_and_say_so(writer, pause):
    """Without a script a browser sends both, and shows what the second is told."""
    type_passwords(writer, "reader", FRESH)
    x, y = writer.middle_of(writer.find("#change [type=submit]"))
    writer.click_at(x, y, times=2, pause=pause)
    writer.arrives("/gatehouse/account?notice=changed#change")
    time.sleep(1)
    assert writer.said("changed") == "Your password is changed. Your other devices are logged out."
    assert writer.site.login("reader", FRESH).status_code == 200


def test_a_device_is_logged_out_by_its_button(browser, site):
    first, second = site.token("reader"), site.token("reader")
    show_devices(browser, 3)
    rows = browser.all("#devices li")
    assert rows[0].text.startswith("Chrome on Linux This device\nActive ")
    assert not rows[0].find_elements("css selector", "summary, button")
    assert re.search(r"Active \d{4}-\d\d-\d\d \d\d:\d\d UTC · logged in \d{4}-\d\d-\d\d \d\d:\d\d UTC · 127\.0\.0\.1",
                     rows[0].text)
    log_out(rows[1])
    browser.arrives("/gatehouse/account?devices&notice=device-out#devices")
    assert browser.shown("#devices .notice").text == "The device is logged out."
    assert browser.is_in_view(browser.find("#devices .notice"))
    assert len(browser.all("#devices li")) == 2
    assert [alive(site, first), alive(site, second)].count(True) == 1


def test_all_others_are_logged_out_after_a_question(browser, site):
    elsewhere = [site.token("reader") for _ in range(3)]
    show_devices(browser, 4)
    question = browser.find("#devices > details")
    assert not question.get_attribute("open")
    question.find_element("css selector", "summary").click()
    assert "Everyone who is logged in to your account elsewhere must log in again." in question.text
    question.find_element("css selector", "button").click()
    browser.arrives("/gatehouse/account?devices&notice=others-out#devices")
    assert browser.shown("#devices .notice").text == "All other devices are logged out."
    assert len(browser.all("#devices li")) == 1 and not browser.all("#devices details")
    assert not any(alive(site, token) for token in elsewhere)


def test_devices_have_the_names_that_the_script_gives_them(browser, site):
    for agent in AGENTS:
        site.send("POST", "/login", json={"username": "reader", "password": "reader", "remember": True},
                  headers={"User-Agent": agent["agent"]})
    show_devices(browser, len(AGENTS) + 1)
    names = sorted(row.text.splitlines()[0] for row in browser.all("#devices li"))
    assert names == sorted([agent["name"] for agent in AGENTS] + ["Chrome on Linux This device"])
    assert all("· kept logged in ·" in row.text for row in browser.all("#devices li")[1:])


@pytest.mark.parametrize("agent", [
    '"}],"sessions":[{"handle":"AAAAAAAAAAAAAAAAAAAAAA', "<b id=evil>Chrome/1</b>", '<!--# echo var="list" -->Firefox/1',
    "\\\"", "back\\slash", 'x","remember":true,"current":true},', "ü € \U0001f600 Firefox/1", "x" * 255, "'", "",
])
def test_what_a_browser_says_of_itself_is_no_part_of_the_page(browser, site, agent):
    site.send("POST", "/login", json={"username": "reader", "password": "reader"},
              headers={"User-Agent": agent.encode()})
    show_devices(browser, 2)
    row = browser.all("#devices li")[1]
    assert row.text.splitlines()[0] in ("Unknown browser", "Firefox", "Chrome", "Log out")
    assert not browser.all("#evil") and "echo var" not in browser.driver.page_source


def test_fifty_devices_are_all_there(browser, site):
    for _ in range(49):
        site.token("reader")
    show_devices(browser, 50)
    assert "Not listed here" not in browser.find("#devices").text


def test_what_the_list_leaves_out_is_counted_and_can_be_reached(stack, port):
    settings = {"session": {"max_per_user": 200}}
    with Instance(stack, "many-plain", settings) as many, PagesSite(stack, port + 60, many.place) as place, \
            Browser(place.site.base, javascript=False) as browser:
        tokens = [place.site.token("reader") for _ in range(102)]
        log_in(browser)
        show_devices(browser, 100)
        words = ("Not listed here: 3 more. Log out all other devices, or log out some of these to see them.")
        assert words in browser.find("#devices").text
        place.site.send("DELETE", "/sessions", headers=cookie(tokens[0]))
        assert len(place.site.send("GET", "/sessions", headers=cookie(tokens[0])).json()["sessions"]) == 1


def test_a_program_gets_the_whole_list(site):
    tokens = [site.token("reader") for _ in range(3)]
    answer = site.send("GET", "/gatehouse/sessions", headers=cookie(tokens[0])).json()
    assert list(answer) == ["sessions"] and len(answer["sessions"]) == 3


def test_each_button_says_what_it_does(browser, site):
    """Two of one name would be the same to somebody who hears the page."""
    for _ in range(2):
        site.token("reader")
    show_devices(browser, 3)
    for detail in browser.all("#devices summary"):
        detail.click()
    names = [" ".join(button.get_attribute("textContent").split()) for button in browser.all("button")]
    assert len(names) == 4 and len(set(names)) >= 3 and names[0] == "Log out"
    assert sum(name.startswith("Yes, log it out – ") for name in names) == 2


@pytest.mark.parametrize("current, fresh, field", [(1025, 20, "current"), (6, 1025, "new"), (20_000, 20, "current")])
def test_a_password_that_is_too_long_is_refused_and_not_cut(writer, current, fresh, field):
    paste(writer, "#current", "reader" if current == 6 else "c" * current)
    paste(writer, "#new", "n" * fresh)
    writer.find("#change [type=submit]").click()
    assert writer.said("too-long" if field == "current" else "long").startswith(
        "That password is too long. It may have about 1,000 characters")
    assert writer.focused().get_attribute("id") == field
    assert writer.site.login("reader", "reader").status_code == 200


# axe-core needs a script, and a page with one hides what it says without: this shows it.
UNCOVER = """
const plain = document.querySelector('noscript');
const shown = document.createElement('div');
shown.innerHTML = plain.textContent;
plain.replaceWith(shown);
document.getElementById('sessions').remove();
document.getElementById('history').remove();
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_the_plain_page(stack, site, language):
    site.token("reader")
    with visitor(stack, language=language) as browser:
        log_in(browser)
        for path in ("", "?devices", "?devices&notice=others-out", "?error=away", "?error=busy", "?error=slow-down"):
            browser.open("/gatehouse/account" + path)
            browser.shown("#sessions li")
            browser.driver.execute_script(UNCOVER)
            for detail in browser.all("#devices summary"):
                detail.click()
            for width in (320, 1280):
                browser.look(width)
                assert browser.violations() == [] and not browser.is_too_wide(), (path, width)


def test_another_language_keeps_the_list(browser):
    browser.open("/gatehouse/account?devices&notice=device-out")
    browser.find("nav a[hreflang=de]").click()
    browser.arrives("/gatehouse/account?lang=de&devices&notice=device-out")
    assert browser.find("#devices .notice").text == "Das Gerät ist abgemeldet." and len(browser.all("#devices li")) == 1


def test_an_outage_of_mysql_is_told_in_the_list_and_above_the_page(browser, site, database):
    site.token("reader")
    show_devices(browser, 2)
    database.stop()
    log_out(browser.all("#devices li")[1])
    browser.arrives("/gatehouse/account?error=away")
    assert browser.shown(".error").text == ALL_WORDS["not-now"]
    assert browser.is_in_view(browser.find(".error")) and browser.driver.title == "Error: Your account"
    browser.open("/gatehouse/account?devices")
    assert browser.shown("#devices .error").text == ALL_WORDS["not-now"]
