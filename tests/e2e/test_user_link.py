"""`gatehouse user link`: a one-time address that makes the owner's browser known, where guesses have closed the
account."""
import os
import re
import socket
import subprocess

import pytest

from fastcgi import web
from instance import Instance
from member import FIRST_ID, PASSWORD, Members, cheap_hash
from verbs import command_of, run_verb
from visitor import login_request
from waiting import allow, eventually

ADDRESS = re.compile(r"https://www\.example\.com/gatehouse/link\?code=([A-Za-z0-9_-]{44,128})\n")
ID = FIRST_ID + 20_000
CLOSED_AT_ONCE = {"free_guesses": 5, "strangers_free_guesses": 10, "close_after": 10, "address_free_guesses": 100_000,
                  "network_free_guesses": 100_000}


@pytest.fixture(scope="module")
def host(stack, members):
    rows = ", ".join(f"({ID + i}, 'linked{i}', '{cheap_hash(PASSWORD)}', 'mail{i}@example.com')" for i in range(20))
    members.database.run(
        "CREATE OR REPLACE TABLE linked (id int PRIMARY KEY, username varchar(45), password varchar(255),"
        " mail varchar(45));"
        f" GRANT SELECT ON linked TO gatehouse@localhost; INSERT INTO linked VALUES {rows},"
        f" ({ID + 30}, 'twin', '', ''), ({ID + 31}, 'twin', '{cheap_hash(PASSWORD)}', '');"
        f" DELETE FROM login_place; DELETE FROM session WHERE CAST(user_id AS UNSIGNED) BETWEEN {ID} AND {ID + 31}")
    user = {"query": "SELECT id, username, password FROM linked WHERE username = :name OR mail = :name",
            "census_query": "SELECT password FROM linked"}
    with Instance(stack, "linked", Members.settings(guard=CLOSED_AT_ONCE, user=user)) as host:
        host.wait_until_serving(allow(5))
        yield host


@pytest.fixture
def verb(stack):
    def run(*words, **how):
        return run_verb(stack, "user", *words, config=stack.dir / "linked.toml", **how)
    return run


@pytest.fixture
def still_waits(stack):
    """What the verbs say of whoever has mistyped."""
    return lambda name: ("An address that has failed itself still waits, 15 min at most: `gatehouse user link "
                         f"{name} --config {stack.dir}/linked.toml` lets its owner in now\n")


@pytest.fixture
def link(verb):
    def make(name, *options):
        done = verb("link", "--url", "https://www.example.com", *options, "--", name)
        assert done.returncode == 0, done
        assert re.fullmatch(f'the link is good once, for 30 minutes, and for "{name}" alone; the log tells of its '
                            'opening under the number [0-9a-f]{8}\n', done.stderr), done
        return ADDRESS.fullmatch(done.stdout)[1]
    return make


def open_link(host, code, headers=None, address="192.0.2.200"):
    return host.ask(web("POST", "/link", headers={"Sec-Fetch-Site": "same-origin", **(headers or {})}, address=address,
                        QUERY_STRING=f"code={code}", CONTENT_TYPE="application/x-www-form-urlencoded"))


def log_in(host, name, address, password=PASSWORD, cookie=None):
    headers = {"Cookie": cookie} if cookie else {}
    return host.ask(*login_request(name, password, address=address, headers=headers))


def close(host, name):
    for number in range(3):
        for _ in range(5):
            log_in(host, name, f"198.51.{number}.7", "wrong")
    assert log_in(host, name, "192.0.2.1").status == 429


def test_it_lets_the_owner_in_who_is_kept_out_and_logs_nobody_in_by_itself(host, link):
    close(host, "linked0")
    opened = open_link(host, link("linked0"))
    assert (opened.status, opened.header("Location")) == (303, "/gatehouse/link?notice=known")
    cookies = [value for name, value in opened.headers if name == "Set-Cookie"]
    assert len(cookies) == 1 and cookies[0].startswith("gatehouse-device=")
    assert host.ask(web("GET", "/", headers={"Cookie": opened.device})).status == 401
    assert log_in(host, "linked0", "192.0.2.2").status == 429, "another browser"
    assert log_in(host, "linked0", "192.0.2.3", "wrong", opened.device).status == 400
    assert log_in(host, "linked0", "192.0.2.3", cookie=opened.device).status == 200
    assert log_in(host, "linked0", "192.0.2.4").status == 429, "it opened the account to nobody else"
    said = rf'link: [0-9a-f]{{8}} opened, a browser is known to user id "{ID}" address=192.0.2.200'
    assert re.search(said, host.log())


