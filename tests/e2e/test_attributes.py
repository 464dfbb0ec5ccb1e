"""What columns of user.query say of a user: a mail address, a name, a name of the site's own, at applications."""
import pytest

from attributed import LATER, MAX_AGE, PASSWORD, QUERY, Attributed
from instance import Instance
from raw_http import assert_closed, get, status_of
from verbs import run_verb
from waiting import allow, eventually

HEADERS = {"Remote-Email": "roy@example.com", "Remote-Name": "Roy", "Remote-Team": "red"}


@pytest.fixture(scope="module")
def site(stack, port):
    with Attributed(stack, port + 60) as site:
        yield site


@pytest.fixture(autouse=True)
def the_row_as_it_was(site):
    yield
    site.reset()


@pytest.fixture
def token(site):
    return site.log_in()


def lines_of(told):
    return {f"{name}: {value}".encode() for name, value in told.items()}


def test_a_proxied_application_is_told_them(site, token):
    assert lines_of({"Remote-User": "roy", "Remote-Id": "a1", **HEADERS}) <= set(site.app(token))


def test_a_fastcgi_application_is_told_them(site, token):
    told = site.php(token)
    assert [told[f"REMOTE_{name}"] for name in ("USER", "EMAIL", "NAME", "TEAM")] == [
        "roy", "roy@example.com", "Roy", "red"]
    assert [told[f"HTTP_REMOTE_{name}"] for name in ("EMAIL", "NAME", "TEAM")] == ["roy@example.com", "Roy", "red"]


def test_they_come_in_utf_8_whatever_the_column_holds(site):
    site.set(email="roÿ@müller.example", full_name="李 Ærøskøbing 🙂", team="ψ")
    token = site.log_in()
    assert "Remote-Email: roÿ@müller.example".encode() in site.app(token)
    assert "Remote-Name: 李 Ærøskøbing 🙂".encode() in site.app(token)
    told = site.php(token)
    assert (told["REMOTE_NAME"], told["REMOTE_TEAM"]) == ("李 Ærøskøbing 🙂", "ψ")


@pytest.mark.parametrize("path", ["/app/x", "/app/open/x"])
@pytest.mark.parametrize("name", ["Remote-Email", "remote-email", "REMOTE-EMAIL", "Remote_Email", "REMOTE_EMAIL",
                                  "Remote-Name", "Remote_name", "Remote-Team", "Remote_Team", "rEMOTE_tEAM"])
def test_what_a_visitor_claims_reaches_no_proxied_application(site, name, path):
    bare = site.log_in("bare")
    for lines in ([f"{name}: spoofed"], [f"{name}: spoofed", f"{name}: spoofed-again"],
                  [f"{name}: spoofed", f"{name.swapcase()}: spoofed", f"{name.replace('_', '-')}: spoofed"]):
        answer = get(site.front.site, path, f"Cookie: gatehouse={bare}", *lines)
        assert status_of(answer) == 200 and "spoofed" not in answer, answer
        anonymous = get(site.front.site, path, *lines)
        assert "spoofed" not in anonymous, anonymous
        if path == "/app/x":
            assert_closed(anonymous)


@pytest.mark.parametrize("path", ["/php/x", "/php/open/x"])
@pytest.mark.parametrize("name", ["Remote-Email", "Remote_Email", "REMOTE_EMAIL", "Remote-Name", "Remote_Team",
                                  "remote-team"])
def test_what_a_visitor_claims_reaches_no_fastcgi_application(site, name, path):
    bare = site.log_in("bare")
    for lines in ([f"{name}: spoofed"], [f"{name}: spoofed", f"{name.replace('_', '-')}: spoofed-again"]):
        answer = get(site.front.site, path, f"Cookie: gatehouse={bare}", *lines)
        assert status_of(answer) == 200 and "spoofed" not in answer, answer
        assert "spoofed" not in get(site.front.site, path, *lines)


def test_of_an_anonymous_visitor_and_a_bare_row_nothing_is_told(site):
    for token in (None, site.log_in("bare")):
        told = site.php(token, "/php/open/x")
        assert [told[f"REMOTE_{name}"] for name in ("EMAIL", "NAME", "TEAM")] == ["", "", ""]
        assert not [line for line in site.app(token, "/app/open/x") if line.lower().startswith(b"remote-")]
    assert {name for name, _ in site.auth(site.log_in("bare")).headers if name.startswith("Remote-")} == {
        "Remote-User", "Remote-Groups", "Remote-Id"}


def test_what_the_site_changes_is_told_within_the_documented_time(site, token):
    """On both hosts, for a session that was there before, and each time that nginx asks until then."""
    tokens = [token, site.log_in(host=1)]
    assert [site.auth(one, host).header("Remote-Email") for one in tokens for host in (0, 1)] == ["roy@example.com"] * 4
    site.set(email="new@example.com", full_name=None)
    for host in (0, 1):
        eventually(lambda h=host: [site.auth(one, h).header("Remote-Email") for one in tokens]
                   == ["new@example.com"] * 2, MAX_AGE + allow(LATER), what="the new address")
        assert [site.auth(one, host).header("Remote-Name") for one in tokens] == [None, None]
    assert b"Remote-Email: new@example.com" in site.app(token)
    assert site.php(token)["REMOTE_NAME"] == ""


