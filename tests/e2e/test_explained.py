"""What nginx/README.md says of nginx itself is what nginx does. Where a place is said to be open, it is."""
import pytest

from front import Front, server
from guarded import SECRET, cookie

SERVERS = (
    server("plain-prefix", "location /members/ { auth_request gatehouse:*; } location ~ \\.html$ { expires 1d; }")
    + server("expression", "location ~ ^/members/ { auth_request gatehouse:*; } location ~ \\.html$ { expires 1d; }")
    + server("ssi", "location ^~ /members/ { auth_request gatehouse:*; } location = /shows.html { ssi on; }"
                    "location = /adds.html { add_before_body /members/page.html; }")
    + server("satisfy", "location ^~ /members/ { satisfy any; allow 127.0.0.1; deny all; auth_request gatehouse:*;"
                        "add_header Told \"[$gatehouse_user]\"; }")
    + server("nested-off", "location ^~ /members/ { auth_request gatehouse:*; location = /members/page.html {"
                           "auth_request off; } }")
    + server("returned", "location ^~ /members/ { auth_request gatehouse:*; return 200 '" + SECRET + "'; }")
    + server("front-controller", """
location ^~ /fc/admin/ { auth_request gatehouse:*; try_files $uri /fc/index.php$is_args$args; }
location /fc/ { try_files $uri /fc/index.php$is_args$args; }
location ~ ^/fc/index\\.php(/|$) { include /etc/nginx/fastcgi_params; fastcgi_pass unix:PHP_SOCKET;
    fastcgi_param SCRIPT_FILENAME FILES/index.php; }""")
    + server("http-level-lost", "location = /gone { return 404; }")
    + server("http-level-kept", "error_page 404 /sorry.html; location = /gone { return 404; }")
    + server("http-level", "location = /gone { return 404; }", include=""))
FILES = {"shows.html": '<!--# include virtual="/members/page.html" -->', "adds.html": "and more"}


@pytest.fixture(scope="module")
def front(stack, port):
    with Front(stack, port + 45, SERVERS, http="error_page 404 /sorry.html;", files=FILES, name="explained") as front:
        yield front


def status(front, host, path="/members/page.html", **how):
    answer = front.ask(path, host=host, **how)
    return answer.status_code, SECRET in answer.text


OPEN, CLOSED = (200, True), (401, False)


@pytest.mark.parametrize("host, expected", [("plain-prefix", OPEN), ("expression", CLOSED)])
def test_an_expression_wins_over_a_plain_prefix_and_not_over_an_earlier_one(front, host, expected):
    assert status(front, host) == expected


@pytest.mark.parametrize("off, found", [("merge_slashes off;", "200 OK"), ("", "401 Unauthorized")])
def test_with_slashes_unmerged_a_second_slash_leads_around(stack, port, off, found):
    servers = (server("part", "location ^~ /members/ { auth_request gatehouse:*; }")
               + server("whole", "auth_request gatehouse:*;"))
    with Front(stack, port + 46, servers, http=off, name="slashes") as front:
        for host, expected in (("part", found), ("whole", "401 Unauthorized")):
            line = front.raw(f"GET //members/page.html HTTP/1.0\r\nHost: {host}\r\n\r\n")
            assert line == f"HTTP/1.1 {expected}", host


@pytest.mark.parametrize("path", ["/shows.html", "/adds.html"])
def test_what_nginx_fetches_for_another_page_is_asked_of_nobody(front, path):
    assert status(front, "ssi", path) == OPEN
    assert status(front, "ssi") == CLOSED


def test_satisfy_any_lets_the_network_in_and_forgets_who_is_logged_in(front, site):
    answer = front.ask("/members/page.html", host="satisfy", headers=cookie(site.token()))
    assert (answer.status_code, answer.headers["Told"]) == (200, "[]")


@pytest.mark.parametrize("host", ["nested-off", "returned"])
def test_off_and_return_open(front, host):
    assert status(front, host) == OPEN


def test_a_front_controller_has_two_names_for_a_page(front):
    assert front.ask("/fc/admin/users", host="front-controller").status_code == 401
    assert front.ask("/fc/index.php/admin/users", host="front-controller").status_code == 200


def test_a_server_with_the_include_loses_the_error_pages_of_the_http_level(front):
    assert front.ask("/gone", host="http-level").text == "sorry"
    assert front.ask("/gone", host="http-level-lost").text != "sorry"
    assert front.ask("/gone", host="http-level-kept").text == "sorry"
