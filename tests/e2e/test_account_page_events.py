"""The account page's list of the latest logins and failed attempts, with a script and without."""
import os
from pathlib import Path

import pytest

from test_login_page import visitor
from test_page_texts import LANGUAGES
from waiting import allow, eventually

PICTURES = os.environ.get("GATEHOUSE_EVENT_PICTURES")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"
EVENTS = [  # kind, failed, times, address, agent, minutes ago
    ("login", 0, 1, "203.0.113.7", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/143.0.0.0 Mobile Safari/537.36", 3000),
    ("login_refused", 1, 12, "2001:db8:1234:5678:9abc:def0:1234:5678", "something <b>else</b> \\\\\"", 2000),
    ("login_throttled", 1, 4711, "", "", 1900), ("password_changed", 0, 1, "203.0.113.7", AGENT, 1800),
    ("link_used", 0, 1, "203.0.113.8", AGENT, 1700), ("account_closed", 0, 1, "203.0.113.9", AGENT, 1600),
    ("password_refused", 1, 1, "203.0.113.7", AGENT, 1500), ("login", 0, 1, "203.0.113.7", AGENT, 1400)]
OUTCOMES = ["Logged in", "Failed attempt", "Browser made known", "Password changed", "Failed attempt ×4,711", "Failed attempt ×12",
            "Logged in"]


@pytest.fixture(scope="module", autouse=True)
def watched(stack):
    """A user whose past is known, and who logs in anew in each test."""
    stack.add_user("watched", "watched")
    stack.add_user("nothing", "nothing")


@pytest.fixture(autouse=True)
def past(stack, watched):
    user = stack.database.run("SELECT id FROM user WHERE username = 'watched'").strip()
    rows = ", ".join(
        f"(RANDOM_BYTES(16), '{kind}', {failed}, '', '{user}', 'watched', '{address}', '{agent}', '', '', NULL, NULL, {times},"
        f" UTC_TIMESTAMP(6) - INTERVAL {ago} MINUTE, UTC_TIMESTAMP(6))" for kind, failed, times, address, agent, ago in EVENTS)
    stack.database.run(f"DELETE FROM session WHERE username = 'watched'; DELETE FROM login_event; INSERT INTO login_event VALUES {rows}")


def open_account(browser, stack, path="/gatehouse/account"):
    browser.open(path)
    browser.log_in("watched", "watched")
    eventually(lambda: "login\t" in stack.database.run(
        "SELECT kind, at FROM login_event WHERE username = 'watched' AND at > UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE"), allow(10))
    browser.open(path)


def picture(browser, name):
    if PICTURES:
        browser.driver.save_screenshot(str(Path(PICTURES) / f"{name}.png"))


def outcomes(browser, where):
    """Of the rows that are unfolded."""
    return [name.text for name in browser.all(f"{where} li .name") if name.text]


def test_it_shows_what_has_happened_the_last_first(stack):
    with visitor(stack) as browser:
        open_account(browser, stack)
        browser.shown("#history li")
        assert outcomes(browser, "#history") == ["Logged in", *OUTCOMES[:4]]
        browser.find("#history summary").click()
        assert browser.find("#history summary").text == "Show 3 more"
        assert outcomes(browser, "#history") == ["Logged in", *OUTCOMES]
        first, *_, several, many, _ = [row.text for row in browser.all("#history li")]
        assert "Chrome on Linux" in first and "127.0.0.1" in first and ", 20" in first
        assert several.splitlines()[1].endswith(" · several addresses") and "nknown" not in several
        assert many.splitlines()[1].endswith("Unknown browser · 2001:db8:1234:5678:9abc:def0:1234:5678")
        assert browser.complaints() == []


def test_it_shows_the_same_without_a_script(stack):
    with visitor(stack, javascript=False) as browser:
        open_account(browser, stack)
        assert browser.all("#events li") == []
        browser.find("#events .button").click()
        browser.arrives("/gatehouse/account?events#events")
        assert outcomes(browser, "#events") == ["Logged in", *(text.replace(",", "") for text in OUTCOMES)]
        texts = [row.text for row in browser.all("#events li")]
        assert texts[0].splitlines()[1].endswith(" UTC · Chrome on Linux · 127.0.0.1")
        assert texts[5].splitlines()[1].endswith(" UTC · several addresses")
        assert texts[6].splitlines()[1].endswith(" UTC · Unknown browser · 2001:db8:1234:5678:9abc:def0:1234:5678")
        picture(browser, "plain")


def test_it_shows_nothing_where_nothing_is_kept(stack):
    with visitor(stack) as browser:
        browser.open("/gatehouse/account")
        browser.log_in("nothing", "nothing")
        browser.shown("#sessions li")
        eventually(lambda: stack.database.run("SELECT kind FROM login_event WHERE username = 'nothing'") != "", allow(10))
        stack.database.run("DELETE FROM login_event")
        browser.open("/gatehouse/account")
        browser.shown("#sessions li")
        eventually(lambda: browser.find("#history").get_attribute("aria-busy") == "false", allow(5))
        assert not browser.find("#history").is_displayed()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_it_in_each_language(stack, language, javascript):
    with visitor(stack, javascript=javascript) as browser:
        where = "#history" if javascript else "#events"
        open_account(browser, stack, f"/gatehouse/account?lang={language}" if javascript else f"/gatehouse/account?lang={language}&events")
        browser.shown(f"{where} li")
        for width in (390, 1280):
            for dark in (False, True):
                browser.look(width, 1400, dark)
                assert not browser.is_too_wide(), width
                assert not javascript or browser.violations() == []
                picture(browser, f"{'script' if javascript else 'plain'}-{language}-{width}-{'dark' if dark else 'light'}")