def test_the_log_and_show_tell_the_administrator_whose_account_is_closed(host, verb):
    close(host, "linked7")
    assert host.log().count('login: user="linked7" is closed to strangers after too many wrong passwords') == 1
    eventually(lambda: "closed to strangers" in verb("show", "linked7").stdout, allow(5), every=0.2,
               what="`user show` tells")
    assert "strangers" not in verb("show", "linked8").stdout


def test_a_try_with_the_right_password_says_that_a_closed_account_refuses_new_places(stack, host):
    def tried():
        return run_verb(stack, "password", "try", "--stdin", "linked9", config=stack.dir / "linked.toml",
                        given=PASSWORD)
    assert (tried().returncode, "A login is accepted.\n" in tried().stdout) == (0, True)
    close(host, "linked9")
    eventually(lambda: "closed to strangers: they have failed" in tried().stdout, allow(5), every=0.2,
               what="the count is written")
    done = tried()
    assert done.returncode == 1 and done.stdout.endswith(
        "\nA login is accepted from known addresses and browsers only, and refused from new ones until"
        f" `gatehouse user unlock linked9 --config {stack.dir}/linked.toml`.\n"), done.stdout


def test_a_wrong_a_used_and_an_old_one_are_answered_alike(stack, host, link):
    used, old = link("linked1"), link("linked1")
    assert open_link(host, used).header("Location") == "/gatehouse/link?notice=known"
    stack.database.run("UPDATE login_place SET good_at = good_at - INTERVAL 31 MINUTE WHERE place LIKE 'l%'")
    wrong = ("B" if used[0] == "A" else "A") + used[1:]
    answers = [open_link(host, code) for code in (used, old, wrong, "", "x" * 300)]
    assert {(answer.status, answer.body, str(sorted(answer.headers))) for answer in answers} == {
        (303, answers[0].body, str(sorted(answers[0].headers)))}
    assert answers[0].header("Location") == "/gatehouse/link?error=link"
    assert "Set-Cookie" not in dict(answers[0].headers)


