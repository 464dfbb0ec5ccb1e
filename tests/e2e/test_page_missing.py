"""A wrong address below /gatehouse/: a page for people, the API's own answer for programs."""
import pytest

from guarded import cookie
from test_login_page import visitor
from test_page_texts import LANGUAGES

BROWSERS = [{"Sec-Fetch-Mode": "navigate"}, {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}]
WRONG = ["/gatehouse/nosuch", "/gatehouse/logn", "/gatehouse/login/", "/gatehouse/login%0A",
         "/gatehouse/healthz", "/gatehouse/nosuch/x.png"]


@pytest.mark.parametrize("headers", BROWSERS, ids=str)
@pytest.mark.parametrize("path", WRONG)
def test_a_browser_gets_a_page(site, path, headers):
    answer = site.send("GET", path, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert answer.text.count("<html") == 1 and "<h1>There’s no such page</h1>" in answer.text
    assert 'href="/gatehouse/login"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method, headers", [("GET", {}), ("GET", {"Sec-Fetch-Mode": "cors", "Accept": "text/html"}),
                                             ("GET", {"Accept": "application/json"}), ("POST", BROWSERS[0])])
def test_a_program_gets_what_it_always_got(site, method, headers):
    answer = site.send(method, "/gatehouse/nosuch", headers=headers)
    other_mount = site.send(method, "/api/nosuch", headers=headers)
    assert (answer.status_code, answer.content) == (404, b'{"message":"Not Found"}')
    assert answer.content == other_mount.content
    assert {name for name in answer.headers} == {name for name in other_mount.headers}


def test_a_browser_still_sees_what_the_api_has_for_it(site):
    answer = site.send("GET", "/gatehouse/sessions", headers={**BROWSERS[0], **cookie(site.token())})
    assert answer.status_code == 200 and answer.json()["sessions"]
    assert site.send("GET", "/gatehouse/sessions/x", headers=BROWSERS[0]).status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_use_the_page(stack, language):
    with visitor(stack, language=language) as browser:
        browser.open("/gatehouse/nosuch?x=1")
        assert browser.find("html").get_attribute("lang") == language
        for dark, width in ((False, 1280), (True, 320)):
            browser.look(width, dark=dark)
            assert browser.violations() == [] and not browser.is_too_wide(), width
        browser.driver.get_log("browser")  # of the 404 itself
