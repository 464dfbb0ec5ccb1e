"""The login page, in a real browser."""
import contextlib

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser
from front import Front, server
from guarded import cookie
from pages_site import PagesSite
from visitor import ROY, form
from waiting import allow, eventually

WAY = "/demo/?a=1&b=2%26c&next=/x"


@contextlib.contextmanager
def visitor(stack, **how):
    with Browser(stack.env["URL"], **how) as browser:
        yield browser
        assert browser.complaints() == []


@pytest.fixture
def browser(stack):
    with visitor(stack) as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def either(request, stack):
    with visitor(stack, javascript=request.param) as browser:
        yield browser


def test_a_protected_page_leads_to_the_login_and_back_with_its_query_whole(either):
    either.open(WAY)
    assert either.path == "/gatehouse/login?next=" + WAY
    either.log_in()
    either.arrives(WAY)
    assert either.find("h1").text == "For members"


def test_a_wrong_password_is_told_and_the_right_one_still_leads_back(either):
    either.open(WAY)
    either.log_in(password="wrong")
    assert either.said("password") == "The username or password is incorrect."
    either.log_in()
    either.arrives(WAY)


def test_the_name_and_the_box_stay_after_a_wrong_password(either):
    either.open(WAY)
    either.type_login(password="wrong")
    either.find("#remember").click()
    either.find("#login [type=submit]").click()
    either.said("password")
    assert either.find("#username").get_attribute("value") == "roy"
    assert either.focused().get_attribute("id") == "password"
    assert either.find("#remember").is_selected()
    either.find("#password").send_keys("roy", Keys.ENTER)
    either.arrives(WAY)
    either.open("/gatehouse/login")
    assert either.find("#username").get_attribute("value") == "", "a name is not shown to the next one"


def test_the_script_tells_a_wrong_password_beside_the_form_it_was_typed_in(browser):
    browser.open("/gatehouse/login")
    browser.log_in(password="wrong")
    browser.said("password")
    assert browser.path == "/gatehouse/login"
    assert browser.find("#username").get_attribute("value") == "roy"
    assert browser.driver.switch_to.active_element.get_attribute("id") == "password"
    assert browser.find("#password").get_attribute("aria-invalid") == "true"


def test_the_part_of_a_page_is_found_again(either):
    either.open("/demo/?a#part")
    either.log_in()
    either.arrives("/demo/?a#part")


def test_the_whole_way_goes_by_keyboard_alone(browser):
    browser.open("/demo/")
    keys = [*"roy", Keys.TAB, *"roy", Keys.TAB, Keys.TAB, Keys.SPACE, Keys.ENTER]
    for key in keys:
        browser.driver.switch_to.active_element.send_keys(key)
    browser.arrives("/demo/")
    [session] = [one for one in browser.driver.get_cookies() if one["name"] == "gatehouse"]
    assert session.get("expiry"), "the box for staying logged in was ticked by the space bar"


def test_without_the_box_the_cookie_ends_with_the_browser(either):
    either.open("/demo/")
    either.log_in()
    either.arrives("/demo/")
    [session] = [one for one in either.driver.get_cookies() if one["name"] == "gatehouse"]
    assert "expiry" not in session and session["httpOnly"] and session["sameSite"] == "Lax"


def test_the_password_can_be_shown_and_is_hidden_when_it_is_sent(browser):
    browser.open("/gatehouse/login")
    browser.type_login(password="wrong")
    show = browser.shown(".show")
    for kind, word in (("text", "Hide"), ("password", "Show"), ("text", "Hide")):
        show.click()
        assert browser.find("#password").get_attribute("type") == kind
        assert (show.text, show.get_attribute("aria-label")) == (word, word + " password")
    assert browser.find("#password").get_attribute("spellcheck") == "false"
    assert browser.find("#password").get_attribute("autocapitalize") == "none"
    browser.find("#login [type=submit]").click()
    browser.said("password")
    assert browser.find("#password").get_attribute("type") == "password"


