"""Headless Chromium at the pages."""
import contextlib
import os
import subprocess
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from waiting import allow, eventually

AXE_VERSION = "4.14.1"
BUILD = Path(__file__).resolve().parents[3] / "build"
DEADLINE = allow(10)


def _options(language, javascript):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--no-proxy-server", "--hide-scrollbars", f"--lang={language}",
                     # What a browser asks its maker for at its start.
                     "--disable-background-networking", "--disable-component-update", "--no-first-run"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {
        "intl.accept_languages": language,
        "profile.managed_default_content_settings.javascript": 1 if javascript else 2,
    })
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.accept_insecure_certs = True
    return options


# Those that no test uses now, by what they were started with: to start one takes longer than most tests.
_idle = {}


def quit_idle_browsers():
    for drivers in _idle.values():
        for driver in drivers:
            driver.quit()
    _idle.clear()


def _forget_all(driver, base):
    """As new: in a tab of its own (so without history, emulation and the like), without cookies, storage and cache."""
    old = driver.window_handles
    driver.switch_to.new_window("tab")
    fresh = driver.current_window_handle
    for handle in old:
        driver.switch_to.window(handle)
        driver.close()
    driver.switch_to.window(fresh)
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": base, "storageTypes": "all"})
    driver.get_log("browser")


class Browser:
    """One visitor's browser, at one site. It knows nothing of the one before."""

    def __init__(self, base, language="en", javascript=True):
        self.base = base
        self._kind = language, javascript
        idle = _idle.get(self._kind)
        self.driver = idle.pop() if idle else webdriver.Chrome(service=Service("/usr/bin/chromedriver"),
                                                               options=_options(language, javascript))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            _forget_all(self.driver, self.base)
        except WebDriverException:
            self.driver.quit()
        else:
            _idle.setdefault(self._kind, []).append(self.driver)

    def look(self, width=1280, height=900, dark=False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def emulate(self, **features):
        """Media features, with _ for -: forced_colors="active"."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def enlarge_text(self, percent):
        """The text alone, as by a browser's font size; not the page."""
        self.driver.execute_script("document.documentElement.style.fontSize = arguments[0] + '%'", percent)

    def is_too_wide(self):
        return self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth")

    def is_in_view(self, element):
        """All of it."""
        return self.driver.execute_script(
            "const box = arguments[0].getBoundingClientRect();"
            "return box.height > 0 && box.top >= -1 && box.bottom <= innerHeight + 1", element)

    def focused(self):
        return self.driver.switch_to.active_element

    def click_at(self, x, y, times=1, pause=0.0):
        """Clicks at a place of the window, wherever things have moved meanwhile."""
        for number in range(times):
            time.sleep(pause if number else 0)
            for kind in ("mousePressed", "mouseReleased"):
                self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {
                    "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})

    def middle_of(self, element):
        box = self.driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center'}); const box = arguments[0].getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]", element)
        return [int(part) for part in box]

    def open(self, path):
        self.driver.get(self.base + path)

    @property
    def path(self):
        """Path and query of where it is."""
        url = self.driver.current_url
        assert url.startswith(self.base + "/"), url
        return url[len(self.base):]

    def arrives(self, path):
        eventually(lambda: self.driver.current_url == self.base + path, DEADLINE,
                   what=f"{path} (it is at {self.driver.current_url})")

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return [one for one in self.driver.find_elements(By.CSS_SELECTOR, css) if one.is_displayed()]

    def shown(self, css):
        """The first one that is to be seen, once there is one."""
        def probe():
            with contextlib.suppress(StaleElementReferenceException):
                return next(iter(self.all(css)), None)
        return eventually(probe, DEADLINE, what=f"{css} at {self.driver.current_url}")

    def said(self, what):
        """The text that the page says, and no other with it."""
        element = self.shown(f"[data-said={what}]")
        assert len(self.all("[data-said]")) == 1
        return element.text

    def is_logged_out(self, way_back=""):
        """At the login page, which says so. The script takes it out of the address, so that a reload does not say it again."""
        assert self.said("logged-out") == "You’re logged out."
        assert self.path in [f"/gatehouse/login{query}{way_back and mark + 'next=' + way_back}"
                             for query, mark in (("", "?"), ("?notice=logged-out", "&"))]

    def type_login(self, name="roy", password="roy"):
        for field, text in (("username", name), ("password", password)):
            element = self.shown(f"#{field}")
            if not element.get_attribute("readonly"):
                element.clear()
                element.send_keys(text)

    def log_in(self, name="roy", password="roy"):
        self.type_login(name, password)
        self.find("#login [type=submit]").click()

    def complaints(self):
        """What the page did that its Content-Security-Policy forbids, and errors of its scripts."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "Content Security Policy" in entry["message"] or entry["source"] == "javascript"]

    def violations(self):
        """What axe-core finds wrong with the page for people with disabilities (WCAG 2.1 AA and more)."""
        self.driver.execute_script(axe())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document).then(done, (error) => done({violations: [{id: String(error)}]}));")
        return [(one["id"], [node["html"] for node in one.get("nodes", [])]) for one in found["violations"]]


def axe():
    """The source of axe-core, by npm, kept in build/."""
    folder = BUILD / f"axe-core-{AXE_VERSION}"
    script = folder / "package/axe.min.js"
    if not script.exists():
        os.makedirs(folder, exist_ok=True)
        # By itself npm would try for two minutes where there is no network.
        subprocess.run(["npm", "pack", "--loglevel=error", "--fetch-retry-mintimeout=1000",
                        "--fetch-retry-maxtimeout=3000", f"axe-core@{AXE_VERSION}"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", f"axe-core-{AXE_VERSION}.tgz"], cwd=folder, check=True)
    return script.read_text()
