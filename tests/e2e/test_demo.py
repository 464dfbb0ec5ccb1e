"""The small site that a stack shows under /demo/."""
import re
from pathlib import Path

import pytest

from apng import facts
from guarded import cookie
from stack import Stack
from test_login_page import visitor
from visitor import form


@pytest.mark.parametrize("path, name, text", [
    ("/demo/", "roy", "For members"),
    ("/demo/", "admin", "<bdi>admin</bdi></strong> (roles: admin)"),
    ("/demo/admin/", "admin", "For admins"),
    ("/demo/fresh/", "roy", "less than a minute ago"),
    ("/demo/php/", "roy", "Hello roy"),
    ("/demo/php/", "admin", "Your roles: admin"),
    ("/demo/app/", "roy", "Remote-User: roy"),
    ("/demo/app/", "admin", "Remote-Groups: admin"),
])
def test_a_part_of_the_demonstration_greets_who_may_see_it(site, path, name, text):
    answer = site.send("GET", path, headers=cookie(site.token(name)))
    assert (answer.status_code, text in answer.text) == (200, True)
    assert site.send("GET", path).status_code == 401


def test_the_admins_part_is_not_for_members(site):
    assert site.send("GET", "/demo/admin/", headers=cookie(site.token("roy"))).status_code == 403


@pytest.mark.parametrize("method, way", [("GET", "/demo/admin/?a=1"), ("POST", ""), ("DELETE", "")])
def test_a_refusal_offers_a_way_back_to_what_can_be_asked_for_again(site, method, way):
    headers = {**cookie(site.token("roy")), "Accept": "text/html"}
    answer = site.send(method, "/demo/admin/?a=1", headers=headers)
    assert answer.status_code == 403
    assert f'href="/gatehouse/login?notice=other&next={way}"' in answer.text


def test_each_line_of_nginx_that_the_demonstration_shows_is_its_own(site):
    page = site.send("GET", "/demo/", headers=cookie(site.token())).text
    conf = (Path(__file__).resolve().parents[1] / "support/demo/demo.conf").read_text()
    lines = re.findall('<code class="small">(.+)</code>', page)
    assert len(lines) == 5 and all(line in conf for line in lines)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_demonstration_can_be_used_by_everybody(stack, width):
    with visitor(stack) as browser:
        browser.look(width)
        browser.open("/demo/")
        browser.log_in()
        browser.arrives("/demo/")
        assert browser.violations() == [] and not browser.is_too_wide()
        browser.find("form button").click()
        browser.is_logged_out()


def test_who_misses_an_address_gets_a_page_and_a_program_the_answer_of_the_api(site):
    inside = cookie(site.token())
    answer = site.send("GET", "/demo/nothing", headers={**inside, "Accept": "text/html"})
    assert answer.status_code == 404 and 'href="/demo/"' in answer.text
    answer = site.send("GET", "/demo/nothing", headers=inside)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
    answer = site.send("GET", "/", headers={**inside, "Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/demo/")


def test_who_tries_the_demonstration_can_change_their_password_and_is_led_to_it(port):
    """As `stack.sh up` starts it for people; the tests have one without."""
    demonstration = Stack(port + 70, "up")
    try:
        site = demonstration.site()
        answer = form(site, "")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/demo/")
        token = cookie(answer.cookies["gatehouse"])
        answer = site.send("POST", "/password", json={"current": "roy", "new": "a long new one"}, headers=token)
        assert answer.status_code == 200, answer.text
        page = site.send("GET", "/gatehouse/account", headers=token).text
        assert "Gatehouse, a demonstration" in page and 'href="/demo/">Back to the site' in page
        assert "then change your password" in page and 'id="change" aria-labelledby="change-title">' in page
    finally:
        demonstration.down()


def test_the_screencast_of_the_readme_is_short_and_small():
    picture = (Path(__file__).resolve().parents[1] / "screenshots/screencast.png").read_bytes()
    frames, seconds = facts(picture)
    assert len(picture) < 500_000 and frames > 20 and seconds == pytest.approx(20)