def test_password_managers_and_screen_readers_find_what_they_need(either):
    either.open("/gatehouse/login")
    for field, purpose in (("username", "username"), ("password", "current-password")):
        element = either.find(f"#{field}")
        assert element.get_attribute("autocomplete") == purpose
        assert either.find(f"label[for={field}]").is_displayed()
    assert either.driver.switch_to.active_element.get_attribute("id") == "username"
    assert either.find("#said").get_attribute("role") == "alert"


def test_a_login_at_the_login_page_itself_leads_to_the_account(either):
    either.open("/gatehouse/login")
    either.log_in()
    either.arrives("/gatehouse/account")
    assert either.shown("#user").text == "roy"


def test_the_login_page_never_forwards_by_itself(either):
    """Somebody who is logged in but may not see a page is not sent around in circles."""
    either.open("/demo/admin/")
    either.log_in()
    either.arrives("/demo/admin/")
    assert either.find("h1").text == "You don’t have access"
    either.find("a[href^='/gatehouse/login']").click()
    either.arrives("/gatehouse/login?notice=other&next=/demo/admin/")
    assert either.said("other") == "You’re logged in as roy. Log in with another account here."
    assert not either.all("#inside")
    either.log_in("admin", "admin")
    either.arrives("/demo/admin/")
    assert either.find("h1").text == "For admins"


def test_a_session_that_ends_while_a_page_is_open_leads_to_the_login_and_on(either, site):
    either.open("/demo/")
    either.log_in()
    either.arrives("/demo/")
    site.send("POST", "/logout", headers=cookie(either.driver.get_cookie("gatehouse")["value"]))
    either.find("a[href='app/']").click()
    either.arrives("/gatehouse/login?next=/demo/app/")
    either.log_in()
    either.arrives("/demo/app/")
    assert "Remote-User: roy" in either.find("body").text


def test_a_limit_of_logins_keeps_the_question_for_the_password(limited):
    exhaust(limited)
    answer = form(limited, "?notice=reauth&error=password&next=/x")
    assert answer.headers["Location"] == "/gatehouse/login?notice=reauth&error=slow-down&next=/x"


def test_an_outage_of_mysql_is_waited_out_and_not_told_as_a_crowd(browser, database):
    browser.open("/demo/")
    database.freeze()
    browser.log_in()
    assert browser.shown("[data-said=away-waiting]").text.startswith("You can’t log in right now.")
    assert browser.find("#login").get_attribute("aria-busy") == "true"
    database.thaw()
    browser.arrives("/demo/")


def test_an_outage_of_mysql_is_told_without_a_script(stack, site, database):
    with visitor(stack, javascript=False) as browser:
        browser.open(WAY)
        database.stop()
        browser.log_in()
        assert browser.said("away") == "You can’t log in right now. Please try again in a few minutes."
        database.bring_back()
        eventually(lambda: site.login().status_code == 200, allow(5))
        browser.log_in()
        browser.arrives(WAY)


@pytest.mark.parametrize("language, title, error", [
    ("de", "Anmelden", "Der Benutzername oder das Passwort ist falsch."),
    ("de-AT,de,en", "Anmelden", "Der Benutzername oder das Passwort ist falsch."),
    ("en-GB,de", "Log in", "The username or password is incorrect."),
    ("fr", "Se connecter", "Le nom d’utilisateur ou le mot de passe est incorrect."),
    ("pt-BR,es;q=0.8,en;q=0.5", "Iniciar sesión", "El nombre de usuario o la contraseña no son correctos."),
    ("ar", "تسجيل الدخول", "اسم المستخدم أو كلمة المرور غير صحيحة."),
    ("pt", "Log in", "The username or password is incorrect."),
])
def test_it_speaks_the_language_of_the_browser(stack, language, title, error):
    with visitor(stack, language=language) as browser:
        browser.open("/demo/")
        assert browser.find("h1").text == title
        browser.log_in(password="wrong")
        assert browser.said("password") == error


@pytest.fixture
def limited(stack, port):
    """The stack behind an nginx that limits logins: three hundred at once, as installed, but then one in five seconds."""
    with PagesSite(stack, port + 60, stack.fcgi_socket, limited=True) as place:
        yield place.site


