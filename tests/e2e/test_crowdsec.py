"""systemd/crowdsec: the parser finds the addresses that guess, in what the program really writes, and no other; the
scenario names who goes on."""
import datetime
import os

import pytest

from crowdsec import CrowdSec, is_packaged
from instance import Instance
from journal import Journal
from test_fail2ban import FORGED, GUESSING, guess, users  # noqa: F401 (a fixture)
from visitor import login_request
from waiting import allow, eventually

pytestmark = pytest.mark.skipif(not is_packaged(), reason="this release of Debian has no package crowdsec")
# No other test has guessed from these, whose guesses would be throttled then.
ON_AND_ON, OFTEN = "198.18.77.1", "198.18.78.2"


@pytest.fixture
def crowdsec(tmp_path, port):
    (tmp_path / "crowdsec").mkdir()
    with CrowdSec(tmp_path / "crowdsec", port + 80) as crowdsec:
        yield crowdsec


def written(stack, settings, tmp_path, act, name):
    """What the journal has of it, as lines of syslog, a second after the other."""
    assert os.geteuid() == 0, "as root: a mount stands in for the journal"
    (tmp_path / "run").mkdir()
    journal = Journal(tmp_path / "run")
    with Instance(stack, name, settings, prefix=journal.service()) as service:
        service.wait_until_serving(allow(5))
        count = act(service)
        eventually(lambda: len(journal.heard) >= count, allow(5), what="the journal is told")
    begin = datetime.datetime(2026, 11, 28, 20, 0, 0)
    return [f"{begin + datetime.timedelta(seconds=i):%b %d %H:%M:%S} host gatehouse[77]: {one['MESSAGE']}"
            for i, one in enumerate(journal.heard)]


def test_it_finds_those_who_guess(stack, users, crowdsec, tmp_path):  # noqa: F811
    lines = written(stack, users(), tmp_path, lambda service: guess(service) or 7, "crowd")
    assert any("6.6.6.6" in line for line in lines), FORGED
    explained = crowdsec.explain(lines)
    assert sorted(line for line, _ in explained) == sorted(lines)
    assert sorted(address for _, address in explained if address) == sorted(GUESSING)


def test_it_names_who_goes_on_guessing_and_nobody_else(stack, users, crowdsec, tmp_path):  # noqa: F811
    def act(service):
        for address, times in ((ON_AND_ON, 40), (OFTEN, 20)):
            for _ in range(times):
                service.ask(*login_request("banned0", "wrong", address=address))
        return 60

    patient = {"free_guesses": 1000, "strangers_free_guesses": 1000, "close_after": 1000, "address_free_guesses": 1000}
    lines = written(stack, users(guard=patient), tmp_path, act, "crowd-on")
    assert crowdsec.performers(lines) == [ON_AND_ON]
