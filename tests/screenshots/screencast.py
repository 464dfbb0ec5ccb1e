#!/usr/bin/python3
"""Records the screencast of the README from a real Chromium: log in, a protected page, log out everywhere.

    sh tests/stack.sh up
    /usr/bin/python3 tests/screenshots/screencast.py http://localhost:5000 tests/screenshots/screencast.png
"""
import base64
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e/parts"))

from apng import animation, facts  # noqa: E402
from browser import Browser  # noqa: E402
from visitor import Site  # noqa: E402

SIZE = (760, 640)
DEVICES = [
    ("203.0.113.7", False, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"),
    ("198.51.100.23", True, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
                            "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"),
]
# Headless Chromium takes no picture of a pointer, so the page gets one.
POINTER = """
let pointer = document.getElementById('pointer');
if (!pointer) {
  const svg = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  pointer = svg('svg');
  pointer.id = 'pointer';
  pointer.setAttribute('viewBox', '0 0 12 19');
  const arrow = svg('path');
  arrow.setAttribute('d', 'M0 0v16l4-4 3 7 2-1-3-7h6z');
  arrow.setAttribute('fill', '#000');
  arrow.setAttribute('stroke', '#fff');
  pointer.append(arrow);
  Object.assign(pointer.style, {position: 'fixed', width: '14px', height: '22px', zIndex: 9, pointerEvents: 'none'});
}
(document.querySelector('dialog[open]') ?? document.body).append(pointer);
Object.assign(pointer.style, {left: arguments[0] + 'px', top: arguments[1] + 'px'});
"""


class Recorder:
    def __init__(self, browser):
        self.browser = browser
        self.frames = []
        self._at = (SIZE[0] - 90, SIZE[1] - 60)

    def frame(self, milliseconds):
        self.browser.driver.execute_script(POINTER, *self._at)
        picture = self.browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        self.frames.append((base64.b64decode(picture["data"]), milliseconds))

    def move_to(self, element, steps=7):
        box = self.browser.driver.execute_script(
            "const box = arguments[0].getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]", element)
        begin = self._at
        for step in range(1, steps + 1):
            part = step / steps
            part = part * part * (3 - 2 * part)  # slow, quick, slow
            self._at = tuple(round(old + (new - old) * part) for old, new in zip(begin, box))
            self.frame(60)
        self.frames[-1] = (self.frames[-1][0], 350)

    def type(self, element, text):
        for letter in text:
            element.send_keys(letter)
            self.frame(170)


def record(browser):
    screen = Recorder(browser)
    browser.look(*SIZE)
    browser.open("/demo/")
    screen.frame(1500)
    screen.type(browser.shown("#username"), "roy")
    screen.move_to(browser.find("#password"))
    browser.find("#password").click()
    screen.type(browser.find("#password"), "roy")
    screen.move_to(browser.find("#login [type=submit]"))
    browser.find("#login [type=submit]").click()
    browser.arrives("/demo/")
    screen.frame(2600)
    link = browser.find("a[href='/gatehouse/account']")
    screen.move_to(link)
    link.click()
    browser.shown("#others")
    screen.frame(2800)
    screen.move_to(browser.find("#others"))
    browser.find("#others").click()
    browser.shown("#ask")
    screen.frame(2000)
    screen.move_to(browser.find("#yes"))
    browser.find("#yes").click()
    browser.shown("[data-said=others-out]")
    screen.frame(1000)
    rest = 20000 - sum(milliseconds for _, milliseconds in screen.frames)
    screen.frames[-1] = (screen.frames[-1][0], 1000 + rest)
    return screen.frames


def main(url, out):
    site = Site(url)
    # Alone with these devices in the list, whatever was there before.
    own = {"Cookie": f"gatehouse={site.token()}"}
    site.send("DELETE", "/sessions", headers=own)
    site.send("POST", "/logout", headers=own)
    for address, remember, agent in DEVICES:
        site.send("POST", "/login", json={"username": "roy", "password": "roy", "remember": remember},
                  headers={"User-Agent": agent, "Test-Client-Address": address})
    with Browser(url) as browser:
        browser.driver.execute_cdp_cmd("Network.enable", {})
        browser.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Test-Client-Address": "192.0.2.44"}})
        picture = animation(record(browser))
    Path(out).write_bytes(picture)
    print("{} frames, {:.1f} s, {} bytes".format(*facts(picture), len(picture)))


if __name__ == "__main__":
    main(*sys.argv[1:])