def exhaust(site):
    """Uses up what the limit allows at once."""
    for _ in range(1000):
        if site.send("POST", "/gatehouse/login", json={}).status_code == 429:
            return
    raise AssertionError("there is no limit")


def test_a_limit_of_logins_is_told_to_programs_and_to_people(limited):
    exhaust(limited)
    answer = limited.send("POST", "/gatehouse/login", json={})
    assert (answer.status_code, answer.json()) == (429, {"message": "Too Many Requests", "reason": "slow-down"})
    assert (answer.headers["Retry-After"], answer.headers["Gatehouse-Reason"]) == ("1", "slow-down")
    answer = form(limited, "?error=password&next=" + WAY)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/login?error=slow-down&next=" + WAY)
    assert limited.send("GET", "/gatehouse/login").status_code == 200


def test_the_limit_counts_changes_of_the_password_as_well(limited):
    assert limited.send("POST", "/gatehouse/password", json={}).status_code == 404  # nothing can be changed here
    exhaust(limited)
    answer = limited.send("POST", "/gatehouse/password", json={})
    assert (answer.status_code, answer.headers["Gatehouse-Reason"]) == (429, "slow-down")


def test_no_other_spelling_of_the_address_passes_by_the_limit(limited):
    exhaust(limited)
    for spelling in ["login%0a", "login%0A%0a", "login/", "login%00", "login%20", "%0alogin", "login;x"]:
        answer = limited.send("POST", "/gatehouse/" + spelling, json=ROY)
        assert answer.status_code in (400, 404), spelling
    for spelling in ["login", "%6cogin", "./login", "x/../login", "/login"]:
        assert limited.send("POST", "/gatehouse/" + spelling, json=ROY).status_code == 429, spelling


def test_a_limit_of_logins_is_waited_out(limited):
    with Browser(limited.base) as browser:
        browser.open("/demo/")
        browser.type_login()
        exhaust(limited)
        browser.find("#login [type=submit]").click()
        assert browser.shown("[data-said=slow-down-waiting]").text.startswith("Too many attempts from your network.")
        browser.arrives("/demo/")


def test_what_the_way_back_has_in_its_query_says_nothing(either):
    for way in ("/demo/?error=password", "/demo/?a&error=busy&notice=logged-out"):
        either.open(way)
        either.shown("#login")
        assert either.all("[data-said]") == []
    either.log_in(password="wrong")
    either.said("password")


def test_a_way_back_of_the_script_is_judged_by_the_server_too(browser):
    for target in ("//evil.example/", "https://evil.example/", "/%5cevil.example", "javascript:alert(1)"):
        browser.open("/gatehouse/login?next=" + target)
        browser.log_in()
        browser.arrives("/gatehouse/account")


def test_a_link_changes_the_language_and_the_choice_stays(either):
    either.open("/gatehouse/login?next=" + WAY)
    either.find("nav a[hreflang=fr]").click()
    either.arrives("/gatehouse/login?lang=fr&next=" + WAY)
    assert either.find("h1").text == "Se connecter"
    either.find("nav a[hreflang=ar]").click()
    either.arrives("/gatehouse/login?lang=ar&next=" + WAY)
    assert either.find("html").get_attribute("dir") == "rtl"
    either.log_in()
    either.arrives(WAY)
    either.open("/gatehouse/account")
    assert either.find("h1").text == "حسابك"


def test_a_change_of_the_language_keeps_the_name_and_the_box_once(browser):
    browser.open("/gatehouse/login")
    browser.type_login(password="wrong")
    browser.find("#remember").click()
    browser.find("nav a[hreflang=de]").click()
    browser.arrives("/gatehouse/login?lang=de")
    assert browser.shown("#username").get_attribute("value") == "roy" and browser.find("#remember").is_selected()
    assert browser.find("#password").get_attribute("value") == ""
    assert browser.focused().get_attribute("id") == "password"
    browser.driver.refresh()
    assert browser.shown("#username").get_attribute("value") == "" and not browser.find("#remember").is_selected()


