"""What the pages say while something is away: each trouble has words of its own, within three seconds."""
import json
import re
import signal

import pytest

from browser import DEADLINE, Browser
from front import Front, server
from guarded import SECRET, cookie
from pages_site import PagesSite
from test_login_page import exhaust, visitor
from waiting import SLOW, allow, eventually, timed

PAGE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
API = "    include gatehouse/api.conf;\n    fastcgi_param PATH_INFO /login;"
SOON = 3 * SLOW
ALL_WORDS = {
    "busy-waiting": "We’re busy right now. Keep this page open: you’ll be logged in automatically.",
    "away-waiting": "You can’t log in right now. Keep this page open: it tries again by itself.",
    "away": "You can’t log in right now. Please try again in a few minutes.",
    "not-now": "This doesn’t work right now. Please try again in a few minutes.",
    "slow-down": "Too many attempts from your network. Please wait a minute before you try again.",
    "offline": "The server can’t be reached. Check your connection and try again.",
}


def troubled(stack, port, answer):
    """A site whose /login gives this answer alone: what Gatehouse would say."""
    return Front(stack, port + 50, server("localhost", ""), name="troubled",
                 edits={"snippets/pages.conf": [(API, f"    default_type application/json;\n    {answer}")]})


def refusal(status, body, wait=1):
    text = json.dumps({"message": "x", **body})
    return f"add_header Retry-After {wait} always; return {status} '{text}';"


@pytest.mark.parametrize("answer, said", [
    (refusal(503, {"reason": "busy"}), "busy-waiting"),
    (refusal(503, {"reason": "away"}), "away-waiting"),
    (refusal(503, {}), "busy-waiting"),  # one that gives no reason
    (refusal(429, {}, wait=3600), "slow-down"),
    (refusal(429, {"reason": "slow-down"}, wait=3600), "slow-down"),
    ("fastcgi_pass unix:/nowhere.sock;", "away-waiting"),
], ids=["crowd", "database away", "no reason", "limit of nginx", "throttle", "Gatehouse away"])
def test_each_trouble_has_its_own_words_at_once(stack, port, answer, said):
    with troubled(stack, port, answer) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login?next=/x")
        browser.log_in()
        seconds, text = timed(lambda: browser.said(said))
        assert (text, seconds < SOON) == (ALL_WORDS[said], True)
        assert browser.find("#login").get_attribute("aria-busy") == str(said.endswith("waiting")).lower()


def test_a_throttle_says_how_long(stack, port):
    with troubled(stack, port, refusal(429, {}, wait=20)) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login")
        browser.log_in()
        assert browser.said("slow-down-waiting").startswith(
            "Too many attempts from your network. Keep this page open: it tries again by itself in ")
        assert browser.find("[data-said=slow-down-waiting] .seconds").text.endswith(" seconds")
        # The alert that it stands in would be read out each second.
        assert browser.find("[data-said=slow-down-waiting] .seconds").get_attribute("role") == "timer"


def test_who_waits_sees_that_the_page_tries_again_and_no_field_that_is_wrong(stack, port):
    with troubled(stack, port, refusal(429, {"reason": "throttled"}, wait=20)) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login?error=password")
        assert browser.find("#password").get_attribute("aria-invalid") == "true"
        browser.log_in(password="wrong")
        assert browser.said("throttled-waiting").startswith(
            "Too many wrong passwords. Keep this page open: it tries your password again by itself in ")
        assert browser.find("#login [type=submit]").text == "Waiting…"
        assert browser.all("[aria-invalid]") == [] and browser.driver.title == "Log in"


def test_a_long_wait_is_told_in_minutes(stack, port):
    with troubled(stack, port, refusal(429, {"reason": "throttled"}, wait=890)) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login")
        browser.log_in(password="wrong")
        assert browser.said("throttled") == ("Too many wrong passwords. You can try again in 15 minutes. If it still"
                                             " doesn’t work then, ask the site’s administrator.")


THROTTLED = refusal(429, {"reason": "throttled"}, wait=31)


