"""systemd/new-device-mail: each login from a new browser is mailed once, whatever happens in between."""
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from instance import Instance
from member import PASSWORD, cheap_hash
from test_events import AGENT
from verbs import command_of
from visitor import login_request
from waiting import allow, eventually

EXAMPLE = Path(__file__).resolve().parents[2] / "systemd/new-device-mail"
ID = 1_940_000
NAMES = [f"mailed{i}@example.com" for i in range(8)] + ["no-address", "evil@example.com\r\nBcc: all@example.com"]
# Takes a mail into a folder, or does what the test wants of it.
SENDMAIL = """#!/bin/sh
[ "$1 $2" = "-i --" ] || exit 64
if [ -e "$MAILS/kill" ]; then rm "$MAILS/kill"; kill -KILL $PPID; exit 1; fi
[ -e "$MAILS/refuse" ] && { cat >/dev/null; exit 75; }
cat >"$MAILS/new"
mv "$MAILS/new" "$MAILS/$3.$$.mail"
"""


@pytest.fixture(scope="module")
def service(stack, members):
    def hexed(name):
        return f"CONVERT(X'{name.encode().hex()}' USING utf8mb4)"
    rows = ", ".join(f"({ID + i}, {hexed(name)}, '{cheap_hash(PASSWORD)}')" for i, name in enumerate(NAMES))
    members.database.run(f"REPLACE INTO member VALUES {rows}")
    with Instance(stack, "mailed", members.settings()) as service:
        service.wait_until_serving(allow(5))
        yield service


class Mails:
    """A host's cron, which runs the script."""

    def __init__(self, stack, service, folder):
        self.folder, self._stack, self._service = folder, stack, service
        self._write("sendmail", SENDMAIL)
        words = shlex.join(command_of(stack, config=service.config)[:1])
        self._write("gatehouse", f'#!/bin/sh\nexec {words} "$@" --config {shlex.quote(str(service.config))}\n')

    def _write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def run(self):
        env = {**os.environ, "MAILS": str(self.folder), "STATE_DIRECTORY": str(self.folder / "state"), "SITE": "www.example.com",
               "GATEHOUSE": str(self.folder / "gatehouse"), "SENDMAIL": str(self.folder / "sendmail")}
        return subprocess.run([sys.executable, str(EXAMPLE / "gatehouse-new-device-mail")], env=env, capture_output=True,
                              text=True, check=False, timeout=allow(60))

    def sent(self):
        """To whom, of each mail."""
        return sorted(path.name.split(".com.")[0] + ".com" for path in self.folder.glob("*.mail"))

    def log_in(self, *numbers, password=PASSWORD, cookie=None):
        """As browsers that nobody knows, and waits until they are written."""
        before = self._written()
        answers = []
        for number in numbers:
            headers = {"User-Agent": AGENT, **({"Cookie": cookie} if cookie else {})}
            answers.append(self._service.ask(*login_request(NAMES[number], password, address="192.0.2.9", headers=headers)))
        eventually(lambda: self._written() == before + len(numbers), allow(10), what="the events are written")
        return answers

    def _written(self):
        return int(self._stack.database.run(f"SELECT COUNT(*) FROM login_event WHERE user_id BETWEEN {ID} AND {ID + 99}"))


@pytest.fixture
def mails(stack, service, tmp_path):
    stack.database.run("DELETE FROM login_event; DELETE FROM login_place")
    mails = Mails(stack, service, tmp_path)
    mails.log_in(0)
    assert mails.run().returncode == 0
    assert mails.sent() == [], "nothing of before the first run"
    return mails


def test_each_login_is_mailed_once_with_another_in_between_and_a_crash_in_the_middle(mails):
    mails.log_in(1, 2, 3)
    done = mails.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert mails.sent() == NAMES[1:4]
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:4], "not again"
    mails.log_in(4, 5)
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:6]
    mails.log_in(6)
    (mails.folder / "kill").touch()
    assert mails.run().returncode == -9
    assert mails.sent() == NAMES[1:6]
    mails.log_in(7)
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:8], "no one is lost, and none comes twice"
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:8]


def test_what_sendmail_refuses_is_tried_again_and_keeps_nobody_elses_back(mails):
    mails.log_in(1)
    (mails.folder / "refuse").touch()
    done = mails.run()
    assert done.returncode == 1 and "tried again" in done.stderr and mails.sent() == []
    mails.log_in(2)
    (mails.folder / "refuse").unlink()
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:3]
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:3]


def test_it_tells_of_no_wrong_password_and_of_no_browser_that_comes_back(mails):
    [answer] = mails.log_in(1)
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:2]
    mails.log_in(1, cookie=answer.device)
    mails.log_in(1, password="wrong")
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:2]


def test_a_mail_says_when_from_where_and_with_what_and_no_address_is_believed(mails):
    mails.log_in(1, 8, 9)
    done = mails.run()
    assert done.returncode == 0 and "is not a plain one" in done.stderr
    [mail] = mails.folder.glob("*.mail")
    text = mail.read_text()
    assert "To: mailed1@example.com\n" in text and "Bcc" not in text
    assert "Subject: A new browser has logged in to www.example.com\n" in text
    assert re.search(r"when     \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", text)
    assert "browser  Firefox on Linux\n" in text and "address  192.0.2.9\n" in text


def test_an_event_that_is_written_late_is_not_missed(stack, mails):
    """MySQL was away: what happened an hour ago has a row now."""
    mails.log_in(1)
    stack.database.run(f"UPDATE login_event SET at = at - INTERVAL 1 HOUR WHERE user_id = '{ID + 1}'")
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:2]


def test_while_gatehouse_cannot_read_its_state_stays(mails):
    mails.log_in(1)
    gatehouse = (mails.folder / "gatehouse").read_text()
    (mails.folder / "gatehouse").write_text("#!/bin/sh\nexit 1\n")
    before = (mails.folder / "state/told").read_text()
    assert mails.run().returncode == 1
    assert (mails.folder / "state/told").read_text() == before
    (mails.folder / "gatehouse").write_text(gatehouse)
    assert mails.run().returncode == 0 and mails.sent() == NAMES[1:2]


def test_its_units_are_taken_by_systemd(tmp_path):
    for name in ("gatehouse-new-device-mail.service", "gatehouse-new-device-mail.timer"):
        unit = tmp_path / name
        unit.write_text((EXAMPLE / name).read_text().replace("User=gatehouse", "User=root").replace("Group=gatehouse", "Group=root"))
    units = [str(tmp_path / f"gatehouse-new-device-mail.{kind}") for kind in ("timer", "service")]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False,
                          timeout=allow(60))
    assert (done.returncode, done.stderr) == (0, "")
