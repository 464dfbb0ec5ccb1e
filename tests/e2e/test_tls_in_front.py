"""A proxy or CDN that ends TLS before nginx, and requests without a Host header (HTTP/3 before nginx 1.29.5)."""
import socket

import pytest

from front import Front, server
from instance import Instance
from visitor import ROY, UNAUTHORIZED
from waiting import allow

HOST = "www.example.com"
BEHIND = ("set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For; include gatehouse/mount.conf;"
          "set $gatehouse_https on;")
PHP = """location ~ \\.php$ { include gatehouse/snippets/fastcgi-params.conf; fastcgi_pass unix:PHP_SOCKET;
         fastcgi_param SCRIPT_FILENAME FILES/index.php; include gatehouse/snippets/identity-fastcgi.conf; }"""
MEMBERS = "location ^~ /members/ { auth_request gatehouse:*; }" + PHP


@pytest.fixture(scope="module")
def front(stack, port):
    servers = server("direct.example.com", MEMBERS) + server(HOST, MEMBERS, include=BEHIND)
    with Front(stack, port + 50, servers, name="behind") as front:
        yield front


def log_in(front, origin, host=HOST, **headers):
    return front.ask("/gatehouse/login", host=host, method="POST", json=ROY, headers={"Origin": origin, **headers})


def test_behind_a_proxy_the_visitors_own_origin_is_https(front):
    answer = log_in(front, "https://" + HOST)
    assert answer.status_code == 200
    assert answer.headers["Set-Cookie"].startswith("__Host-gatehouse=") and "; Secure" in answer.headers["Set-Cookie"]
    inside = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    assert front.ask("/members/page.html", host=HOST, headers=inside).status_code == 200
    assert front.ask("/gatehouse/", host=HOST, headers=inside).status_code == 200
    assert front.ask("/index.php", host=HOST).json()["HTTPS"] == "on"


@pytest.mark.parametrize("origin", ["http://" + HOST, "https://evil.example", f"https://{HOST}:8443", "null"])
def test_behind_a_proxy_any_other_origin_is_refused(front, origin):
    assert log_in(front, origin).status_code == 403


def test_the_other_server_is_as_it_was(front):
    assert log_in(front, "http://direct.example.com", "direct.example.com").status_code == 200
    assert log_in(front, "https://direct.example.com", "direct.example.com").status_code == 403
    assert "HTTPS" not in front.ask("/index.php", host="direct.example.com").json()


def test_behind_a_proxy_the_address_is_the_visitors(front, stack):
    answer = log_in(front, "https://" + HOST, **{"X-Forwarded-For": "198.51.100.7"})
    inside = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    sessions = front.ask("/gatehouse/sessions", host=HOST, headers=inside).json()["sessions"]
    assert sessions[0]["address"] == "198.51.100.7"


def test_where_the_cookie_is_always_secure_so_is_the_visitors_origin(stack, port):
    with Instance(stack, "always", {"cookie": {"secure": "always"}}) as gatehouse:
        gatehouse.wait_until_serving(allow(5))
        edits = {"upstream.conf": [(stack.fcgi_socket, gatehouse.place)]}
        with Front(stack, port + 51, server(HOST, ""), name="always", edits=edits) as front:
            assert log_in(front, "https://" + HOST).status_code == 200
            assert log_in(front, "http://" + HOST).status_code == 403
            inside = {"Cookie": log_in(front, "https://" + HOST).headers["Set-Cookie"].partition(";")[0]}
            for headers, status in (({"Referer": f"http://{HOST}/"}, 403), ({"Referer": f"https://{HOST}/x"}, 200)):
                assert front.ask("/gatehouse/logout", host=HOST, method="POST",
                                 headers={**inside, **headers}).status_code == status


def test_what_was_compared_is_in_the_log(stack, port):
    """In a process of its own, since only so many of them are written in a minute."""
    host = "proxied.example.com"
    for name, headers, words in (
            ("compared-origin", {"Origin": f"https://{host}"}, (f"https://{host}", f"http://{host}")),
            ("compared-referer", {"Referer": "https://evil.example/secret?token=1"},
             ("https://evil.example", f"http://{host}"))):
        with Instance(stack, name, {}) as gatehouse:
            gatehouse.wait_until_serving(allow(5))
            edits = {"upstream.conf": [(stack.fcgi_socket, gatehouse.place)]}
            with Front(stack, port + 52, server(host, ""), name=name, edits=edits) as front:
                for _ in range(3):
                    answer = front.ask("/gatehouse/login", host=host, method="POST", json=ROY, headers=headers)
                    assert answer.status_code == 403
            lines = [line for line in gatehouse.log().splitlines() if "cross-site" in line]
            assert len(lines) == 3
            assert all(word in lines[0] for word in words) and "token" not in lines[0]


def without_host(port, path, *lines, method="GET", body=""):
    """The status of a request in which nginx's $http_host is empty, as in HTTP/3, and the rest of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=allow(10)) as peer:
        head = [f"{method} {path} HTTP/1.0", f"Content-Length: {len(body)}", *lines]
        peer.sendall(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        answer = b""
        while more := peer.recv(65536):
            answer += more
    return answer.decode().partition("\r\n")[0].split()[1], answer.decode()


@pytest.fixture(scope="module")
def nameless(stack, port):
    with Front(stack, port + 53, server("h3.example.com", PHP), name="nameless"):
        yield port + 53


def test_without_a_host_header_the_servers_name_stands_in(nameless):
    login = '{"username":"roy","password":"roy"}'
    kind = "Content-Type: application/json"
    origin = f"Origin: http://h3.example.com:{nameless}"
    assert without_host(nameless, "/gatehouse/login", kind, origin, method="POST", body=login)[0] == "200"
    assert without_host(nameless, "/gatehouse/login", kind, "Origin: http://evil.example", method="POST",
                        body=login)[0] == "403"
    assert f'"HTTP_HOST":"h3.example.com:{nameless}"' in without_host(nameless, "/index.php")[1]


def test_an_application_gets_the_host_with_its_port(front, port):
    assert front.ask("/index.php", host=f"{HOST}:{port + 50}").json()["HTTP_HOST"] == f"{HOST}:{port + 50}"
    assert front.ask("/index.php", host=HOST).json()["HTTP_HOST"] == HOST
    assert front.ask("/gatehouse/").json() == UNAUTHORIZED
