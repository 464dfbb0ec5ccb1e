"""Where gatehouse listens when nobody hands it a socket."""
import grp
import os
import socket
import stat

import pytest

from conftest import PORT
from instance import Instance
from visitor import ALREADY_IN, home_request
from waiting import allow


@pytest.fixture
def path(stack):
    return str(stack.dir / "own.sock")


def unix(stack, path, **settings):
    return Instance(stack, "own", {"server": {"listen": f"unix:{path}", **settings}})


def assert_serves(instance):
    instance.wait_until_serving(allow(5))
    assert instance.ask(home_request(instance.login().cookie)).json() == ALREADY_IN


def test_on_a_host_and_port_it_serves_as_well(stack):
    with Instance(stack, "tcp", {"server": {"listen": f"127.0.0.1:{PORT + 30}"}}) as tcp:
        assert_serves(tcp)


@pytest.mark.parametrize("mode", ["0660", "0600"])
def test_its_unix_socket_has_the_mode_and_group_of_the_settings_and_goes_with_it(stack, path, mode):
    with unix(stack, path, socket_mode=mode, socket_group="daemon") as own:
        assert_serves(own)
        state = os.stat(path)
        assert stat.S_IMODE(state.st_mode) == int(mode, 8)
        assert grp.getgrgid(state.st_gid).gr_name == "daemon"
        assert own.process.stop(allow(2)) == 0
    assert not os.path.exists(path)


def test_a_socket_file_that_a_dead_process_left_is_replaced(stack, path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
    with unix(stack, path) as own:
        assert_serves(own)


def test_a_second_process_on_a_live_socket_gives_up_and_the_first_serves_on(stack, path):
    with unix(stack, path) as own:
        assert_serves(own)
        assert own.start().exit_code(allow(5)) == 1
        assert_serves(own)


def test_a_file_that_is_no_socket_is_left_alone(stack, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("precious")
    own = unix(stack, path)
    assert own.process.exit_code(allow(5)) == 1
    with open(path, encoding="utf-8") as file:
        assert file.read() == "precious"
    os.unlink(path)
