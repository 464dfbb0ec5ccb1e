"""`password try` says where a login ends; what it says of a row alone is in tests/unit/cli/try/."""
import pytest

from instance import write_config
from member import cheap_hash
from verbs import run_verb

BY_LOGIN_OR_MAIL = "SELECT id, login, hash FROM tried WHERE login = :name OR mail = :name"
PASSWORD = "of the tried"


@pytest.fixture(scope="module")
def tried(stack):
    stack.database.run(
        "DROP TABLE IF EXISTS tried; CREATE TABLE tried (id int, login varchar(60), mail varchar(60), hash varchar(255));"
        f" INSERT INTO tried VALUES (3000001, 'one', 'one@a', '{cheap_hash(PASSWORD)}'),"
        f" (3000002, 'twin', 'twin@a', '{cheap_hash(PASSWORD)}'), (3000003, 'other', 'twin', '{cheap_hash(PASSWORD)}'),"
        f" (3000004, 'out', 'out@a', '{cheap_hash(PASSWORD)}'), (3000005, 'guessed', 'g@a', '{cheap_hash(PASSWORD)}');"
        " GRANT SELECT ON tried TO gatehouse@localhost;"
        " REPLACE INTO user_disabled VALUES ('3000004'); REPLACE INTO user_role VALUES ('3000001', 'editor')")
    config = write_config(stack, "tried", {"user": {"query": BY_LOGIN_OR_MAIL, "census_query": "SELECT hash FROM tried"}})

    def run(name, password=PASSWORD):
        done = run_verb(stack, "password", "try", "--stdin", name, config=config, given=password)
        assert not done.stderr
        assert password not in done.stdout
        return done.returncode, done.stdout
    return run


def test_a_login_that_is_accepted(tried):
    assert tried("one") == (0, 'row: the user id "3000001", called "one"\nhash: werkzeug-pbkdf2, sha256, 1 rounds\n'
                               "steps: none\npassword: it matches\nroles: editor\nA login is accepted.\n")


def test_no_row(tried):
    assert tried("nobody") == (1, 'row: user.query finds none by the name "nobody"\n')


def test_two_rows(tried):
    code, said = tried("twin")
    assert code == 1
    assert "rows: 2: a login is that of the only one whose password matches\n" in said
    assert "The password is that of several rows: nobody can log in with it.\n" in said


def test_a_user_who_is_disabled(tried):
    code, said = tried("out")
    assert code == 1
    assert "disabled: " in said and said.endswith("A login is refused.\n")


def test_a_wrong_password(tried):
    code, said = tried("one", "another one")
    assert code == 1
    assert "password: it does not match\n" in said and "No known shape matches" in said


def test_it_counts_as_no_guess(tried):
    for _ in range(12):
        tried("guessed", "another one")
    code, said = tried("guessed")
    assert code == 0
    assert "throttled" not in said


def test_the_census_sends_to_it_where_a_hash_cannot_be_read(stack, tried):
    config = write_config(stack, "tried-census", {"user": {
        "census_query": "SELECT 'no hash' FROM tried WHERE id = 3000001"}})
    said = run_verb(stack, "password", "census", config=config).stdout
    assert ("1 hash cannot be read, and its owner cannot log in. `gatehouse password try NAME --config "
            f"{config}` says why: user.scheme may be missing.") in said
