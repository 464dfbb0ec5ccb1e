"""The classes of holes that were published in services that do this job, a test each. Here stand those that a fake
backend with just that hole shows to bite (test_known_holes_bite.py); test_known_holes_*.py have the others."""
import json

import fastcgi
from door import NOBODY
from visitor import INVALID_CREDENTIALS, INVALID_PASSWORD, home_request, login_request

EVIL = "https://evil.example"
HEALTH_CHECKS = ["kube-probe/1.27", "GoogleHC/1.0", "ELB-HealthChecker/2.0", "Pingdom.com_bot_version_1.4",
                 "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"]


def assert_refused_login(answer, status=400):
    assert answer.status_code == status, answer.text
    assert "Set-Cookie" not in answer.headers


# What nginx's question is answered with.

def test_every_answer_to_nginxs_question_has_a_status(door):
    """nginx takes an answer without Status for 200."""
    assert door.page().status_code == 401
    assert door.judge().headers[0] == ("Status", "401 Unauthorized")


def test_nginxs_question_is_never_answered_by_a_redirect_or_not_modified(door):
    """Neither is a 2xx, nor a 401 or 403: nginx would make a 500 of it, and other proxies let it pass."""
    cookie = f"gatehouse={NOBODY}"
    for headers in ({"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}, {"If-None-Match": "*"},
                    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        assert door.judge(cookie, headers).status == 401
        assert door.page(cookie, **headers).status_code in (303, 401)


def test_a_broken_cookie_lets_nobody_in(door):
    for value in ("", "=", '"', "%00", "null", "undefined", "A" * 42, "A" * 44, "." * 43, "é" * 21, "{}",
                  "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb3kifQ."):
        answer = door.page(f"gatehouse={value}".encode())
        assert answer.status_code == 401, value


def test_the_user_agent_of_a_health_check_lets_nobody_in(door):
    for agent in HEALTH_CHECKS:
        assert door.api("GET", "/", "theme=dark", {"User-Agent": agent}).status_code == 401
        assert door.page("theme=dark", User_Agent=agent).status_code == 401
        assert door.judge("theme=dark", {"User-Agent": agent}).status == 401


def test_a_security_parameter_that_comes_twice_is_refused(door):
    """Of two values a server in front and the program behind it may each take another one."""
    cookie = door.cookie()
    for name, values in {"GATEHOUSE_REQUIRE": ("*", "admin"), "GATEHOUSE_INTERNAL": ("0", "1")}.items():
        for pair in (values, values[::-1]):
            question = [(key, value) for key, value in fastcgi.web(
                "GET", "/auth", headers={"Cookie": cookie}, GATEHOUSE_INTERNAL="1", GATEHOUSE_REQUIRE="*")
                if key != name]
            assert door.ask(question + [(name, value) for value in pair]).status == 500, (name, pair)


# Sessions and their cookies.

def test_a_session_cannot_be_fixed_on_whoever_logs_in(door):
    attackers = door.cookie()
    mine = door.cookie(cookie=attackers)
    assert mine != attackers
    assert door.is_in(mine) and not door.is_in(attackers)


def test_a_token_that_a_browser_invented_is_not_adopted(door):
    invented = "gatehouse=" + "B" * 43
    mine = door.cookie(cookie=invented)
    assert mine != invented
    assert door.is_in(mine) and not door.is_in(invented)


def test_no_kind_of_token_is_taken_for_another(door):
    """The device cookie and a session's handle are genuine, and no session."""
    answer = door.login()
    device = answer.cookies["gatehouse-device"]
    session = f"gatehouse={answer.cookies['gatehouse']}"
    others = [device, device[:43], device[-43:]]
    others += [listed["handle"] for listed in door.api("GET", "/sessions", session).json()["sessions"]]
    for value in others:
        assert not door.is_in(f"gatehouse={value}"), value
        assert not door.is_in(f"gatehouse-device={value}"), value


def test_a_persistent_worker_forgets_the_request_before(door):
    cookie = door.cookie()
    with fastcgi.Connection(door.place) as worker:
        for _ in range(5):
            assert worker.ask(home_request(cookie)).json()["username"] == "roy"
            assert worker.ask(home_request()).status == 401
            assert worker.ask(*login_request("roy", "wrong")).json() == INVALID_PASSWORD
            assert worker.ask(home_request()).status == 401


def test_a_logout_leaves_the_sibling_sessions_alone(door):
    first, second = door.cookie(), door.cookie()
    assert door.api("POST", "/logout", first).status_code == 200
    assert door.is_in(second)


def test_a_token_cannot_be_replayed_after_its_logout(door):
    cookie = door.cookie()
    assert door.is_in(cookie)
    assert door.api("POST", "/logout", cookie).status_code == 200
    for _ in range(3):
        assert door.page(cookie).status_code == 401
        assert door.api("GET", "/", cookie).status_code == 401


def test_a_cookie_without_its_prefix_is_not_read_over_tls(door):
    """Whoever has a subdomain, or plain HTTP, could set one of the plain name."""
    token = door.cookie().partition("=")[2]
    for name in ("gatehouse", "__host-gatehouse", "__HOST-gatehouse", "__Secure-gatehouse", "Host-gatehouse",
                 "__Host-__Host-gatehouse"):
        assert door.ask(home_request(f"{name}={token}", HTTPS="on")).status == 401, name
        assert door.judge(f"{name}={token}", HTTPS="on").status == 401, name
    assert door.ask(home_request(f"__Host-gatehouse={token}", HTTPS="on")).status == 200


def test_a_junk_cookie_does_not_hide_the_real_one(door):
    cookie = door.cookie()
    for header in (f"gatehouse=junk; {cookie}", f"gatehouse=; {cookie}", f"{cookie}; gatehouse=junk",
                   f"gatehouse={NOBODY}; a=b; {cookie}"):
        assert door.is_in(header), header


def test_no_answer_may_be_kept_or_shown_to_another(door):
    """Each says no-store, and that it depends on the cookie where it does."""
    login = door.login()
    cookie = f"gatehouse={login.cookies['gatehouse']}"
    answers = [login, door.api("GET", "/", cookie), door.api("GET", "/", "theme=dark"),
               door.api("GET", "/sessions", cookie), door.login("roy", "wrong"), door.api("POST", "/logout", cookie)]
    assert [answer.status_code for answer in answers] == [200, 200, 401, 200, 400, 200]
    for answer in answers:
        assert answer.headers.get("Cache-Control") == "no-store", answer.url
    for answer in answers[:4]:
        assert "Cookie" in answer.headers.get("Vary", ""), answer.url


# Credentials.

def test_a_number_null_an_array_or_an_object_is_no_credential(door):
    for value in (0, 1, -1.5, None, True, [], ["roy"], {}, {"$ne": None}, {"$gt": ""}, [["roy"]]):
        for body in ({"username": value, "password": "roy"}, {"username": "roy", "password": value}):
            answer = door.api("POST", "/login", json=body)
            assert_refused_login(answer)
            assert answer.json() == INVALID_CREDENTIALS, body


def test_a_password_does_not_end_at_a_nul(door):
    for password in ("\0", "\0roy", "roy\0", "roy\0x"):
        assert_refused_login(door.login("roy", password))


def test_a_quote_ends_no_text_in_a_query(door):
    for text in ("roy' -- ", "roy'#", "' OR '1'='1", "' OR 1=1 -- ", '" OR ""="', "' UNION SELECT 1,'roy','roy' -- ",
                 "roy\\", "\\' OR 1=1 -- ", "roy'; DROP TABLE user; -- ", "roy%' OR '%'='", ":name", "%s", "?"):
        assert_refused_login(door.login(text, "x"))
        assert_refused_login(door.login("roy", text))


# Other sites' pages.

def test_a_link_of_another_site_logs_nobody_out(door):
    cookie = door.cookie()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Referer": EVIL + "/"},
                    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image", "Accept": "image/*"}):
        assert door.api("GET", "/logout", cookie, headers).status_code == 403
        assert door.is_in(cookie)


def test_a_form_of_another_site_logs_nobody_in(door):
    for headers in ({"Origin": EVIL}, {"Referer": EVIL + "/"}, {"Sec-Fetch-Site": "cross-site"}):
        assert_refused_login(door.login(headers=headers), 403)
        assert_refused_login(door.form("?next=/", headers=headers), 403)


def test_an_origin_of_null_is_not_our_own(door):
    """Pages in a sandbox and of data: addresses have it."""
    cookie = door.cookie()
    assert_refused_login(door.login(headers={"Origin": "null"}), 403)
    assert door.api("POST", "/logout", cookie, {"Origin": "null"}).status_code == 403
    assert door.is_in(cookie)


def test_a_method_cannot_be_overridden(door):
    first, second = door.cookie(), door.cookie()
    tricks = {"X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE", "X-Method-Override": "DELETE"}
    for method in ("GET", "POST"):
        answer = door.api(method, "/sessions?_method=DELETE", first, tricks, data={"_method": "DELETE"})
        assert answer.status_code == (200 if method == "GET" else 405)
        assert door.is_in(second)


def test_a_login_leads_to_no_other_site(door):
    for target in (EVIL, "//evil.example", "/\\evil.example", "/%5cevil.example", "/..//evil.example",
                   "javascript:alert(1)", "/%09/evil.example"):
        answer = door.form("?next=" + target)
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/gatehouse/account", target


def test_a_line_end_in_an_address_makes_no_header(door):
    for end in ("%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D"):
        answer = door.form(f"?next=/x{end}Set-Cookie:%20injected=1")
        assert answer.status_code == 303
        assert "injected" not in answer.headers["Set-Cookie"]


def test_a_content_length_that_lies_is_not_believed(door):
    """A body that was cut short, or that another request hides behind, is no login."""
    for length in (1, 34, 36, 1000):
        params, _ = login_request()
        body = json.dumps({"username": "roy", "password": "roy"}, separators=(",", ":")).encode()
        assert len(body) == 35
        params = [(name, str(length) if name == "CONTENT_LENGTH" else value) for name, value in params]
        with fastcgi.Connection(door.place) as connection:
            answer = connection.ask(params, body)
            assert answer.status in (400, 413) and b"gatehouse=" not in answer.raw
            assert connection.ask(home_request("theme=dark")).status == 401, "the next request is in step"
