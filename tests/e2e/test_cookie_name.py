"""Two Gatehouses on one host name: a cookie of another name for each (cookie.name)."""
import pytest

from front import Front, server
from guarded import SECRET
from instance import Instance
from visitor import ROY
from waiting import allow

CACHED = """location ^~ /members/ { auth_request gatehouse-cached:*; }
location ^~ /office/ { auth_request gatehouse:*; }"""
INCLUDES = "include gatehouse/mount.conf; include gatehouse/snippets/auth-cached.conf;"


@pytest.fixture(scope="module")
def staff(stack, port):
    """A second one, on another port of the host."""
    with Instance(stack, "staff", {"cookie": {"name": "staff"}}) as gatehouse:
        gatehouse.wait_until_serving(allow(5))
        edits = {"upstream.conf": [(stack.fcgi_socket, gatehouse.place)],
                 "snippets/auth-cache-zone.conf": [("/run/nginx-gatehouse", f"{stack.dir}/staff-cache")]}
        http = "include gatehouse/snippets/auth-cache-zone.conf; log_format cached '$upstream_cache_status';"
        with Front(stack, port + 56, server("localhost", CACHED, INCLUDES), http=http, name="staff-site",
                   edits=edits) as front:
            yield front


def test_one_browser_has_both_side_by_side(staff, site):
    with site.session() as browser:
        browser.post(site.url + "/login", json=ROY, timeout=60)
        browser.post(staff.site.url + "/gatehouse/login", json=ROY, timeout=60)
        assert sorted(browser.cookies.keys()) == ["gatehouse", "gatehouse-device", "staff", "staff-device"]
        for _ in range(2):
            assert browser.get(site.url + "/", timeout=60).status_code == 200
            assert browser.get(staff.site.url + "/gatehouse/", timeout=60).status_code == 200
        # A login or a logout at one ends nothing at the other.
        browser.post(staff.site.url + "/gatehouse/login", json=ROY, timeout=60)
        assert browser.get(site.url + "/", timeout=60).status_code == 200
        browser.post(site.url + "/logout", timeout=60)
        assert browser.get(staff.site.url + "/gatehouse/", timeout=60).status_code == 200
        assert browser.get(site.url + "/", timeout=60).status_code == 401


def test_the_other_ones_cookie_opens_nothing(staff, site):
    token = site.token()
    for path in ("/members/page.html", "/office/page.html"):
        assert staff.ask(path, headers={"Cookie": f"gatehouse={token}"}).status_code == 401


def test_the_cache_goes_with_the_name(staff, stack):
    token = staff.ask("/gatehouse/login", method="POST", json=ROY).cookies["staff"]
    for _ in range(3):
        assert SECRET in staff.ask("/members/page.html", headers={"Cookie": f"staff={token}"}).text
    kept = b"".join(path.read_bytes() for path in (stack.dir / "staff-cache").rglob("*") if path.is_file())
    assert f"staff={token}".encode() in kept, "nginx asked each time"
    for other in ("", f"gatehouse={token}", "staff=" + "A" * 43):
        assert staff.ask("/members/page.html", headers={"Cookie": other}).status_code == 401