def test_a_session_has_them_after_a_restart(site, token):
    host = site.hosts[0]
    assert host.process.stop(allow(12)) == 0
    site.set(team="blue")
    host.process = host.start()
    host.wait_until_serving(allow(10))
    assert lines_of({**HEADERS, "Remote-Team": "blue"}) <= set(site.app(token))


@pytest.mark.parametrize("name, why", [("a\r\nRemote-Groups: admin", "control characters"), ("a\tb", "control characters"),
                                       ("x" * 1025, "longer than 1024 bytes")], ids=["lines", "tab", "long"])
def test_what_no_header_can_carry_lets_nobody_in(site, name, why):
    site.set(full_name=name)
    answer = site.auth(site.log_in())
    assert (answer.status, answer.header("Gatehouse-Reason"), answer.header("Remote-Groups")) == (403, "attribute", None)
    shown = run_verb(site.stack, "user", "show", "roy", config=site.hosts[0].config)
    assert "Remote-Name: not sent: it " in shown.stdout and why in shown.stdout, shown


def test_or_is_left_out_by_a_setting(stack, site):
    site.set(full_name="a\nb")
    with Instance(stack, "attributed-lenient", site.settings(unfit_attribute="leave_out")) as lenient:
        lenient.wait_until_serving(allow(5))
        site.hosts.append(lenient)
        try:
            answer = site.auth(site.log_in(host=2), host=2)
        finally:
            site.hosts.remove(lenient)
        assert (answer.status, answer.header("Remote-Email")) == (204, "roy@example.com")
        assert answer.header("Remote-Name") is None
        assert "Remote-Name is left out" in lenient.log()


def test_the_longest_that_there_may_be_come_through_nginx(stack, site):
    site.set(email="e" * 100, full_name="n" * 1024, team="t" * 40)
    token = site.log_in()
    assert b"Remote-Name: " + b"n" * 1024 in site.app(token)
    assert site.php(token)["REMOTE_NAME"] == "n" * 1024


def test_the_name_at_applications_may_be_another_than_the_sessions(stack, site):
    query = QUERY.replace("team", "handle AS remote_user")
    with Instance(stack, "attributed-renamed", site.settings(query)) as service:
        service.wait_until_serving(allow(5))
        site.hosts.append(service)
        try:
            token, bare = site.log_in(host=2), site.log_in("bare", host=2)
            assert site.auth(token, host=2).header("Remote-User") == "r.smith"
            refused = site.auth(bare, host=2)
        finally:
            site.hosts.remove(service)
        assert (refused.status, refused.header("Gatehouse-Reason")) == (403, "name"), "NULL is nobody's name"
        listed = run_verb(stack, "session", "list", "--user", "roy", "--json", config=service.config)
        assert '"roy"' in listed.stdout and "r.smith" not in listed.stdout, listed


@pytest.mark.parametrize("column, said", [("email AS groups", "Remote-Groups tells the roles"),
                                          ("email AS addr", "Remote-Addr is the address of the visitor"),
                                          ("email AS `e-mail`", "cannot be the name of a header"),
                                          ("password AS old_hash", "applications are not told those"),
                                          ("email, team AS EMAIL", "has the label \"EMAIL\" again")],
                         ids=["ours", "cgi", "none", "hash", "twice"])
def test_a_label_that_is_no_attribute_is_refused_everywhere(stack, site, column, said):
    bad = site.settings(QUERY.replace("email, full_name AS name, team", column))
    with Instance(stack, "attributed-refused", site.settings()) as service:
        service.wait_until_serving(allow(5))
        service.configure(bad)
        checked = run_verb(stack, "check", config=service.config)
        assert checked.returncode == 1 and said in checked.stdout + checked.stderr, checked
        service.reload()
        eventually(lambda: said in service.log(), allow(10), what="the reload is refused")
        assert service.serves(), "by the settings from before"
    with Instance(stack, "attributed-refused", bad) as service:
        service.wait_until_refusing(allow(10))
        assert said in service.log()
        service.configure(site.settings())
        service.wait_until_serving(allow(10))


def test_they_are_shown_to_administrators(stack, site):
    shown = run_verb(stack, "user", "show", "roy", config=site.hosts[0].config)
    assert shown.returncode == 0 and "Remote-Email: roy@example.com" in shown.stdout, shown
    as_json = run_verb(stack, "user", "show", "--json", "roy", config=site.hosts[0].config)
    assert '"attributes":{"Remote-Email":"roy@example.com","Remote-Name":"Roy","Remote-Team":"red"}' in as_json.stdout
    checked = run_verb(stack, "check", "--name", "roy", config=site.hosts[0].config)
    assert 'applications are told Remote-Team: "red"' in checked.stdout, checked


def test_the_other_verbs_read_a_query_that_has_them(stack, site):
    config = site.hosts[0].config
    tried = run_verb(stack, "password", "try", "--stdin", "roy", config=config, given=PASSWORD)
    assert tried.returncode == 0, tried
    counted = run_verb(stack, "password", "census", config=config)
    assert counted.returncode == 0 and "werkzeug-pbkdf2" in counted.stdout, counted
    checked = run_verb(stack, "check", config=config)
    assert "has the label" not in checked.stdout + checked.stderr, checked
    assert "attributed-a.toml" in checked.stdout + checked.stderr, checked


def test_nginx_has_room_for_the_variables(site):
    taken, said = site.front.check()
    assert taken and "variables_hash" not in said, said
