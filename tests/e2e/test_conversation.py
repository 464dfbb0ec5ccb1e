"""The tutorial's conversation, as its front end and as plain curl hold it."""
import json
import subprocess

import pytest

from visitor import ALREADY_IN, LOGGED_IN, LOGGED_OUT, ROY, UNAUTHORIZED


def test_a_visitor_logs_in_is_at_home_and_logs_out_again(any_site):
    with any_site.session() as browser:
        def ask(method, path, **how):
            answer = browser.request(method, any_site.url + path, timeout=30, **how)
            return answer.status_code, answer.json()

        assert ask("GET", "/") == (401, UNAUTHORIZED)
        assert ask("POST", "/login", json=ROY) == (200, LOGGED_IN)
        assert ask("GET", "/") == (200, ALREADY_IN)
        assert ask("GET", "/") == (200, ALREADY_IN)
        assert ask("POST", "/logout") == (200, LOGGED_OUT)
        assert ask("GET", "/") == (401, UNAUTHORIZED)
        assert ask("GET", "/logout") == (200, LOGGED_OUT)


@pytest.fixture
def curl(any_site, tmp_path):
    jar = str(tmp_path / "jar")

    def run(path, *options):
        command = ["curl", "-q", "-sS", "-k", "--noproxy", "*", "-b", jar, "-c", jar,
                   "-w", "\n%{http_code}", *options, any_site.url + path]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body)

    return run


def test_plain_curl_without_any_origin_does_the_same(curl):
    login = ["-H", "Content-Type: application/json", "-d", json.dumps(ROY)]
    assert curl("/") == (401, UNAUTHORIZED)
    assert curl("/login", *login) == (200, LOGGED_IN)
    assert curl("/") == (200, ALREADY_IN)
    assert curl("/logout") == (200, LOGGED_OUT)
    assert curl("/") == (401, UNAUTHORIZED)


def test_a_session_begun_at_one_mount_is_known_at_the_others(stack, site):
    token = site.token()
    for mount in ("", "/api", "/gatehouse"):
        answer = site.send("GET", mount + "/", headers={"Cookie": f"gatehouse={token}"})
        assert (answer.status_code, answer.json()) == (200, ALREADY_IN)


def test_a_session_begun_over_plain_http_has_no_effect_over_tls_by_its_plain_name(site, tls_site):
    token = site.token()
    assert tls_site.home(token, name="gatehouse").status_code == 401


def test_the_name_in_the_row_is_the_users_name_whatever_was_typed(site):
    answer = site.login("ROY")
    assert (answer.status_code, answer.json()) == (200, LOGGED_IN)
    home = site.home(answer.cookies[site.cookie_name])
    assert home.json() == ALREADY_IN
