"""A booted host under load: restart, reload, kill -9, another key, MariaDB stopped and frozen, a typo. tests/systemd.sh
builds the package and makes the host; the tests go on from each other, in this order."""
import os
import re
import subprocess
import threading
import time

import pytest

from bare_host import ROOT_PASSWORD, BareHost
from load import Load
from waiting import allow, eventually

PACKAGE = os.environ["GATEHOUSE_TEST_PACKAGE"]
CONFIG = "etc/gatehouse/gatehouse.toml"
UNIT = "gatehouse.service"
UPLOAD = 100 * 1024 * 1024
# Written to at the place of the upload, behind the question who may.
UPLOADS = """
    location ^~ /members/upload/ {
        auth_request gatehouse:*;
        client_max_body_size 200m;
        dav_methods PUT;
        root /var/www/uploads;
    }
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = BareHost(os.environ["GATEHOUSE_TEST_HOST"], tmp_path_factory.mktemp("host"))
    with host:
        host.install_applications()
        host.must("apt-get", "install", "-y", "--no-install-recommends", host.put(PACKAGE))
        host.write("root/root.password", f"{ROOT_PASSWORD}\n")
        (host.root / "root/root.password").chmod(0o600)
        host.must("gatehouse", "init", "--nginx", "blog.example.com", "--protect", "/members/", "--admin-password-file",
                  "/root/root.password", "--table", "blog.x7_users", "--yes")
        host.must("install", "-d", "-o", "nginx", "/var/www/uploads/members/upload")
        site = host.read("etc/nginx/sites-available/blog")
        at = site.rindex("}")
        host.write("etc/nginx/sites-available/blog", site[:at] + UPLOADS + site[at:])
        host.must("nginx", "-t")
        host.must("systemctl", "reload", "nginx.service")
        assert host.login("olga", "olga")[0] == 200
        host.settings = host.read(CONFIG)
        yield host


@pytest.fixture(autouse=True)
def it_is_as_before(host):
    yield
    host.write(CONFIG, host.settings)
    host.must("systemctl", "start", "mariadb.service")
    host.must("systemctl", "restart", UNIT)
    eventually(lambda: is_inside(host), allow(20), what="olga is still inside")


def is_inside(host):
    return host.send("/members/", jar="olga")[0] == 200


def cookie_of(host, jar):
    """The session's `name=value` in the cookie jar of a browser."""
    lines = (host.jar(jar)).read_text().splitlines()
    [pair] = ["=".join(line.split("\t")[5:7]) for line in lines if line.split("\t")[5:6] == ["gatehouse"]]
    return pair


def load(host):
    return Load(host, cookie_of(host, "olga"))


def status(host):
    return host.run("systemctl", "status", "--no-pager", "--full", UNIT).stdout


def journal(host, since):
    return host.must("journalctl", "--no-pager", "-o", "cat", "-u", UNIT, f"--since=@{since:.3f}").splitlines()


def reloaded(host):
    """Has the service read its files again, and waits until it says that it serves by them."""
    host.must("systemctl", "reload", UNIT)
    eventually(lambda: status_text(host) == "Serving", allow(10), every=0.2, what="it serves by the new settings")


def status_text(host):
    return host.must("systemctl", "show", "-p", "StatusText", "--value", UNIT).strip()


def is_told(host, since, words):
    return any(words in line for line in journal(host, since))


def settled(seconds=2):
    """As long as the visitors go on before and after what happens to the service."""
    time.sleep(seconds)


def edit(host, old, new):
    text = host.read(CONFIG)
    assert old in text
    host.write(CONFIG, text.replace(old, new, 1))