@pytest.mark.waits
def test_a_wait_is_counted_down_once_and_its_words_change_with_it(stack, port):
    with troubled(stack, port, THROTTLED) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login")
        browser.log_in(password="wrong")
        assert browser.said("throttled").startswith("Too many wrong passwords. You can try again in ")
        browser.find("#login [type=submit]").click()
        browser.said("throttled")
        browser.driver.execute_script("""
            window.counts = [];
            const place = document.querySelector('[data-said=throttled] .seconds');
            new MutationObserver(() => window.counts.push(parseInt(place.textContent)))
                .observe(place, {childList: true, characterData: true, subtree: true});""")
        eventually(lambda: browser.all("[data-said=now]"), allow(40), what="the words go")
        assert browser.said("now") == "You can try again now."
        counts = browser.driver.execute_script("return window.counts")
        assert counts == sorted(counts, reverse=True) and len(counts) > 5, "one countdown, not two in turn"
        assert browser.driver.title == "Log in"


@pytest.mark.parametrize("language, wait, told", [
    ("en", "4", "You can try again in 4\u00a0s."), ("en", "37", "in 37\u00a0s."), ("en", "120", "in 120\u00a0s."),
    ("en", "121", "in about 3 minutes."), ("en", "700", "in about 12 minutes."), ("en", "900", "in about 15 minutes."),
    ("en", "5000", "in about 17 minutes."), ("de", "700", "In etwa 12 Minuten können"), ("fr", "700", "dans environ 12 minutes."),
    ("es", "700", "en unos 12 minutos."), ("ar", "600", "بعد نحو 10 دقائق."), ("ar", "700", "بعد نحو 12 دقيقة."),
])
def test_a_wait_is_text_of_the_page_itself(site, language, wait, told):
    page = site.send("GET", f"/gatehouse/login?error=throttled&wait={wait}&next=/x", headers={"Accept-Language": language})
    text = re.sub("<[^>]*>", "", page.text)
    assert told in text


@pytest.mark.parametrize("forged", ["x", "-1", "1%3Cb%3E", "1<b>"])
def test_only_digits_of_an_address_get_into_the_page(site, forged):
    page = site.send("GET", f"/gatehouse/login?error=throttled&wait={forged}&next=/x").text
    assert 'data-wait=""' in page and "<b>" not in page


INSTEAD = "return getComputedStyle(document.querySelector('.then'), '::after').visibility"


def test_a_wait_ends_without_a_script(stack):
    with visitor(stack, javascript=False) as browser:
        browser.open("/gatehouse/login?error=throttled&wait=6&next=/x")
        words = browser.find("[data-said=throttled] .until")
        assert words.is_displayed() and browser.driver.execute_script(INSTEAD) == "hidden"
        eventually(lambda: browser.driver.execute_script(INSTEAD) == "visible", allow(10))
        assert not words.is_displayed()


def test_a_wait_that_a_form_was_told_goes_on_with_the_script(stack):
    with visitor(stack) as browser:
        browser.open("/gatehouse/login?error=throttled&wait=6&next=/x")
        assert re.search(r"You can try again in [1-6] seconds?\.", browser.said("throttled"))
        browser.shown("[data-said=now]")
        assert browser.said("now") == "You can try again now."


@pytest.mark.waits
def test_who_waits_for_a_database_that_is_away_is_told_to_come_back(stack, port):
    with troubled(stack, port, refusal(503, {"reason": "away"})) as front, Browser(front.site.base) as browser:
        browser.open("/gatehouse/login")
        browser.log_in()
        browser.said("away-waiting")
        assert browser.shown("[data-said=away]").text == ALL_WORDS["away"]
        button = browser.find("#login [type=submit]")
        assert button.text == "Log in" and not button.get_attribute("aria-disabled")
        assert browser.driver.title == "Error: Log in"


def test_a_browser_without_a_network_is_told_so(stack):
    with visitor(stack) as browser:
        browser.open("/gatehouse/login")
        browser.driver.set_network_conditions(offline=True, latency=0, throughput=1 << 20)
        browser.log_in()
        seconds, text = timed(lambda: browser.said("offline"))
        assert (text, seconds < SOON) == (ALL_WORDS["offline"], True)
        browser.driver.delete_network_conditions()
        browser.log_in()
        browser.arrives("/gatehouse/account")
        browser.driver.get_log("browser")


