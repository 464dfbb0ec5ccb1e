"""systemd/nginx-gatehouse.conf, the drop-in for nginx.service, under a systemd that is booted: what it lets
start and reload. tests/support/debian.sh makes the Debian for it."""
import os
import re
from pathlib import Path

import pytest

from booted import Booted
from judged_nginx import SOURCE, binary
from test_install import install
from waiting import allow, eventually

SITE = """server {{
    listen 127.0.0.1:80 default_server;
    root /var/www/html;
    {include}
    location = /which {{
        return 200 "{which}";
    }}
    location ^~ /members/ {{
        auth_request {demand};
    }}
}}
"""
INCLUDE = "include gatehouse/mount.conf;"
NEW, OLD = "gatehouse:*", "/gatehouse/auth/*"
ENABLED = "/etc/nginx/sites-enabled/site"


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    host = Booted(os.environ["GATEHOUSE_TEST_DEBIAN12"], tmp_path_factory.mktemp("host"))
    install(Path(binary()).parents[1], host.root)
    (host.root / "etc/nginx/sites-enabled/default").unlink()
    write(host, "at boot")
    with host:
        done = host.run("sh", "-c", how_to_take_it())
        assert done.returncode == 0, done.stderr
        yield host


def how_to_take_it():
    """The commands in the head of the drop-in."""
    text = (SOURCE / "systemd/nginx-gatehouse.conf").read_text()
    commands = "\n".join(line.removeprefix("#") for line in text.splitlines() if line.startswith("#   "))
    assert "daemon-reload" in commands
    return commands


def write(host, which, demand=NEW, include=INCLUDE):
    """A site that says `which` it is; gives the line that its auth_request stands in."""
    text = SITE.format(which=which, demand=demand, include=include)
    (host.root / ENABLED.lstrip("/")).write_text(text)
    return 1 + [" auth_request " in line for line in text.splitlines()].index(True)


def which(host):
    return host.ask("/which")[1]


def systemctl(host, verb):
    """(whether it went well, what the journal of nginx got by it)."""
    host.run("systemctl", "reset-failed", "nginx.service")  # it counts how often a unit was started, too
    cursor = host.run("journalctl", "-n", "1", "--show-cursor").stdout.rpartition("cursor: ")[2].strip()
    done = host.run("systemctl", verb, "nginx.service")
    host.run("journalctl", "--sync")
    said = host.run("journalctl", "-u", "nginx.service", "-o", "cat", "--after-cursor", cursor).stdout
    return done.returncode == 0, f"{said}{done.stderr}"


def is_active(host):
    return host.run("systemctl", "is-active", "nginx.service").stdout.strip()


def main_process(host):
    return host.run("systemctl", "show", "-p", "MainPID", "--value", "nginx.service").stdout.strip()


def processes(host):
    """nginx and its workers, once it has seen to all signals that it got before: a reload is one."""
    log = host.root / "var/log/nginx/error.log"
    log.unlink()
    host.run("systemctl", "kill", "--kill-who=main", "-s", "USR1", "nginx.service")
    eventually(log.exists, allow(10), what="nginx has begun a log anew")
    main = main_process(host)
    return main, host.run("cat", f"/proc/{main}/task/{main}/children").stdout


def test_a_sound_configuration_starts_and_reloads(host):
    write(host, "started")
    went, said = systemctl(host, "restart")
    assert went and which(host) == "started", said
    before = main_process(host)
    write(host, "reloaded", OLD)
    went, said = systemctl(host, "reload")
    assert went, said
    eventually(lambda: which(host) == "reloaded", allow(10), every=0.1)
    assert main_process(host) == before


@pytest.mark.parametrize("demand", [NEW, OLD])
def test_a_demand_without_the_include_neither_reloads_nor_starts(host, demand):
    write(host, "sound")
    went, said = systemctl(host, "restart")
    assert went and which(host) == "sound", said
    before = processes(host)

    line = write(host, "broken", demand, include="")
    went, said = systemctl(host, "reload")
    assert not went and names_the_line(said, line), said
    assert is_active(host) == "active" and processes(host) == before
    assert which(host) == "sound" and host.ask("/members/")[0] >= 400

    systemctl(host, "stop")
    went, said = systemctl(host, "start")
    assert not went and names_the_line(said, line), said
    assert is_active(host) == "failed" and host.ask("/which")[0] == 0

    write(host, "mended")
    went, said = systemctl(host, "start")
    assert went and which(host) == "mended", said


def names_the_line(said, line):
    return re.search(rf"{re.escape(ENABLED)}:{line}: .*auth-location-missing", said)