class Upload(threading.Thread):
    """100 MB into a protected place, slowly: it is judged at its beginning and written at its end."""

    def __init__(self, host):
        super().__init__()
        source = host.root.parent / "upload"
        source.write_bytes(os.urandom(1024 * 1024) * (UPLOAD // (1024 * 1024)))
        self._source, self._host, self.status = source, host, None
        self._command = host.in_its_network(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--limit-rate", "10M", "-T", str(source), "-b",
             cookie_of(host, "olga"), "-H", "Host: blog.example.com", "http://127.0.0.1/members/upload/file"])

    def run(self):
        self.status = subprocess.run(self._command, capture_output=True, text=True, check=False).stdout

    def arrived(self):
        self.join()
        assert self.status == "201", self.status
        there = self._host.root / "var/www/uploads/members/upload/file"
        assert subprocess.run(["cmp", str(self._source), str(there)], check=False).returncode == 0
        there.unlink()


@pytest.mark.parametrize("done", ["reload", "restart", "kill"])
def test_nobody_notices(host, done):
    process, since = host.main_process(UNIT), time.time()
    upload = Upload(host)
    with load(host) as visitors:
        upload.start()
        settled()
        if done == "reload":
            edit(host, "[server]", "[server]\nlogin_queue = 65")
            reloaded(host)
        elif done == "restart":
            host.must("systemctl", "restart", UNIT)
        else:
            host.must("kill", "-9", process)
        settled(4)
    assert not visitors.failed(), (visitors.failed()[:5], host.read("var/log/nginx/error.log")[-3000:])
    assert {answer[0] for answer in visitors.answers} == {"page", "login"} and len(visitors.answers) > 100
    assert is_told(host, since, "the settings were read again") == (done == "reload")
    assert (host.main_process(UNIT) == process) == (done == "reload")
    upload.arrived()
    assert is_inside(host)


def test_a_reload_of_broken_settings_fails_and_changes_nothing(host):
    process, since = host.main_process(UNIT), time.time()
    with load(host) as visitors:
        settled()
        edit(host, "[server]", "[server]\nlogin_thraeds = 3")
        done = host.run("systemctl", "reload", UNIT)
        settled()
    assert done.returncode != 0
    assert not visitors.failed(), visitors.failed()[:5]
    assert host.main_process(UNIT) == process and host.is_active(UNIT)
    assert is_told(host, since, "login_thraeds: unknown key")


def test_a_reload_of_what_mysql_refuses_fails_too(host):
    """The check of the file finds nothing wrong: only the service can know, and systemctl waits for its word."""
    process = host.main_process(UNIT)
    edit(host, '\nquery = "SELECT ', '\nquery = "SELECT no_such, ')
    assert host.run("systemctl", "reload", UNIT).returncode != 0
    assert "since the reload failed" in status_text(host) and "no_such" in status_text(host)
    assert host.main_process(UNIT) == process and is_inside(host)
    host.write(CONFIG, host.settings)
    reloaded(host)


def test_the_key_is_changed_by_reloads(host):
    process = host.main_process(UNIT)
    [old] = [line.split()[0] for line in host.must("gatehouse", "key", "list").splitlines() if "signs" in line]
    with load(host) as visitors:
        settled()
        mark = re.search(r"gatehouse key promote (\S+)", host.must("gatehouse", "key", "add")).group(1)
        refused = host.run("gatehouse", "key", "promote", mark)
        assert refused.returncode == 1 and "reload first" in refused.stderr
        reloaded(host)
        settled()
        host.must("gatehouse", "key", "promote", mark)
        reloaded(host)
        settled()
    assert not visitors.failed(), visitors.failed()[:5]
    assert host.main_process(UNIT) == process and is_inside(host)
    assert host.must("stat", "-c", "%a %U:%G", "/etc/gatehouse/session.keys").strip() == "640 root:gatehouse"
    assert host.login("olga", "newcomer")[0] == 200
    host.must("gatehouse", "key", "remove", "--", old)
    reloaded(host)
    assert host.send("/members/", jar="newcomer")[0] == 200, "the new key signs"
    assert not is_inside(host), "the old key is out"
    assert host.login("olga", "olga")[0] == 200


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_without_mariadb_those_inside_stay_and_logins_are_told_so(host, how):
    with load(host) as visitors:
        settled()
        begun = time.monotonic()
        if how == "stopped":
            host.must("systemctl", "stop", "mariadb.service")
        else:
            host.must("systemctl", "kill", "-s", "STOP", "mariadb.service")
        settled(6)
        if how == "stopped":
            host.must("systemctl", "start", "mariadb.service")
        else:
            host.must("systemctl", "kill", "-s", "CONT", "mariadb.service")
        back = time.monotonic()
        settled(allow(2) + 2)
    failed = visitors.failed()
    assert not [answer for answer in failed if answer[0] == "page"], failed[:5]
    assert {answer[1] for answer in failed} <= {503}
    late = [answer for answer in failed if answer[2] > back + allow(2)]
    assert failed and not late and failed[0][2] > begun - 3, (failed[:3], late[:3])


def test_a_typo_is_answered_at_once_and_told_in_few_lines(host):
    begun = time.monotonic()
    assert is_inside(host)
    usual = time.monotonic() - begun  # most of it is the way into the host
    since = time.time()
    edit(host, "[server]", "[server]\nlogin_thraeds = 3")
    host.must("systemctl", "restart", "--no-block", UNIT)
    longest, until, answer = 0, time.monotonic() + allow(10), 200
    while answer == 200 and time.monotonic() < until:  # the service from before may answer the first of them
        begun = time.monotonic()
        answer, said = host.send("/members/", "-H", "Sec-Fetch-Mode: navigate", jar="olga")
        longest = max(longest, time.monotonic() - begun)
    assert answer == 503 and "unavailable right now" in said
    assert longest < allow(1) + 2 * usual
    answer, said = host.login("sam", "sam")
    assert answer == 503 and '"misconfigured"' in said
    assert "login_thraeds: unknown key" in status(host)
    settled(60)
    lines = journal(host, since)
    assert len(lines) <= 20, lines
    assert sum("login_thraeds" in line for line in lines) == 1
    process = host.main_process(UNIT)
    host.write(CONFIG, host.settings)
    eventually(lambda: is_inside(host), allow(5), what="the mended file is taken")
    assert host.main_process(UNIT) == process


def test_a_missing_password_file_is_no_fault(host):
    for name in ("mysql.password", "session.password"):
        (host.root / f"etc/gatehouse/{name}").unlink(missing_ok=True)
    host.must("systemctl", "restart", UNIT)
    assert is_inside(host)


def test_it_stops_within_ten_seconds_under_load(host):
    with load(host):
        settled()
        begun = time.monotonic()
        host.must("systemctl", "stop", "gatehouse.socket", UNIT)
        took = time.monotonic() - begun
    assert took < allow(10)
    host.must("systemctl", "start", "gatehouse.socket", UNIT)
