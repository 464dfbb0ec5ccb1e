"""`auth_request gatehouse:...`: an address that no location of the site's own answers. Where mount.conf
is missing or a word is misspelt, a protected place is closed."""
import subprocess

import pytest

from front import Front, server
from guarded import SECRET, cookie
from waiting import allow

PHP = """location ~ \\.php$ { include /etc/nginx/fastcgi_params; fastcgi_pass unix:PHP_SOCKET;
         fastcgi_param SCRIPT_FILENAME FILES/index.php; }"""

# What sites have around a protected place, each of which answers 200 to addresses that it does not know.
FALLBACKS = {
    "plain": "",
    "single-page": "location / { try_files $uri $uri/ /index.html; }",
    "front-controller": "location / { try_files $uri $uri/ /index.php?$args; }" + PHP,
    "nextcloud": "location / { try_files $uri $uri/ /index.php$request_uri; } location ~ \\.php(?:$|/) { return 200; }",
    "proxied": "location / { proxy_pass http://unix:APP_SOCKET; }",
    "return": "location / { return 200 hello; }",
    "return-redirect": "location / { return 301 https://$host$request_uri; }",
    "autoindex": "location / { autoindex on; }",
    "own-404": "error_page 404 /index.html;",
    "named": "location / { try_files $uri @app; } location @app { proxy_pass http://unix:APP_SOCKET; }",
    "rewrite-with-slash": "if (!-e $request_filename) { rewrite ^/(.*)$ /index.php?q=$1 last; }" + PHP,
    "rewrite-in-location": "location / { rewrite ^(.*)$ /index.html break; }",
    "images": "location ~* \\.(?:html|css|js|png)$ { expires 1d; } location / { try_files $uri /index.html; }",
    "everything-by-expression": "location ~ ^/ { try_files $uri /index.html; }",
    "drupal": "location / { try_files $uri /index.php?$query_string; } location @rewrite { rewrite ^ /index.php; }",
    "auth-of-the-word": "location /gatehouse { try_files $uri /index.html; }",
    "own-500": "error_page 500 503 =200 /sorry.html;",
}
# What answers these addresses as well as any other, so that only mount.conf closes the place: the
# documents name them.
STILL_OPEN = {
    "server-try-files": "try_files $uri /index.html;",
    "server-rewrite": "rewrite ^(?!/members)(.*)$ /index.html last;",
    "own-404-as-200": "error_page 404 =200 /index.html;",
    "any-expression": "location ~ . { try_files $uri /index.html; }",
    "expression-around": "location ~ admin { auth_request gatehouse:admin; try_files /members/page.html =404; }",
}
MISSPELT = ["gatehous:*", "gatehouse/auth/*", "gatehouse-cache:*", "Gatehouse:*", "gatehouse"]


def place(address):
    """`^~`, or server-level try_files and `location ~ .` would come before it."""
    return f"location ^~ /members/ {{ auth_request {address}; }}\n"


def assert_shut(answer, name=""):
    """Closed for everyone, members too: nginx could not ask. (One of the sites makes a page of a 500.)"""
    assert SECRET not in answer.text, name
    assert answer.status_code == 500 or (name.endswith("own-500") and answer.text == "sorry"), name


def assert_closed(answer, *what):
    assert answer.status_code in (303, 401, 403, 404, 500), what
    assert SECRET not in answer.text, what


@pytest.fixture(scope="module")
def inside(stack):
    """The cookies of roy and of admin, by their names."""
    return {name: cookie(stack.site().token(name)) for name in ("roy", "admin")}


@pytest.fixture(scope="module")
def without(stack, port):
    """Sites that never included mount.conf."""
    servers = [server(name, place("gatehouse:*") + body, include="") for name, body in FALLBACKS.items()]
    servers += [server("cached-" + name, place("gatehouse-cached:*") + body, include="")
                for name, body in FALLBACKS.items()]
    with Front(stack, port + 40, "".join(servers), name="without") as front:
        yield front


