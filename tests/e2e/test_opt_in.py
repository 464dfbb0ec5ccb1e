"""The snippets that a site includes if it likes: acme.conf and change-password.conf."""
import pytest

from front import Front, server
from guarded import SECRET

TOKEN = "Zq-x_0AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AB"
CHALLENGE = f"/.well-known/acme-challenge/{TOKEN}"
FILES = {CHALLENGE[1:]: TOKEN + ".thumbprint", ".well-known/secret": SECRET, "secret": SECRET,
         ".well-known/acme-challenge/.hidden": SECRET, ".well-known/acme-challenge/sub/file": SECRET}
BOTH = ("include gatehouse/snippets/acme.conf; include gatehouse/snippets/change-password.conf;"
        "include gatehouse/mount.conf;")
UNHEARD = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
SERVERS = (
    server("whole", "auth_request gatehouse:*;", BOTH)
    + server("basic", 'auth_basic "x"; auth_basic_user_file FILES/index.html; deny all;', BOTH)
    + server("dotless", "location ~ /\\. { deny all; } location / { try_files $uri /index.html; }", BOTH)
    + server("own", "auth_request gatehouse:*; location ^~ /.well-known/acme-challenge/ { auth_request off; }"
             "location = /.well-known/change-password { return 302 /own; }", "include gatehouse/mount.conf;")
    + server("without", "auth_request gatehouse:*;"))


@pytest.fixture(scope="module")
def front(stack, port):
    with Front(stack, port + 54, SERVERS, files=FILES, name="opt-in") as front:
        yield front


@pytest.mark.parametrize("host", ["whole", "basic", "dotless"])
def test_a_challenge_is_served_whatever_the_server_demands(front, host):
    answer = front.ask(CHALLENGE, host=host)
    assert (answer.status_code, answer.text) == (200, TOKEN + ".thumbprint")
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", [
    "/.well-known/acme-challenge/", "/.well-known/acme-challenge/.hidden", "/.well-known/acme-challenge/../secret",
    "/.well-known/acme-challenge/%2e%2e/secret", "/.well-known/acme-challenge/sub/file", "/.well-known/secret",
    "/.well-known/acme-challenge/..%2f..%2fsecret", CHALLENGE + "%0a", CHALLENGE + "/", "/x" + CHALLENGE])
def test_nothing_else_is(front, path):
    line = front.raw(f"GET {path} HTTP/1.0\r\nHost: whole\r\n\r\n")
    assert line.split()[1] in ("401", "404"), line
    assert SECRET not in front.ask(path, host="whole").text


def test_a_challenge_that_is_not_there_is_404(front):
    assert front.ask("/.well-known/acme-challenge/nothing", host="whole").status_code == 404


@pytest.mark.parametrize("host", ["whole", "dotless"])
def test_password_managers_find_the_page_where_a_password_is_changed(front, host):
    answer = front.ask("/.well-known/change-password", host=host)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/gatehouse/account")
    # Without this they do not believe that the address means anything.
    assert front.ask(UNHEARD, host=host).status_code == 404


def test_neither_comes_with_mount_conf(front):
    """A site's own location of such a name would keep nginx from starting."""
    assert front.ask(CHALLENGE, host="own").status_code == 200
    assert front.ask("/.well-known/change-password", host="own").headers["Location"].endswith("/own")
    assert front.ask(CHALLENGE, host="without").status_code == 401
    assert front.ask("/.well-known/change-password", host="without").status_code == 401


def test_a_challenge_and_a_location_of_the_sites_own_start_together(stack, port):
    both = server("both", "location ^~ /.well-known/acme-challenge/ { } location /.well-known/ { }", BOTH)
    good, words = Front(stack, port + 55, both, name="both").check()
    assert good, words
