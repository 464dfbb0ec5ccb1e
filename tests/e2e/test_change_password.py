"""POST /password: who knows the current one sets a new one, and all their other sessions end."""
import hashlib
import json

import pytest

from fastcgi import web
from instance import Instance
from member import PASSWORD, UPDATE, cookie_of, log_in, name, status, statuses
from visitor import FORBIDDEN, INVALID_CREDENTIALS, INVALID_JSON, INVALID_PASSWORD, UNAUTHORIZED
from waiting import allow, timed

FRESH = "a new one, ü"
CHANGED = {"message": "Your password was changed"}


@pytest.fixture(scope="module")
def service(stack, members):
    settings = members.settings(user={"update_query": UPDATE}, password={"min_length": 10})
    with Instance(stack, "passwords", settings) as service:
        service.wait_until_serving(allow(5))
        yield service


@pytest.fixture(autouse=True)
def every_row_as_it_was(changing_members):
    return changing_members


def change(service, cookie, current=PASSWORD, new=FRESH, **headers):
    return post(service, cookie, json.dumps({"current": current, "new": new}).encode(), **headers)


def post(service, cookie, body, **headers):
    cookies = {"Cookie": cookie} if cookie else {}
    return service.ask(web("POST", "/password", body, headers={**cookies, **headers}), body)


def assert_unchanged(service, number, new=FRESH):
    assert log_in(service, number).status == 200
    assert log_in(service, number, new).status == 400


def stored(members, number):
    return members.database.run(f"SELECT password FROM member WHERE username = '{name(number)}'").strip()


def test_the_new_one_is_the_password_from_then_on(service, changing_members):
    cookie = cookie_of(service, 60)
    before = stored(changing_members, 60)
    answer = change(service, cookie)
    assert (answer.status, answer.json()) == (200, CHANGED)
    assert log_in(service, 60).status == 400
    assert log_in(service, 60, FRESH).status == 200
    after = stored(changing_members, 60)
    assert after != before
    assert stored(changing_members, 61) == before  # of another member, with the same password


def test_it_ends_all_other_sessions_and_keeps_this_one(service):
    mine, *others = [cookie_of(service, 62) for _ in range(4)]
    another = cookie_of(service, 63)
    assert statuses(service.place, [mine, *others, another]) == [200] * 5
    assert change(service, mine).status == 200
    assert statuses(service.place, [mine, *others, another]) == [200, 401, 401, 401, 200]
    service.process.stop(allow(12))
    service.process = service.start()
    assert statuses(service.place, [mine, *others, another]) == [200, 401, 401, 401, 200]


def test_a_wrong_current_one_is_400_as_late_as_at_a_login_and_changes_nothing(service):
    mine, other = cookie_of(service, 64), cookie_of(service, 64)
    seconds, answer = timed(lambda: change(service, mine, current="wrong one"))
    assert (answer.status, answer.json()) == (400, INVALID_PASSWORD)
    # Whatever else the machine does makes a login longer, never shorter.
    assert seconds >= 0.5 * min(timed(lambda: log_in(service, 64, "wrong one"))[0] for _ in range(3))
    assert_unchanged(service, 64)
    assert statuses(service.place, [mine, other]) == [200, 200]


@pytest.mark.parametrize("new, said", [
    ("short", "too short"),
    ("123456789", "too short"),  # 9 characters where 10 are demanded
    ("üüüüü", "too short"),  # 10 bytes, 5 characters
    pytest.param("x" * 1025, "too long", id="1025 bytes"),
    pytest.param("ü" * 513, "too long", id="1026 bytes in 513 characters"),
    ("qwertyuiop", "too common"),
    ("QwertyUIOP", "too common"),
    ("zzzzzzzzzzzz", "too common"),
    (" \t" * 6, "too common"),
    (name(65) + "!2024", "too like a name"),
    (name(65)[::-1].upper() + "x", "too like a name"),
    ("Localhost-1", "too like a name"),  # what the site is called here
])
def test_a_new_one_that_is_not_good_enough_is_refused_with_the_reason(service, new, said):
    cookie = cookie_of(service, 65)
    answer = change(service, cookie, new=new)
    assert (answer.status, answer.json()) == (400, {"message": f"Bad Request - the new password is {said}"})
    if len(new.encode()) <= 1024:  # more is no login at all
        assert_unchanged(service, 65, new)


def test_the_current_one_again_is_no_change(service):
    """Whoever was told to change a stolen password would believe it done."""
    cookie, other = cookie_of(service, 67), cookie_of(service, 67)
    answer = change(service, cookie, new=PASSWORD)
    assert (answer.status, answer.json()) == (400, {"message": "Bad Request - the new password is the current one"})
    assert change(service, cookie, current="a wrong one", new="a wrong one").json() == INVALID_PASSWORD
    assert statuses(service.place, [cookie, other]) == [200, 200]


@pytest.mark.parametrize("new", [
    "1234567890!", "äöüäöüäöüä", "x y" * 4, "a\u0000bcdefghijk",
    pytest.param("xy" * 512, id="1024 bytes"), pytest.param("üö" * 256, id="1024 bytes in 512 characters"),
])
def test_at_the_limits_it_is_taken(service, new):
    cookie = cookie_of(service, 66)
    assert change(service, cookie, new=new).status == 200
    assert log_in(service, 66, new).status == 200
    assert log_in(service, 66, new[:-1]).status == 400


