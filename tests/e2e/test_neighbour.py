"""A neighbour on the host, some other user of it, gets neither at the socket nor at what the process holds."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

CONNECT = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
NOBODY = 65534

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="root alone can become another user")


def as_nobody(*command):
    """What it prints of an error; nothing if it succeeds."""
    done = subprocess.run(command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True,
                          check=False)
    return done.stderr if done.returncode else ""


def test_the_search_would_find_an_open_door(stack):
    (stack.dir / "open").write_text("anybody may read it")
    assert as_nobody("cat", str(stack.dir / "open")) == ""


def test_a_neighbour_cannot_ask_the_service(stack):
    assert "Permission denied" in as_nobody(sys.executable, "-I", "-c", CONNECT, stack.fcgi_socket)
    assert Path(stack.fcgi_socket).stat().st_mode & 0o007 == 0


@pytest.mark.parametrize("name", ["mem", "environ", "maps", "fd", "root", "cwd"])
def test_a_neighbour_cannot_look_into_the_process(stack, name):
    place = f"/proc/{stack.gatehouse.pid}/{name}"
    command = {"fd": ["ls"], "root": ["ls"], "cwd": ["readlink", "-v"]}.get(name, ["head", "-c1"])
    assert "ermission denied" in as_nobody(*command, place + ("/" if name == "root" else ""))


def test_no_core_is_written(stack):
    limits = Path(f"/proc/{stack.gatehouse.pid}/limits").read_text()
    [line] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]


def test_a_neighbour_cannot_read_the_keys_nor_the_password_of_the_database(stack):
    for path in (stack.config["session"]["key_file"], stack.config["mysql"]["password_file"]):
        assert "ermission denied" in as_nobody("cat", path), path


def test_keys_that_a_neighbour_could_read_are_refused(stack):
    keys = stack.dir / "open.keys"
    keys.write_text("O" * 42 + "A\n")
    keys.chmod(0o644)
    config = stack.dir / "open-keys.toml"
    text = Path(stack.env["GATEHOUSE_CONF"]).read_text().replace(stack.config["session"]["key_file"], str(keys))
    config.write_text(text)
    done = subprocess.run([stack.env["GATEHOUSE"], "check", "--offline", "--config", str(config)], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1 and str(keys) in done.stdout + done.stderr