# Notes the first text that the page shows after a form is sent, and how soon: some are there for a second only.
LISTEN = """
let begun = 0;
window.heard = null;
addEventListener('submit', () => { begun ||= performance.now(); }, true);
new MutationObserver(() => {
  const shown = [...document.querySelectorAll('[data-said]')].find((one) => !one.hidden);
  if (begun && shown) window.heard ??= [(performance.now() - begun) / 1000, shown.innerText];
}).observe(document.body, {subtree: true, childList: true, attributes: true});
"""


def spoken(browser):
    """(seconds, what the page says first after a login with a wrong password)."""
    browser.driver.execute_script(LISTEN)
    browser.log_in(password="wrong")
    return eventually(lambda: browser.driver.execute_script("return window.heard"), DEADLINE)


def test_real_troubles_are_told_in_time_and_apart(stack, port, site, database):
    """The answers above are made up; here MySQL and Gatehouse are away, and nginx limits."""
    heard = {}
    with visitor(stack) as browser:
        browser.open("/gatehouse/login")
        database.stop()
        heard["MySQL away"] = spoken(browser)
        database.bring_back()
        eventually(lambda: site.login().status_code == 200, allow(5))
    with PagesSite(stack, port + 60, "/nowhere.sock", serves=503) as place, Browser(place.site.base) as browser:
        browser.open("/gatehouse/login")
        heard["Gatehouse away"] = spoken(browser)
    with PagesSite(stack, port + 60, stack.fcgi_socket, limited=True) as place, Browser(place.site.base) as browser:
        browser.open("/gatehouse/login")
        exhaust(place.site)
        heard["limit"] = spoken(browser)
    away = ALL_WORDS["away-waiting"]
    texts = {trouble: text for trouble, (_, text) in heard.items()}
    assert texts["limit"].startswith("Too many attempts from your network.")
    assert texts["MySQL away"] == texts["Gatehouse away"] == away
    assert all(seconds < SOON for seconds, _ in heard.values()), heard


def test_each_word_in_the_address_has_its_own_text(stack):
    with visitor(stack, javascript=False) as browser:
        texts = set()
        for said in ("error=busy", "error=away", "error=misconfigured", "error=slow-down", "error=password",
                     "error=credentials", "error=too-long", "notice=logged-out", "notice=logged-out-late"):
            browser.open(f"/gatehouse/login?{said}&next=/x")
            texts.add(browser.said(said.partition("=")[2]))
            assert browser.driver.title == ("Error: Log in" if said.startswith("error") else "Log in")
        assert len(texts) == 9


@pytest.fixture
def away(stack, port):
    """A site whose Gatehouse is away."""
    places = """
location ^~ /members/ { auth_request gatehouse:*; }
location = /own { return 500; }
location = /app { auth_request gatehouse:*; proxy_pass http://127.0.0.1:1; }"""
    with Front(stack, port + 51, server("localhost", places), name="away-site",
               edits={"upstream.conf": [(stack.fcgi_socket, "/nowhere.sock")]}) as front:
        yield front