def test_without_a_session_or_from_another_site_nothing_is_changed(service):
    for cookie in (None, "gatehouse=" + "A" * 43):
        answer = change(service, cookie)
        assert (answer.status, answer.json()) == (401, UNAUTHORIZED)
    answer = change(service, cookie_of(service, 67), Origin="https://evil.example")
    assert (answer.status, answer.json()) == (403, FORBIDDEN)
    assert_unchanged(service, 67)


@pytest.mark.parametrize("body, expected", [
    (b"", INVALID_JSON), (b"{", INVALID_JSON), (b'{"current":"x","current":"y"}', INVALID_JSON),
    (b"{}", INVALID_CREDENTIALS), (b'{"current":"x"}', INVALID_CREDENTIALS),
    (b'{"new":"1234567890!"}', INVALID_CREDENTIALS), (b'{"current":"","new":"1234567890!"}', INVALID_CREDENTIALS),
    (b'{"current":1,"new":"1234567890!"}', INVALID_CREDENTIALS),
    (b'{"current":"x","new":null}', INVALID_CREDENTIALS),
])
def test_a_body_that_is_no_such_request_is_refused(service, body, expected):
    answer = post(service, cookie_of(service, 68), body)
    assert (answer.status, answer.json()) == (400, expected)
    assert answer.header("Gatehouse-Min-Length") == ("10" if expected == INVALID_CREDENTIALS else None)


def test_where_hashes_are_never_written_there_is_no_such_place(stack, members):
    with Instance(stack, "reading", members.settings()) as service:
        service.wait_until_serving(allow(5))
        cookie = cookie_of(service, 69)
        assert change(service, cookie).status == 404
        assert status(service, cookie) == 200


def test_a_hash_that_is_not_written_in_its_form_cannot_be_changed_here(stack, changing_members):
    unsalted = hashlib.md5(PASSWORD.encode()).hexdigest()
    changing_members.database.run(f"UPDATE member SET password = '{unsalted}' WHERE username = '{name(70)}'")
    settings = changing_members.settings(user={"update_query": UPDATE}, password={"allow_weak": ["raw-md5"]})
    with Instance(stack, "unwritten", settings) as service:
        service.wait_until_serving(allow(5))
        mine, other = cookie_of(service, 70), cookie_of(service, 70)
        answer = change(service, mine)
        assert (answer.status, answer.json()) == (409, {"message": "The password cannot be changed here"})
        assert statuses(service.place, [mine, other]) == [200, 200]
    assert stored(changing_members, 70) == unsalted


def test_one_that_others_have_lost_is_refused_by_a_list_that_may_change_at_any_time(stack, members, tmp_path):
    listed = tmp_path / "breached"
    listed.write_text("".join(sorted(
        hashlib.sha1(f"an old one {i}".encode()).hexdigest().upper() + f":{i + 1}\n" for i in range(500))))
    tmp_path.chmod(0o755)
    settings = members.settings(user={"update_query": UPDATE}, password={"breached_file": str(listed)})
    with Instance(stack, "breached", settings) as service:
        service.wait_until_serving(allow(5))
        cookie = cookie_of(service, 73)
        answer = change(service, cookie, new="an old one 400")
        assert (answer.status, answer.json()) == (400, {"message": "Bad Request - the new password is too common"})
        listed.rename(tmp_path / "elsewhere")
        assert change(service, cookie, new="an old one 600").status == 503, "a list that is away is no yes"
        assert "password.breached_file cannot be asked" in service.log()
        (tmp_path / "elsewhere").rename(listed)
        assert change(service, cookie, new="an old one 600").status == 200


@pytest.fixture
def forbidden_to_write(changing_members):
    changing_members.database.run("REVOKE UPDATE (password) ON member FROM gatehouse@localhost")
    yield
    changing_members.database.run("GRANT UPDATE (password) ON member TO gatehouse@localhost")


@pytest.mark.usefixtures("forbidden_to_write")
def test_an_account_that_may_not_write_changes_nothing_and_the_log_says_why(stack, members):
    with Instance(stack, "forbidden", members.settings(user={"update_query": UPDATE})) as service:
        service.wait_until_serving(allow(5))
        mine, other = cookie_of(service, 71), cookie_of(service, 71)
        assert change(service, mine).status == 503
        assert "is not changed: MySQL error 1142" in service.log()
        assert statuses(service.place, [mine, other]) == [200, 200]
        assert_unchanged(service, 71)


@pytest.mark.parametrize("transform, new, said", [
    ("trim", " " * 12, "the new password is too short"),
    ("trim", "  password  \n", "the new password is too common"),
    ("trim", "q8-Xv\t\t\t\t\t\t\t", "the new password is too short"),
    ("slash", "\t" * 6 + "''''" + " " * 6, "the new password is too short"),
    ("html", "\u0000" * 12, "the new password is too short"),
    ("html", "trust\u0000no1", "the new password is too common"),
    ("html", "<<<", "the new password is too short"),  # twelve characters of what the site hashes
])
def test_the_rules_hold_for_what_the_sites_application_makes_of_it(stack, members, transform, new, said):
    settings = members.settings(user={"update_query": UPDATE, "password_transform": transform})
    with Instance(stack, "transformed", settings) as service:
        service.wait_until_serving(allow(5))
        cookie = cookie_of(service, 66)
        answer = change(service, cookie, new=new)
        assert (answer.status, answer.json()) == (400, {"message": f"Bad Request - {said}"})
        assert log_in(service, 66).status == 200
