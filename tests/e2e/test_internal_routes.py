"""What nginx alone may ask is not there for anyone outside."""
import pytest

import fastcgi

INTERNAL = ["/auth", "/auth/", "/auth/admin", "/auth/*", "/metrics", "/healthz", "/readyz"]


@pytest.mark.parametrize("path", INTERNAL)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "DELETE"])
def test_an_internal_route_is_not_found_from_outside(any_site, path, method):
    answer = any_site.send(method, path, headers={
        "Gatehouse-Internal": "1", "GATEHOUSE_INTERNAL": "1", "X-Gatehouse-Internal": "1"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/auth", "/auth/*", "/auth/admin"])
def test_not_even_for_one_who_is_logged_in(any_site, path):
    answer = any_site.send("GET", path, headers={"Cookie": f"{any_site.cookie_name}={any_site.token()}"})
    assert answer.status_code == 404
    assert "Remote-User" not in answer.headers


@pytest.mark.parametrize("path", INTERNAL)
@pytest.mark.parametrize("value", [None, "", "0", "true", "yes", "2", "1 ", "on"])
def test_an_internal_route_is_not_found_without_nginxs_mark(stack, path, value):
    marks = {} if value is None else {"GATEHOUSE_INTERNAL": value}
    answer = fastcgi.ask(stack.fcgi_socket, fastcgi.web("GET", path, **marks))
    assert (answer.status, answer.json()["message"] != "") == (404, True)