def test_a_form_is_told_that_gatehouse_is_away(away):
    answer = away.ask("/gatehouse/login?next=/x", method="POST", data={"username": "roy", "password": "roy"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/login?error=away&next=/x")
    answer = away.ask("/gatehouse/login", method="POST", json={"username": "roy", "password": "roy"})
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable", "reason": "away"})
    assert answer.headers["Gatehouse-Reason"] == "away"


@pytest.mark.parametrize("path", ["/gatehouse/password", "/gatehouse/devices"])
def test_a_form_of_the_account_page_is_told_so_too(away, path):
    answer = away.ask(path, method="POST", data={"others": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/account?error=away")
    answer = away.ask(path, method="POST", json={})
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable", "reason": "away"})


@pytest.mark.parametrize("path", ["/members/page.html", "/members/picture.png", "/app", "/gatehouse/account"])
def test_a_protected_page_says_that_it_is_unavailable(away, path):
    answer = away.ask(path, headers=PAGE)
    assert answer.status_code == 503 and SECRET not in answer.text
    assert answer.text.startswith("<!DOCTYPE html>") and answer.text.count("<html") == 1
    assert "This page is unavailable right now" in answer.text and f'href="{path}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<p>Please try again in a few minutes.</p>" in answer.text, "a stranger cannot have been logged out"
    inside = away.ask(path, headers={**PAGE, **cookie("A" * 43)}).text
    assert "<p>Please try again in a few minutes. You haven’t been logged out.</p>" in inside
    assert (answer.headers["Retry-After"], answer.headers["Gatehouse-Reason"]) == ("10", "away")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_data_is_told_in_json(away):
    answer = away.ask("/members/page.html")
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable", "reason": "away"})
    assert (answer.headers["Retry-After"], answer.headers["Gatehouse-Reason"]) == ("1", "away")
    assert answer.headers["Content-Type"] == "application/json"


def test_an_upload_into_a_protected_place_is_told_so_too(away):
    answer = away.ask("/app", method="POST", data=b"x" * 300_000)
    assert (answer.status_code, answer.json()["reason"]) == (503, "away")


def test_a_500_of_the_site_itself_looks_as_ever(away):
    answer = away.ask("/own", headers=PAGE)
    assert answer.status_code == 500 and "nginx" in answer.text and "unavailable right now" not in answer.text


def test_a_page_of_the_site_above_the_include_comes_first(stack, port):
    with Front(stack, port + 51, "server { listen 127.0.0.1:PORT; root FILES; error_page 500 /sorry.html;"
                                 "include gatehouse/mount.conf; location ^~ /members/ { auth_request gatehouse:*; } }",
               name="away-own", edits={"upstream.conf": [(stack.fcgi_socket, "/nowhere.sock")]}) as front:
        answer = front.ask("/members/page.html", headers=PAGE)
        assert (answer.status_code, answer.text) == (500, "sorry")


def test_a_logout_that_nobody_heard_of_is_told_as_a_page(away):
    answer = away.ask("/gatehouse/logout", method="POST", data={}, headers=PAGE)
    assert answer.status_code == 503 and "This page is unavailable right now" in answer.text
    assert "haven’t been" not in answer.text and "still logged in" not in answer.text
    for method, path in (("POST", "/gatehouse/logout"), ("GET", "/gatehouse/logout?next=/x"), ("POST", "/gatehouse/confirm-logout")):
        page = away.ask(path, method=method, data={}, headers={**PAGE, **cookie("A" * 43)}).text
        assert "<h1>You’re still logged in</h1>" in page and "haven’t been" not in page, path
    answer = away.ask("/gatehouse/logout", method="POST")
    assert (answer.status_code, answer.json()) == (503, {"message": "Service Unavailable", "reason": "away"})


def test_the_login_page_is_there_without_gatehouse(away):
    answer = away.ask("/gatehouse/login", headers={**PAGE, **cookie("A" * 43)})
    assert answer.status_code == 200 and 'id="login"' in answer.text and 'id="inside"' not in answer.text


def test_a_gatehouse_that_hangs_does_not_hold_up_the_login_page(stack, site):
    stack.gatehouse.freeze()
    try:
        seconds, answer = timed(lambda: site.send("GET", "/gatehouse/login", headers=cookie("A" * 43)))
    finally:
        stack.gatehouse.send_signal(signal.SIGCONT)
    assert answer.status_code == 200 and seconds < allow(4)


def test_who_logs_out_while_mysql_is_away_learns_that_they_are_out(stack, database):
    with visitor(stack) as browser:
        browser.open("/gatehouse/account")
        browser.log_in()
        browser.shown("#sessions li")
        database.stop()
        browser.find("#logout button").click()
        browser.arrives("/gatehouse/login")
        assert browser.said("logged-out-late").startswith("You’re logged out here.")
