"""Rows of the site's own table: every Werkzeug hash logs its owner in, and no one else."""
import hashlib

import pytest

from visitor import INVALID_PASSWORD, LOGGED_IN

SALT = "k1Ud5dzh"


def pbkdf2(digest, rounds, password="päss wörd"):
    key = hashlib.pbkdf2_hmac(digest, password.encode(), SALT.encode(), rounds).hex()
    return f"pbkdf2:{digest}:{rounds}${SALT}${key}"


def scrypt(n, r, p, password="päss wörd"):
    key = hashlib.scrypt(password.encode(), salt=SALT.encode(), n=n, r=r, p=p, maxmem=2**30).hex()
    return f"scrypt:{n}:{r}:{p}${SALT}${key}"


@pytest.mark.parametrize("stored", [
    pbkdf2("sha1", 1000), pbkdf2("sha256", 20000), pbkdf2("sha512", 1000),
    scrypt(2**14, 8, 1), scrypt(2**10, 4, 3),
])
def test_a_user_with_a_werkzeug_hash_logs_in_with_the_right_password_only(site, stack, stored):
    stack.add_row("werk", stored)
    right = site.login("werk", "päss wörd")
    assert (right.status_code, right.json()) == (200, LOGGED_IN)
    assert site.home(right.cookies["gatehouse"]).json()["username"] == "werk"
    wrong = site.login("werk", "päss word")
    assert (wrong.status_code, wrong.json()) == (400, INVALID_PASSWORD)


@pytest.mark.parametrize("stored", [
    "", "roy", "!", "pbkdf2:sha256:150000$k1Ud5dzh$", "pbkdf2:sha256:150000$k1Ud5dzh",
    "pbkdf2:sha256:0$salt$00", "pbkdf2:sha256:-1$salt$00", "pbkdf2:sha256:99999999999999999999$salt$00",
    "pbkdf2:sha256:4000000000$salt$" + "0" * 64,
    "pbkdf2:md4:1000$salt$00", "scrypt:3:8:1$salt$" + "0" * 128, "scrypt:1073741824:8:1$salt$" + "0" * 128,
    "scrypt:32768:4294967295:4294967295$salt$" + "0" * 128, "scrypt:0:0:0$salt$" + "0" * 128, "plain$$werk",
], ids=repr)
def test_a_hash_unreadable_or_too_costly_is_a_wrong_password_at_no_extra_cost(site, stack, stored):
    stack.add_row("broken", stored)
    for password in ("roy", "x", stored or "x"):
        answer = site.login("broken", password)
        assert (answer.status_code, answer.json()) == (400, INVALID_PASSWORD)
        assert answer.elapsed.total_seconds() < 5


def test_a_user_added_to_the_table_logs_in_at_once_and_one_removed_no_more(site, stack):
    stack.add_user("late", "late")
    assert site.login("late", "late").status_code == 200
    stack.database.run("DELETE FROM user WHERE username = 'late'")
    assert site.login("late", "late").json() == INVALID_PASSWORD


@pytest.mark.parametrize("name", [
    "o'brien", 'say "hi"', "back\\slash", "percent%_", "Zoë \U0001f600", "a b", "<b>&amp;"])
def test_any_name_that_the_table_can_hold_logs_in_and_is_shown_as_it_is(site, stack, name):
    stack.add_user(name, "secret")
    answer = site.login(name, "secret")
    assert answer.status_code == 200
    assert site.home(answer.cookies["gatehouse"]).json()["username"] == name