@pytest.mark.parametrize("cached", ["", "cached-"])
@pytest.mark.parametrize("name", FALLBACKS)
def test_without_the_include_nobody_comes_in(without, inside, name, cached):
    for headers in ({}, inside["roy"]):
        assert_shut(without.ask("/members/page.html", host=cached + name, headers=headers), name)
    # The site itself is as it was.
    assert without.ask("/page.html", host=cached + name).status_code in (200, 301)


@pytest.fixture(scope="module")
def with_mount(stack, port):
    servers = [server(name, place("gatehouse:*") + body) for name, body in {**FALLBACKS, **STILL_OPEN}.items()]
    servers += [server("old-" + name, place("/gatehouse/auth/*") + body)
                for name, body in {**FALLBACKS, **STILL_OPEN}.items()]
    servers += [server(f"misspelt-{i}-{name}", place(word) + body)
                for i, word in enumerate(MISSPELT) for name, body in FALLBACKS.items()]
    servers += [server(f"slash-{name}", "location ^~ /members/ { auth_request /gatehouse:*; }"
                       "location ^~ /office/ { auth_request /gatehouse-cached:admin; }" + body)
                for name, body in {**FALLBACKS, **STILL_OPEN}.items()]
    with Front(stack, port + 41, "".join(servers), name="with-mount") as front:
        yield front


@pytest.mark.parametrize("form", ["", "old-"])
@pytest.mark.parametrize("name", [*FALLBACKS, *STILL_OPEN])
def test_with_the_include_members_come_in_and_strangers_do_not(with_mount, inside, name, form):
    assert SECRET in with_mount.ask("/members/page.html", host=form + name, headers=inside["admin"]).text
    answer = with_mount.ask("/members/page.html", host=form + name)
    assert (answer.status_code, SECRET in answer.text) == (401, False)


@pytest.mark.parametrize("name", FALLBACKS)
def test_a_misspelt_word_lets_nobody_in(with_mount, inside, name):
    for i in range(len(MISSPELT)):
        for headers in ({}, inside["roy"]):
            assert_shut(with_mount.ask("/members/page.html", host=f"misspelt-{i}-{name}", headers=headers), name)


@pytest.mark.parametrize("name", [*FALLBACKS, *STILL_OPEN])
def test_one_slash_too_many_lets_nobody_in(with_mount, inside, name):
    for headers in ({}, inside["admin"]):
        for path in ("/members/page.html", "/office/page.html"):
            answer = with_mount.ask(path, host="slash-" + name, headers=headers)
            assert SECRET not in answer.text, (path, headers)


LINES = ["GET gatehouse:* HTTP/1.1", "GET gatehouse:*/300 HTTP/1.0", "POST gatehouse:admin HTTP/1.1",
         "HEAD gatehouse-cached:* HTTP/1.1", "GET gatehouse%3a* HTTP/1.1", "OPTIONS gatehouse:* HTTP/1.1"]


@pytest.mark.parametrize("line", LINES)
def test_no_request_from_outside_can_name_the_address(with_mount, line):
    status = with_mount.raw(f"{line}\r\nHost: plain\r\nConnection: close\r\n\r\n")
    assert status.startswith("HTTP/1.1 400") or status.startswith("<html>"), status


@pytest.mark.parametrize("path", ["/gatehouse:*", "/gatehouse:admin", "/gatehouse%3A*", "/x/../gatehouse:*",
                                  "/gatehouse-cached:*", "/gatehouse-cached%3a*"])
def test_nor_with_a_slash_before_it(with_mount, inside, path):
    for headers in ({}, inside["roy"]):
        answer = with_mount.ask(path, host="plain", headers=headers)
        assert answer.status_code == 404
        assert "Remote-User" not in answer.headers


def test_nor_with_two_slashes(with_mount):
    assert with_mount.raw("GET //gatehouse:* HTTP/1.0\r\nHost: plain\r\n\r\n") == "HTTP/1.1 404 Not Found"


