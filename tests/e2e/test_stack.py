"""What `stack.sh` tells those who try Gatehouse with it."""
import subprocess
from pathlib import Path

import pytest

from processes import Child
from stack import STACK_SH, Stack
from visitor import form
from waiting import allow


@pytest.fixture(scope="module")
def demonstration(port):
    """As `stack.sh up` starts it for people; the tests have one without."""
    demonstration = Stack(port + 70, "up")
    yield demonstration
    demonstration.down()


def stack_sh(*words):
    return subprocess.run(["sh", str(STACK_SH), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=allow(60), check=False)


def said(stack, number):
    """`up` once more. Not through pipes: what it starts would hold them open."""
    log = stack.logs / f"again-{number}.log"
    with open(log, "w", encoding="utf-8") as output:
        done = subprocess.run(["sh", str(STACK_SH), "up", "--dir", str(stack.dir), "--port", stack.env["URL"].rpartition(":")[2]],
                              stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=allow(90), check=False)
    assert done.returncode == 0, log.read_text()
    return log.read_text()


def test_up_and_the_demonstration_say_that_the_limits_on_guesses_are_raised(demonstration):
    assert "Its limits on guesses are raised to 100000" in (demonstration.logs / "stack-up.log").read_text()
    site = demonstration.site()
    inside = {"Cookie": "gatehouse=" + form(site, "").cookies["gatehouse"]}
    assert "the limits on guesses are raised" in site.send("GET", "/demo/", headers=inside).text


def test_a_port_in_use_is_one_line_that_says_so(demonstration, tmp_path):
    port = demonstration.env["URL"].rpartition(":")[2]
    for wanted, used in ((port, port), (str(int(port) - 443), port)):
        done = stack_sh("up", "--dir", str(tmp_path), "--port", wanted)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr == (f"stack.sh: port {used} is in use: choose another N with --port N"
                               " (it takes N and N + 443)\n")


def test_up_again_keeps_a_configuration_that_was_edited_and_says_what_it_starts(demonstration):
    conf = Path(demonstration.env["GATEHOUSE_CONF"])
    assert "Everything is up already." in said(demonstration, 1)
    edited = conf.read_text().replace("close_after = 100000", "close_after = 10")
    assert edited != conf.read_text()
    conf.write_text(edited)
    demonstration.nginx.stop(allow(10))
    words = said(demonstration, 2)
    assert f"{conf} was edited and stays as it is." in words and conf.read_text() == edited
    assert "nginx did not run: it starts." in words and "gatehouse starts" not in words
    assert demonstration.gatehouse.running and demonstration.site().send("GET", "/").status_code == 401
    conf.unlink()
    words = said(demonstration, 3)
    assert "gatehouse starts anew" in words and "close_after = 100000" in conf.read_text()
    demonstration.gatehouse = Child(int((demonstration.dir / "gatehouse.pid").read_text()))


def test_help_explains_the_options():
    done = stack_sh("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("up|down|status [--dir DIR] [--port N] [--as-installed]", "With --as-installed", "GATEHOUSE_STACK_LIMITS"):
        assert word in done.stdout
    assert "#" not in done.stdout and "shellcheck" not in done.stdout
    wrong = stack_sh("upp")
    assert (wrong.returncode, wrong.stdout) == (2, "") and "--help explains it" in wrong.stderr