def test_looking_at_it_or_another_sites_page_uses_none_up(host, link):
    code = link("linked2")
    assert host.ask(web("GET", "/link", QUERY_STRING=f"code={code}")).status == 405
    assert open_link(host, code, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert open_link(host, code, {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"}).status == 403
    assert open_link(host, code).header("Location") == "/gatehouse/link?notice=known"


def test_a_new_password_and_a_logout_everywhere_withdraw_it(stack, host, verb, link):
    close(host, "linked3")
    before = open_link(host, link("linked3")).device
    stack.database.run(f"UPDATE linked SET password = '{cheap_hash('new')}' WHERE username = 'linked3'")
    assert log_in(host, "linked3", "192.0.2.30", "new", before).status == 429
    code = link("linked3")
    done = run_verb(stack, "session", "revoke", "--id", str(ID + 3), config=stack.dir / "linked.toml")
    assert done.returncode == 1 and "no live session" in done.stderr  # yet all else of that user is withdrawn
    assert open_link(host, code).header("Location") == "/gatehouse/link?error=link"
    after = open_link(host, link("linked3")).device
    assert log_in(host, "linked3", "192.0.2.31", "new", after).status == 200


def test_an_address_that_failed_itself_still_waits_and_the_verbs_say_so(stack, host, verb, still_waits):
    for _ in range(6):
        log_in(host, "linked10", "203.0.113.10", "wrong")
    waiting = "an address that has failed itself waits up to 15 min; `gatehouse user link linked10 --config "
    eventually(lambda: waiting in verb("show", "linked10").stdout, allow(5), every=0.2, what="the count is written")
    done = run_verb(stack, "password", "try", "--stdin", "linked10", config=stack.dir / "linked.toml", given=PASSWORD)
    assert done.returncode == 0 and done.stdout.endswith(
        "failures: 5 of strangers\nroles: none\nA login is accepted, but an address that has failed itself waits first, "
        f"15 min at most: {still_waits('linked10').split(': ')[1].strip()}.\n"), done.stdout
    assert verb("unlock", "linked10").stdout == (
        '"linked10" was not closed to strangers: 5 wrong passwords of theirs are forgotten\n' + still_waits("linked10"))
    assert "failed itself" not in verb("show", "linked10").stdout


def test_unlock_opens_the_name_of_the_row_as_well_as_the_mail_address_that_was_typed(host, verb, still_waits):
    for name in ("linked6", "mail6@example.com"):
        close(host, name)
    eventually(lambda: "closed to strangers" in verb("show", "mail6@example.com").stdout, allow(5), every=0.2,
               what="the counts are written")
    done = verb("unlock", "mail6@example.com")
    assert (done.returncode, done.stdout) == (
        0, '"mail6@example.com" and "linked6" are open again\n' + still_waits("mail6@example.com")), done.stderr
    assert verb("unlock", "linked8").stdout == '"linked8" was not closed to strangers\n' + still_waits("linked8")
    for number, name in enumerate(("linked6", "mail6@example.com")):
        eventually(lambda name=name, at=f"192.0.2.{60 + number}": log_in(host, name, at).status == 200, allow(2),
                   every=0.2, what=f"a stranger may guess again at {name}")


def test_it_says_what_it_needs(verb, link):
    def refused(*words):
        done = verb("link", *words)
        assert (done.returncode, done.stdout) == (1, ""), done
        return done.stderr
    assert 'there is no user "nobody"' in refused("nobody")
    assert f'"{ID + 30}", "{ID + 31}": say which with --id ID' in refused("twin")
    assert link("twin", "--id", str(ID + 31))
    for url in ("www.example.com", "https://", "ftp://example.com", "https://example.com/a", "https://a@example.com"):
        assert "--url takes" in refused("--url", url, "linked4")
    done = verb("link", "linked4")
    assert done.stdout.startswith("/gatehouse/link?code=")
    assert "--url" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="a private /dev needs root")
def test_the_systems_log_says_who_has_made_it(stack, host, tmp_path):
    """In a /dev of its own, where the log is this test's."""
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.settimeout(allow(20))
    dev = tmp_path / "dev"
    dev.mkdir()
    script = ('mount -t tmpfs dev "$1" && for each in null urandom random; do'
              ' touch "$1/$each" && mount --bind "/dev/$each" "$1/$each"; done'
              ' && ln -s "$2" "$1/log" && mount --rbind "$1" /dev && shift 2 && exec "$@"')
    log.bind(str(tmp_path / "log"))
    (tmp_path / "log").chmod(0o666)
    command = command_of(stack, "user", "link", "linked5", config=stack.dir / "linked.toml")
    done = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", dev,
                           tmp_path / "log", *command], env={**os.environ, "SUDO_USER": "eve\nforged"},
                          capture_output=True, text=True, timeout=allow(60), check=False)
    assert done.returncode == 0, done.stderr
    line = log.recv(4096).decode()
    log.close()
    made = re.search(rf'gatehouse\[\d+\]: link: ([0-9a-f]{{8}}) made for user id "{ID + 5}" by uid 0 '
                     r'\("eve\\x0aforged" by sudo\), good for 30 minutes', line)
    assert made, line
    assert f"under the number {made[1]}\n" in done.stderr
    code = re.search("code=(.*)", done.stdout)[1]
    assert code not in line, "who reads the log could open it"
    open_link(host, code)
    eventually(lambda: f"link: {made[1]} opened" in host.log(), allow(2), what="the service tells of the opening")


def test_its_page_has_a_button_and_says_what_came_of_it(stack, site, verb):
    done = run_verb(stack, "user", "link", "--url", site.base + "/", "roy")
    assert done.returncode == 0, done.stderr
    path = done.stdout.strip().removeprefix(site.base)
    for language, button in (("en", "Make this browser known"), ("de", "Diesen Browser bekannt machen")):
        page = site.send("GET", path, headers={"Accept-Language": language})
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert f">{button}</button>" in page.text
        code = path.split("code=")[1]
        assert f"lang=fr&amp;code={code}" in page.text, "the other languages keep the link"
        assert "Set-Cookie" not in page.headers
    headers = {"Origin": site.base, "Content-Type": "application/x-www-form-urlencoded"}
    done = site.send("POST", path, headers=headers, data="")
    assert (done.status_code, done.headers["Location"]) == (303, "/gatehouse/link?notice=known")
    assert "gatehouse-device" in done.headers["Set-Cookie"]
    page = site.send("GET", "/gatehouse/link?notice=known").text
    assert "<h1>You can log in now</h1>" in page and "This browser is known now" in page
    again = site.send("POST", path, headers=headers, data="")
    assert (again.status_code, again.headers["Location"]) == (303, "/gatehouse/link?error=link")
    for no_link in ("?error=link", "", "?code=", "?error=link&code=x"):
        page = site.send("GET", "/gatehouse/link" + no_link).text
        assert "<h1>This link can’t be used</h1>" in page and "<title>Error: This link" in page, no_link
        assert "If you have pressed the button in this browser before, just log in." in page
        assert "wrong passwords" not in page and 'method="post"' not in page