def test_nor_over_http_2(tls_site):
    for target in ("gatehouse:*", "gatehouse-cached:*", "/gatehouse:*"):
        done = subprocess.run(
            ["curl", "-s", "--http2", "--cacert", tls_site.certificate, "-w", "%{http_version} %{http_code}", "-o",
             "/dev/null", "-b", f"__Host-gatehouse={tls_site.token()}", "--request-target", target, tls_site.base],
            capture_output=True, text=True, check=False)
        assert done.stdout in (("2 404",) if target[0] == "/" else ("2 400", "0 000")), (target, done)


MANY = """
location ^~ /roles/  { auth_request gatehouse:editor,admin; alias FILES/members/; }
location ^~ /fresh/  { auth_request gatehouse:admin/300; alias FILES/members/; }
location ^~ /old/    { auth_request /gatehouse/auth/admin; alias FILES/members/; }
location ^~ /old-cached/ { auth_request /gatehouse/auth-cached/admin/300; alias FILES/members/; }
location ^~ /cached/ { auth_request gatehouse-cached:admin/300; alias FILES/members/; }
location ^~ /none/   { auth_request gatehouse:; alias FILES/members/; }
location ^~ /stars/  { auth_request gatehouse:admin,*; alias FILES/members/; }
location ^~ /blank/  { auth_request "gatehouse: admin"; alias FILES/members/; }
location ^~ /line/   { auth_request "gatehouse:*\\nadmin"; alias FILES/members/; }
location ^~ /any/    { satisfy any; deny all; auth_request gatehouse:admin; alias FILES/members/; }
location ^~ /nested/ { auth_request gatehouse:admin;
    location ~ \\.html$ { root FILES; rewrite ^/nested(.*) /members$1 break; } }
location ^~ /set/    { set $demand admin; auth_request gatehouse:*; alias FILES/members/; }
"""


@pytest.fixture(scope="module")
def demands(stack, port):
    http = "include FOLDER/zone.conf;"
    front = Front(stack, port + 42, server(
        "localhost", MANY + "set $path $uri; rewrite ^(.*)elsewhere(.*)$ $1$2;"
                            "location ~ . { try_files $uri /index.html; }",
        "include gatehouse/mount.conf; include gatehouse/snippets/auth-cached.conf;"), http, name="demands")
    front.write()
    zone = (stack.dir / "nginx/gatehouse/snippets/auth-cache-zone.conf").read_text()
    (front.folder / "zone.conf").write_text(zone.replace("/run/nginx-gatehouse", f"{front.folder}/auth-cache"))
    with front:
        yield front


@pytest.mark.parametrize("path", ["roles", "fresh", "old", "old-cached", "cached", "any", "nested"])
def test_the_demand_is_what_stands_behind_the_colon(demands, inside, path):
    assert SECRET in demands.ask(f"/{path}/page.html", headers=inside["admin"]).text
    for headers in ({}, inside["roy"]):
        assert_closed(demands.ask(f"/{path}/page.html", headers=headers))


@pytest.mark.parametrize("path", ["none", "stars", "blank", "line"])
def test_what_cannot_be_read_as_a_demand_lets_nobody_in(demands, inside, path):
    for headers in ({}, inside["admin"]):
        answer = demands.ask(f"/{path}/page.html", headers=headers)
        assert (answer.status_code, SECRET in answer.text) == (500, False)


def test_a_variable_of_the_main_request_is_untouched_by_the_question(demands, inside):
    assert SECRET in demands.ask("/set/elsewherepage.html", headers=inside["roy"]).text


def test_the_way_back_is_the_visitors_own_address(demands):
    answer = demands.ask("/roles/page.html?a=1", headers={"Sec-Fetch-Mode": "navigate"})
    assert answer.headers["Location"] == "/gatehouse/login?next=/roles/page.html?a=1"


def test_the_cached_form_asks_once_a_second(demands, inside):
    headers = inside["admin"]
    for _ in range(20):
        assert SECRET in demands.ask("/cached/page.html", headers=headers, timeout=allow(10)).text
    assert demands.ask("/cached/page.html", headers=inside["roy"]).status_code == 403
