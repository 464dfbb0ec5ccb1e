"""Nobody comes in while nobody can be judged, whatever the server around says; and the cache."""
import time

import pytest

from guarded import SECRET, Guarded, cookie
from instance import Instance
from pages_site import PagesSite
from waiting import allow, eventually

PLACES = ["/members/page.html", "/role/page.html", "/cached/page.html", "/php/index.php", "/front/x", "/app/x"]


@pytest.fixture(scope="module")
def orphaned(spare_stack):
    """The locations of a stack whose gatehouse has ended, and the cookie of one who was inside."""
    inside = cookie(spare_stack.site().token("admin"))
    with Guarded(spare_stack, int(spare_stack.env["URL"].rpartition(":")[2]) + 10) as guarded:
        for path in PLACES:
            assert guarded.site.send("GET", path, headers=inside).status_code == 200
        spare_stack.gatehouse.stop(allow(12))
        time.sleep(1.0)  # as long as the cache may know of it
        yield guarded, inside


@pytest.mark.parametrize("path", PLACES)
def test_without_gatehouse_nobody_comes_in(orphaned, path):
    guarded, inside = orphaned
    for headers in ({}, inside):
        answer = guarded.site.send("GET", path, headers=headers)
        assert (answer.status_code, SECRET in answer.text) == (503, False)


def test_an_error_page_of_the_servers_own_does_not_answer_for_gatehouse(orphaned):
    guarded, inside = orphaned
    for path in ("/page.html", "/index.php", "/cached/page.html"):
        for headers in ({}, inside):
            answer = guarded.whole.send("GET", path, headers=headers)
            assert SECRET not in answer.text and "REMOTE_USER" not in answer.text


def test_a_cache_of_the_servers_own_answers_for_nobody_else(guarded, site):
    roy = cookie(site.token())
    whole = guarded.whole
    for _ in range(3):
        assert SECRET in whole.send("GET", "/page.html", headers=roy).text
        assert whole.send("GET", "/page.html").status_code == 401
        assert whole.send("GET", "/page.html", headers=cookie("A" * 43)).status_code == 401
    # Nor does it keep what the API says.
    assert whole.send("GET", "/gatehouse/", headers=roy).status_code == 200
    assert whole.send("GET", "/gatehouse/").status_code == 401


def test_a_rewrite_of_the_servers_own_does_not_answer_for_gatehouse(guarded, site):
    for path, status in {"/": 401, "/page.html": 401, "/index.php": 401, "/gatehouse/auth/*": 404}.items():
        answer = guarded.rewriting.send("GET", path)
        assert (answer.status_code, "REMOTE_USER" in answer.text) == (status, False), path
    told = guarded.rewriting.send("GET", "/some/route", headers=cookie(site.token())).json()
    assert told["REMOTE_USER"] == "roy"


def test_while_the_database_is_away_members_stay_in_and_strangers_stay_out(database, guarded, site):
    roy = cookie(site.token())
    door = guarded.site
    assert door.send("GET", "/members/page.html", headers=roy).status_code == 200
    database.kill()
    assert door.send("GET", "/members/page.html", headers=roy).status_code == 200
    assert door.send("GET", "/members/page.html", headers=cookie("A" * 43)).status_code == 401
    assert door.send("GET", "/members/page.html").status_code == 401


def test_the_cache_lets_in_and_keeps_who_it_is(guarded, site):
    door = guarded.site
    for name in ("roy", "admin"):
        headers = cookie(site.token(name))
        for _ in range(5):
            assert SECRET in door.send("GET", "/cached/page.html", headers=headers).text
            status = door.send("GET", "/cached-role/page.html", headers=headers).status_code
            assert status == (200 if name == "admin" else 403)


def test_the_cache_never_answers_for_another_cookie(guarded, site):
    door = guarded.site
    token = site.token("admin")
    end = time.monotonic() + allow(2.5)
    while time.monotonic() < end:
        assert SECRET in door.send("GET", "/cached/page.html", headers=cookie(token)).text
        for other in ({}, {"Cookie": ""}, {"Cookie": "a=b"}, cookie(""), cookie("A" * 43), cookie(token, "other"),
                      cookie(token, "Gatehouse"), cookie(token[:-1])):
            answer = door.send("GET", "/cached/page.html", headers=other)
            assert (answer.status_code, SECRET in answer.text) == (401, False), other


def test_no_part_of_the_key_can_be_made_of_another(guarded, site):
    """A visitor without the role writes the demand of another location into what they may write."""
    door = guarded.site
    roy, admin = site.token("roy"), site.token("admin")
    for _ in range(20):
        assert door.send("GET", "/cached-role/page.html", headers=cookie(admin)).status_code == 200
        for line in (f"gatehouse={roy}|admin", f"gatehouse={roy}; x=|http|*|gatehouse={admin[:5]}"):
            assert door.send("GET", "/cached-role/page.html", headers={"Cookie": line}).status_code in (401, 403)


@pytest.mark.parametrize("path", ["/members/page.html", "/cached/page.html"])
def test_a_page_is_closed_a_second_after_the_logout_at_the_latest(guarded, site, path):
    """Twelve times, in all phases of a second."""
    door = guarded.site
    longest = 0.0
    for turn in range(12):
        headers = cookie(site.token())
        time.sleep(turn / 12)
        assert door.send("GET", path, headers=headers).status_code == 200
        assert site.send("POST", "/logout", headers=headers).status_code == 200
        out = time.monotonic()
        while True:
            asked = time.monotonic()
            if door.send("GET", path, headers=headers).status_code == 401:
                break
            longest = max(longest, asked - out)
            assert longest <= 1.0, f"open {longest:.2f} s after the logout"
    print(f"{path}: open for {longest:.2f} s at most")


def test_a_session_of_another_process_is_asked_about_and_comes_in(stack, guarded):
    """It is not in the map of the gatehouse that nginx asks: the database lane looks it up."""
    with Instance(stack, "beside") as other:
        other.wait_until_serving(allow(5))
        headers = {"Cookie": other.login().cookie}
    assert SECRET in guarded.site.send("GET", "/members/page.html", headers=headers).text


def test_a_genuine_session_that_cannot_be_looked_up_is_no_stranger(stack, database, guarded):
    with Instance(stack, "beside-again") as other:
        other.wait_until_serving(allow(5))
        headers = {"Cookie": other.login().cookie}
    database.stop()
    answer = guarded.site.send("GET", "/members/page.html", headers={**headers, "Sec-Fetch-Mode": "navigate"})
    assert (answer.status_code, SECRET in answer.text) == (503, False)
    database.start()
    assert eventually(lambda: guarded.site.send("GET", "/members/page.html", headers=headers).ok, allow(5))


def test_a_role_that_is_given_or_taken_counts_within_the_age_of_what_is_known(stack, port):
    stack.add_user("climber", "climber")
    with Instance(stack, "short-age", {"user": {"max_age": "1s"}}) as short, \
            PagesSite(stack, port + 60, short.place) as place:
        headers = cookie(place.site.token("climber"))

        def status():
            return place.site.send("GET", "/demo/admin/", headers=headers).status_code

        assert status() == 403
        stack.database.run("INSERT INTO user_role SELECT id, 'admin' FROM user WHERE username = 'climber'")
        eventually(lambda: status() == 200, allow(4), what="the role is known")
        stack.database.run("DELETE r FROM user_role r JOIN user u ON u.id = r.user_id WHERE username = 'climber'")
        eventually(lambda: status() == 403, allow(4), what="that it is gone is known")
