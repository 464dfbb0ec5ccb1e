"""Who may log a browser in or out (CSRF): POST /login, GET and POST /logout."""
import pytest

from visitor import FORBIDDEN, ROY

DEVELOPMENT_ORIGINS = [f"http://localhost:{port}" for port in (3000, 4200, 5173, 8080)]
EVIL = "https://evil.example"


def headers_of(site, case):
    """`{own}` is the site's own origin, `{host}` its host and port, `{other}` its other scheme."""
    host = site.base.partition("://")[2]
    other = ("http://" if site.tls else "https://") + host
    return {name: value.format(own=site.base, host=host, other=other) for name, value in case.items()}


PASSES = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "{own}", "Referer": "{own}/page"},
    {"Origin": "{own}"},
    {"Origin": "{own}", "Sec-Fetch-Site": "same-site"},
    {"Origin": "{own}", "Referer": EVIL + "/"},
    {"Referer": "{own}/some/page?x=1"},
    {"Referer": "{own}/"},
    *({"Origin": origin} for origin in DEVELOPMENT_ORIGINS),
    *({"Origin": origin, "Sec-Fetch-Site": "same-site"} for origin in DEVELOPMENT_ORIGINS),
]
REFUSED = [
    {"Origin": "null"},
    {"Origin": "null", "Referer": "{own}/"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": EVIL},
    {"Origin": EVIL, "Referer": "{own}/"},
    {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "{other}"},
    {"Origin": "{own}.evil.example"},
    {"Origin": "{own}/"},
    {"Origin": "{own}@evil.example"},
    {"Origin": EVIL + "#{own}"},
    {"Origin": "http://localhost:4201"},
    {"Origin": "https://localhost:4200"},
    {"Origin": "http://localhost:4200.evil.example"},
    {"Origin": "http://localhost:42000"},
    {"Origin": "http://sub.localhost:4200"},
    {"Origin": "{own} {own}"},
    {"Referer": EVIL + "/"},
    {"Referer": EVIL + "/{own}/"},
    {"Referer": "{own}.evil.example/"},
    {"Referer": "{own}@evil.example/"},
    {"Referer": "{other}/"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Referer": EVIL + "/"},
    {"Sec-Fetch-Site": "anything"},
]


def text(case):
    return ", ".join(f"{name}: {value}" for name, value in case.items()) or "no header"


passes = pytest.mark.parametrize("case", PASSES, ids=text)
refused = pytest.mark.parametrize("case", REFUSED, ids=text)


@passes
def test_a_login_of_our_own_pages_passes(either_site, case):
    assert either_site.login(headers=headers_of(either_site, case)).status_code == 200


@refused
def test_a_login_from_another_site_is_forbidden(either_site, case):
    answer = either_site.send("POST", "/login", json=ROY, headers=headers_of(either_site, case))
    assert_forbidden(answer)
    assert "Set-Cookie" not in answer.headers


def assert_forbidden(answer):
    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def live(either_site):
    """The Cookie header of a live session."""
    return {"Cookie": f"{either_site.cookie_name}={either_site.token()}"}


@pytest.mark.parametrize("method", ["GET", "POST"])
@passes
def test_a_logout_of_our_own_pages_passes(either_site, live, method, case):
    headers = {**live, **headers_of(either_site, case)}
    assert either_site.send(method, "/logout", headers=headers).status_code == 200
    assert either_site.send("GET", "/", headers=live).status_code == 401


@refused
def test_a_logout_from_another_site_is_forbidden_and_ends_nothing(either_site, live, case):
    headers = {**live, **headers_of(either_site, case)}
    for method in ("GET", "POST"):
        answer = either_site.send(method, "/logout", headers=headers)
        assert_forbidden(answer)
        assert "Set-Cookie" not in answer.headers
    assert either_site.send("HEAD", "/logout", headers=headers).status_code == 403
    # Home changes nothing, and is answered whoever asks.
    assert either_site.send("GET", "/", headers=headers).status_code == 200


def test_a_login_from_another_site_is_refused_before_any_hashing(either_site):
    slow = either_site.login(password="wrong").elapsed
    quick = min(either_site.login(headers={"Origin": EVIL}).elapsed for _ in range(3))
    assert quick < slow