def test_two_clicks_on_the_button_are_one_login(browser, site):
    browser.open("/gatehouse/login?next=/demo/")
    browser.type_login()
    browser.driver.execute_script("window.asked = 0; const real = fetch;"
                                  "window.fetch = (...how) => { ++window.asked; return real(...how); }")
    x, y = browser.middle_of(browser.find("#login [type=submit]"))
    browser.find("#password").send_keys("")
    browser.type_login(password="wrong")
    browser.click_at(x, y, times=2)
    browser.said("password")
    assert browser.driver.execute_script("return window.asked") == 1


def test_a_login_in_another_tab_is_noticed(browser):
    browser.open("/gatehouse/login?next=/demo/")
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open("/gatehouse/login")
    browser.log_in()
    browser.arrives("/gatehouse/account")
    browser.driver.switch_to.window(first)
    assert browser.shown("#inside p").text == "You’re logged in as roy."


def test_caps_lock_is_told(browser):
    browser.open("/gatehouse/login")
    for on in (True, False):
        browser.driver.execute_script(
            "document.getElementById('password').dispatchEvent(new KeyboardEvent('keydown', {modifierCapsLock: arguments[0]}))",
            on)
        assert bool(browser.all(".caps")) == on


@pytest.mark.parametrize("path, css", [("/gatehouse/confirm-logout", "main button"),
                                       ("/gatehouse/login", "#inside button")])
def test_two_clicks_on_a_plain_form_send_it_once(browser, path, css):
    browser.open("/gatehouse/login")
    browser.log_in()
    browser.arrives("/gatehouse/account")
    browser.open(path)
    button = browser.shown(css)
    sent = browser.driver.execute_script(
        "window.sent = 0; const button = arguments[0];"
        "addEventListener('submit', (event) => { window.sent += !event.defaultPrevented; event.preventDefault(); });"
        "button.click(); button.click(); return window.sent", button)
    assert sent == 1 and button.get_attribute("aria-disabled") == "true" and button.text == "Logging out…"


def test_a_blank_behind_the_name_is_taken_away(browser):
    browser.open("/gatehouse/login?next=/demo/")
    browser.log_in(" roy ")
    browser.arrives("/demo/")


@pytest.mark.parametrize("name, password", [(3, 1025), (256, 3), (3, 20_000)])
def test_what_is_too_long_is_refused_with_words_and_not_cut(either, name, password):
    either.open("/gatehouse/login?next=/demo/")
    for field, text in (("#username", "roy" if name == 3 else "n" * name), ("#password", "p" * password)):
        either.find(field).clear()
        either.find(field).click()
        either.driver.execute_cdp_cmd("Input.insertText", {"text": text})
    either.find("#login [type=submit]").click()
    assert either.said("too-long") == "That username or password is too long."
    either.log_in()
    either.arrives("/demo/")


def test_no_address_of_a_link_ends_in_a_stray_mark(browser):
    browser.open("/gatehouse/login")
    browser.log_in()
    browser.arrives("/gatehouse/account")
    for path in ("/gatehouse/login", "/gatehouse/login?error=password", "/gatehouse/login?notice=reauth", "/gatehouse/account",
                 "/gatehouse/login?lang=de&next=/demo/", "/gatehouse/account?notice=changed", "/gatehouse/confirm-logout"):
        browser.open(path)
        for link in browser.all("a"):
            href = link.get_attribute("href")
            assert href[-1] not in "?&" and "&&" not in href and "?&" not in href, (path, href)


def test_the_site_has_a_name(stack, port):
    edits = {"snippets/links.conf": [('default "";  # Sailing Club', 'default "Sailing & Co";'),
                                     ('default "";  # /logo.svg', 'default "/gatehouse/assets/icon.svg";'),
                                     ('default "";  # Member number', 'default "Member number";')]}
    with Front(stack, port + 48, server("localhost", ""), name="named", edits=edits) as front, \
            Browser(front.site.base) as browser:
        browser.open("/gatehouse/login?error=password")
        assert browser.driver.title == "Error: Log in – Sailing & Co"
        assert browser.find("header a").text == "Sailing & Co"
        assert browser.driver.execute_script("return document.querySelector('header img').naturalWidth > 0")
        assert browser.find("label[for=username]").text == "Member number"
        assert browser.violations() == []
