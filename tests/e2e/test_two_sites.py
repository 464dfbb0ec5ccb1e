"""Two sites of one nginx, each with a Gatehouse of its own: the server's name decides which is asked."""
import pytest

from front import Front, server
from guarded import SECRET
from instance import Instance
from waiting import allow

ROY = {"username": "roy", "password": "roy"}
MEMBERS = "location ^~ /members/ { auth_request gatehouse:*; }"


class TwoSites(Front):
    """shop.test has the files of a further site in gatehouse/sites/."""

    def __init__(self, stack, port, shop):
        servers = server("www.test", MEMBERS) + server("shop.test alias.test", MEMBERS)
        super().__init__(stack, port, servers, name="two-sites", edits={})
        self._shop = shop

    def _copy(self):
        super()._copy()
        sites = self.folder / "nginx/gatehouse/sites"
        sites.mkdir()
        (sites / "shop.conf").write_text(f"upstream gatehouse-shop {{ server unix:{self._shop}; keepalive 64; }}\n")
        (sites / "shop.map").write_text("shop.test gatehouse-shop;\n")

    def login(self, host):
        """The Cookie header of a login there."""
        answer = self.ask("/gatehouse/login", host=host, method="POST", json=ROY)
        assert answer.status_code == 200, answer.text
        return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}


@pytest.fixture(scope="module")
def shop(stack):
    with Instance(stack, "shop", {"session": {"store": "memory", "realm": "shop"}}) as shop:
        shop.wait_until_serving(allow(10))
        yield shop


@pytest.fixture(scope="module")
def sites(stack, port, shop):
    with TwoSites(stack, port + 48, shop.place) as sites:
        yield sites


def status(sites, host, cookie=None):
    answer = sites.ask("/members/page.html", host=host, headers=cookie)
    assert (SECRET in answer.text) == (answer.status_code == 200)
    return answer.status_code


def test_a_session_is_good_on_its_own_site_alone(sites):
    cookies = {host: sites.login(host) for host in ("www.test", "shop.test")}
    assert status(sites, "www.test", cookies["www.test"]) == 200
    assert status(sites, "shop.test", cookies["shop.test"]) == 200
    assert status(sites, "shop.test", cookies["www.test"]) == 401
    assert status(sites, "www.test", cookies["shop.test"]) == 401


def test_another_name_of_the_server_asks_the_same_gatehouse(sites):
    cookie = sites.login("shop.test")
    assert status(sites, "alias.test", cookie) == 200
    assert status(sites, "www.test", cookie) == 401


def test_pages_api_and_places_ask_the_same_one(sites):
    cookie = sites.login("shop.test")
    assert sites.ask("/gatehouse/", host="shop.test", headers=cookie).status_code == 200
    assert sites.ask("/gatehouse/", host="www.test", headers=cookie).status_code == 401
    assert "roy" in sites.ask("/gatehouse/account", host="shop.test", headers={**cookie, "Accept": "text/html"}).text
