"""Chromium at a site that follows a recipe: what it sends by itself, at a click on the application's own links."""
import contextlib

from browser import Browser


@contextlib.contextmanager
def chromium(site, path, name):
    """Opened at `path` by this person, whom the login page has let in and led back there."""
    with Browser(site.base) as browser:
        browser.open(path)
        browser.shown("#username")
        browser.log_in(name, name)
        browser.arrives(path)
        yield browser


def check_click(site, path, name, link):
    """A click on what the selector `link` finds ends the session, and nobody is in any more."""
    with chromium(site, path, name) as browser:
        own = browser.driver.get_cookie("gatehouse")["value"]
        assert site.front.site.send("GET", path, headers={"Cookie": f"gatehouse={own}"}).status_code == 200
        browser.shown(link).click()
        browser.shown("#username")
        assert browser.path.startswith("/gatehouse/login")
        assert site.front.site.send("GET", path, headers={"Cookie": f"gatehouse={own}"}).status_code == 401
        browser.open(path)
        browser.shown("#username")
