"""systemd/fail2ban: the filter finds the addresses that guess, in what the program really writes, and no other."""
import datetime
import os
import subprocess
from pathlib import Path

import pytest

from fastcgi import web
from instance import Instance
from journal import Journal
from member import PASSWORD, cheap_hash
from visitor import login_request
from waiting import allow, eventually

FILTER = Path(__file__).resolve().parents[2] / "systemd/fail2ban/filter.d/gatehouse.conf"
ID = 1_910_000
FORGED = 'x" address=6.6.6.6 event='
AGENT = "login: wrong password address=6.6.6.6"
GUESSING = ("192.0.2.1", "192.0.2.2", "2001:db8::3", "192.0.2.4")
HONEST = ("198.51.100.1", "198.51.100.2", "198.51.100.3")


def guess(service):
    """A failure of each kind from GUESSING, and from HONEST what is none."""
    def log_in(name, password, address, **headers):
        return service.ask(*login_request(name, password, address=address, headers={"User-Agent": AGENT, **headers})).status
    assert log_in("banned0", "wrong", GUESSING[0]) == 400
    assert log_in("nobody at all", "wrong", GUESSING[1]) == 400
    assert log_in(FORGED, "wrong", GUESSING[2]) == 400
    link = web("POST", "/link", headers={"Sec-Fetch-Site": "same-origin", "User-Agent": AGENT}, address=GUESSING[3],
               QUERY_STRING="code=" + AGENT.replace(" ", "+"), CONTENT_TYPE="application/x-www-form-urlencoded")
    assert service.ask(link).status == 303
    assert log_in("banned1", PASSWORD, HONEST[0]) == 200
    assert log_in("banned2", PASSWORD, HONEST[1]) == 400, "disabled"
    assert log_in("banned1", PASSWORD, HONEST[2], **{"Sec-Fetch-Site": "cross-site"}) == 403


def addresses(log):
    """What fail2ban would count."""
    done = subprocess.run(["fail2ban-regex", "--out", "ip", str(log), str(FILTER)], capture_output=True, text=True,
                          check=False, timeout=allow(60))
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture(scope="module")
def users(members):
    names = ("banned0", "banned1", "banned2", FORGED)
    rows = ", ".join(f"({ID + i}, '{name}', '{cheap_hash(PASSWORD)}')" for i, name in enumerate(names))
    members.database.run(f"REPLACE INTO member VALUES {rows}; REPLACE INTO user_disabled VALUES ('{ID + 2}')")
    return members.settings


def test_it_finds_those_who_guess_in_a_file(stack, users, tmp_path):
    with Instance(stack, "banned", users()) as service:
        service.wait_until_serving(allow(5))
        guess(service)
        log = tmp_path / "gatehouse.log"
        log.write_text(service.log())
    assert "6.6.6.6" in log.read_text()
    assert addresses(log) == list(GUESSING)


def test_it_finds_those_who_guess_in_the_journal(stack, users, tmp_path):
    """As fail2ban makes lines of what the journal has."""
    assert os.geteuid() == 0, "as root: a mount stands in for the journal"
    (tmp_path / "run").mkdir()
    journal = Journal(tmp_path / "run")
    with Instance(stack, "banned-journal", users(), prefix=journal.service()) as service:
        service.wait_until_serving(allow(5))
        guess(service)
        eventually(lambda: len(journal.heard) >= 7, allow(5), what="the journal is told")
    now = datetime.datetime.now().astimezone().isoformat()
    log = tmp_path / "lines"
    log.write_text("".join(f"{now} host gatehouse[77]: {one['MESSAGE']}\n" for one in journal.heard))
    assert addresses(log) == list(GUESSING)


def test_a_guess_that_is_throttled_counts_as_well(stack, users, tmp_path):
    with Instance(stack, "banned-throttled", users(guard={"free_guesses": 2})) as service:
        service.wait_until_serving(allow(5))
        answers = [service.ask(*login_request("banned0", "wrong", address="203.0.113.9")).status for _ in range(5)]
        log = tmp_path / "gatehouse.log"
        log.write_text(service.log())
    assert 429 in answers
    assert addresses(log) == ["203.0.113.9"] * 5
