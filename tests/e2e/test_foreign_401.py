"""A 401 or 403 that is not Gatehouse's stays what the site made of it."""
import base64

import pytest

from front import Front, server
from guarded import SECRET, cookie

PAGE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
BASIC = {"Authorization": "Basic " + base64.b64encode(b"nagios:nagios").decode()}
SERVERS = server("localhost", """
location ^~ /basic/ { auth_basic "Nagios Access"; auth_basic_user_file FOLDER/htpasswd; alias FILES/members/; }
location ^~ /both/  { auth_request gatehouse:*; auth_basic "Nagios Access"; auth_basic_user_file FOLDER/htpasswd;
                      alias FILES/members/; }
location ^~ /theirs/ { auth_request /their-auth; alias FILES/members/; }
location ^~ /theirs-403/ { auth_request /their-403; alias FILES/members/; }
location = /their-auth { internal; proxy_pass http://127.0.0.1:PORT/answers/plain-401; proxy_pass_request_body off;
                         proxy_set_header Host application; }
location = /their-403  { internal; return 403; }
location ^~ /part/ {
    location ^~ /part/basic/ { auth_basic "Nested"; auth_basic_user_file FOLDER/htpasswd; alias FILES/members/; }
}
location ^~ /app/ { proxy_pass http://127.0.0.1:PORT/answers/; proxy_set_header Host application; }
location ^~ /intercepted/ { proxy_pass http://127.0.0.1:PORT/answers/; proxy_set_header Host application;
                            proxy_intercept_errors on; }
location ^~ /guarded-app/ { auth_request gatehouse:*; proxy_pass http://127.0.0.1:PORT/answers/;
                            proxy_set_header Host application; proxy_intercept_errors on; }
location = /return/ { return 401; }
location ^~ /members/ { auth_request gatehouse:*; }
location ^~ /admin/   { auth_request gatehouse:admin; }
""") + server("application", """
add_header Gatehouse-Reason no-session always;
add_header Remote-User mallory always;
location = /answers/401 { add_header WWW-Authenticate 'Bearer realm="app"' always;
                          add_header Gatehouse-Reason no-session always; return 401 "the app's own"; }
location = /answers/plain-401 { add_header WWW-Authenticate 'Bearer realm="app"' always; return 401; }
location = /answers/403 { add_header Gatehouse-Reason role always; return 403 "the app's own"; }
""", include="")


@pytest.fixture(scope="module")
def front(stack, port):
    front = Front(stack, port + 43, SERVERS, name="foreign")
    front.write()
    (front.folder / "htpasswd").write_text("nagios:{PLAIN}nagios\n")
    with front:
        yield front


@pytest.fixture(scope="module")
def roy(stack):
    return cookie(stack.site().token())


asked_by = pytest.mark.parametrize("headers", [{}, PAGE], ids=["data", "page"])


@asked_by
@pytest.mark.parametrize("path", ["/basic/page.html", "/part/basic/page.html"])
def test_auth_basic_keeps_its_prompt(front, path, headers):
    answer = front.ask(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert SECRET not in answer.text
    assert SECRET in front.ask(path, headers={**headers, **BASIC}).text


@asked_by
def test_auth_basic_beside_a_demand_has_its_prompt_for_members(front, roy, headers):
    answer = front.ask("/both/page.html", headers={**headers, **roy})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Nagios Access"')
    assert front.ask("/both/page.html", headers=BASIC).status_code == 401  # and no session
    assert SECRET in front.ask("/both/page.html", headers={**roy, **BASIC}).text


@asked_by
def test_another_auth_request_keeps_its_answers(front, headers):
    answer = front.ask("/theirs/page.html", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="app"')
    assert front.ask("/theirs-403/page.html", headers=headers).status_code == 403


@asked_by
@pytest.mark.parametrize("place", ["/app", "/intercepted", "/guarded-app"])
def test_a_401_of_an_application_passes(front, roy, place, headers):
    headers = {**headers, **(roy if place == "/guarded-app" else {})}
    answer = front.ask(place + "/401", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="app"')
    assert "Location" not in answer.headers
    assert front.ask(place + "/403", headers=headers).status_code == 403


@asked_by
def test_a_401_of_nginxs_own_stays(front, headers):
    answer = front.ask("/return/", headers=headers)
    assert answer.status_code == 401 and "Location" not in answer.headers


def test_ours_are_still_ours(front, roy):
    assert front.ask("/members/page.html", headers=PAGE).status_code == 303
    assert front.ask("/members/page.html").json() == {"message": "Unauthorized"}
    assert front.ask("/admin/page.html", headers=roy).json() == {"message": "Forbidden"}
    assert "You don’t have access" in front.ask("/admin/page.html", headers={**roy, **PAGE}).text
