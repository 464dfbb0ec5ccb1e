"""The lookup of a user as the site itself words it."""
import pytest

from instance import Instance
from visitor import ALREADY_IN, home_request
from waiting import allow


@pytest.fixture
def asking(stack):
    """A gatehouse with this query."""
    def start(query):
        return Instance(stack, "query", {"user": {"query": query}})
    return start


def test_a_query_may_use_the_typed_name_more_than_once(asking):
    query = ("SELECT id, username, password FROM user"
             " WHERE username = :name OR CONCAT(username, '@example.com') = :name")
    with asking(query) as service:
        service.wait_until_serving(allow(5))
        for typed in ("roy", "roy@example.com"):
            login = service.login(typed)
            assert login.status == 200
            assert service.ask(home_request(login.cookie)).json() == ALREADY_IN
        assert service.login("roy@example.org").status == 400


def test_a_query_that_gives_two_rows_lets_nobody_in_whose_password_is_that_of_both(stack, asking):
    stack.add_user("twin", "roy")
    with asking("SELECT id, username, password FROM user WHERE :name IN ('roy', 'twin')"
                " AND username IN ('roy', 'twin')") as service:
        service.wait_until_serving(allow(5))
        answer = service.login("roy")
        assert answer.status == 400
        assert answer.header("Set-Cookie") is None


def test_a_name_cannot_leave_its_place_in_the_query(asking):
    with asking("SELECT id, username, password FROM user WHERE username = CONCAT('', :name)") as service:
        service.wait_until_serving(allow(5))
        for typed in ("' OR username='roy", "x' UNION SELECT 1,'roy','' -- ", ":name", "?", "roy'--"):
            assert service.login(typed).status == 400
        assert service.login("roy").status == 200
