"""How the pages look, and whether everybody can use them: axe-core, small screens, light and dark.

With GATEHOUSE_SCREENSHOTS=FOLDER it leaves pictures there, as shown in the README.
"""
import os
from pathlib import Path

import pytest

from test_login_page import visitor

PICTURES = os.environ.get("GATEHOUSE_SCREENSHOTS")
WIDTHS = (360, 1280)


def open_login(browser):
    browser.open("/gatehouse/login?next=/demo/")
    browser.shown("#login")


def open_failed_login(browser):
    browser.open("/gatehouse/login?error=password&next=/demo/")
    browser.said("password")


def open_account(browser):
    browser.open("/gatehouse/account")
    browser.log_in("anna", "anna")
    browser.arrives("/gatehouse/account")
    browser.shown("#sessions li")
    # Not there without user.update_query, but to be judged as well.
    browser.driver.execute_script("document.getElementById('change').hidden = false")


def open_forbidden(browser):
    browser.open("/demo/admin/")
    browser.log_in()
    browser.arrives("/demo/admin/")


PAGES = {"login": open_login, "failed-login": open_failed_login, "account": open_account,
         "forbidden": open_forbidden}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(stack, site, name, language):
    stack.database.run("DELETE FROM session WHERE username = 'anna'; DELETE FROM user WHERE username = 'anna'")
    stack.add_user("anna", "anna")
    site.token("anna")  # one more session in the list
    with visitor(stack, language=language) as browser:
        browser.look()
        PAGES[name](browser)
        for dark in (False, True):
            for width in WIDTHS:
                browser.look(width, dark=dark)
                assert browser.violations() == [], (name, language, dark, width)
                assert not browser.driver.execute_script(
                    "return document.documentElement.scrollWidth > innerWidth"), f"wider than {width}"
                if PICTURES and language == "en" and name != "failed-login":
                    keep(browser, f"{name}-{'dark' if dark else 'light'}-{width}", width, dark)


def keep(browser, name, width, dark):
    height = browser.driver.execute_script("return document.querySelector('main').scrollHeight") + 48
    browser.look(width, height, dark)
    browser.driver.save_screenshot(str(Path(PICTURES) / f"{name}.png"))
