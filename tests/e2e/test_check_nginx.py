"""`gatehouse check-nginx` says what a stranger could do; a real nginx says whether that is so."""
import contextlib
import re
import shlex
import shutil
import subprocess

import pytest

from judged_nginx import SOURCE, JudgedNginx, binary, configurations
from stand_ins import MEMBER

BROKEN, SOUND = configurations("broken"), configurations("sound")


def named(configuration):
    return configuration.name


@pytest.fixture(scope="module")
def judged(tmp_path_factory, port):
    with JudgedNginx(tmp_path_factory.mktemp("judged"), port + 70, binary()) as judged:
        yield judged


@contextlib.contextmanager
def entered_by_all(folder):
    """Anybody may enter this folder, and those on the way to it."""
    modes = {one: one.stat().st_mode & 0o7777 for one in (folder, *folder.parents) if not one.stat().st_mode & 1}
    try:
        for one, mode in modes.items():
            one.chmod(mode | 0o011)
        yield
    finally:
        for one, mode in modes.items():
            one.chmod(mode)


def loaded(judged, text):
    judged.write(text)
    dump, errors = judged.dump()
    assert dump, errors
    return dump


def answers(judged, configuration):
    """What nginx answers whoever asks for what is broken: headers and text."""
    with judged.serve() as nginx:
        for asked in configuration.first:
            nginx.ask(asked, MEMBER)
        return [(asked, nginx.ask(asked, configuration.headers)[1]) for asked in configuration.asked]


def test_there_are_as_many_as_were_promised():
    assert len(BROKEN) >= 25 and len(SOUND) >= 8


@pytest.mark.parametrize("configuration", BROKEN, ids=named)
def test_what_is_broken_is_open_and_named_and_what_is_mended_is_neither(judged, configuration):
    dump = loaded(judged, configuration.text)
    for asked, text in answers(judged, configuration):
        assert configuration.gets in text, f"nginx does not answer {asked} with it: {text}"
    code, said = judged.says(dump)
    assert code == 1, said
    assert all(f": {rule}: " in said for rule in configuration.rules), said

    dump = loaded(judged, configuration.mended())
    for asked, text in answers(judged, configuration):
        assert configuration.gets not in text, f"nginx still answers {asked}"
    code, said = judged.says(dump)
    assert code == 0, said


@pytest.mark.parametrize("configuration", SOUND, ids=named)
def test_what_is_sound_is_closed_and_not_cried_at(judged, configuration):
    dump = loaded(judged, configuration.text)
    with judged.serve() as nginx:
        for asked in configuration.asked:
            status, text = nginx.ask(asked)
            assert status in (303, 401), (asked, status)
            assert configuration.gets not in text
            status, text = nginx.ask(asked, MEMBER)
            assert status == 200, (asked, text)
    code, said = judged.says(dump)
    assert code == 0, said


def test_the_drop_in_refuses_what_protects_nothing_and_nothing_else(judged):
    text = (SOURCE / "systemd/nginx-gatehouse.conf").read_text()
    start, reload = (re.findall(rf"^{name}=(.+)$", text, re.MULTILINE) for name in ("ExecStartPre", "ExecReload"))
    assert reload[:-1] == start and "nginx" in reload[-1] and "-s reload" in reload[-1]
    program, *words = shlex.split(start[0])
    assert program == "/usr/sbin/gatehouse"

    def says(configuration):
        dump = loaded(judged, configuration.text)
        return subprocess.run([binary(), *words, "--file", "-"], input=dump, capture_output=True, text=True,
                              check=False).returncode

    by_name = {configuration.name: configuration for configuration in BROKEN}
    assert says(by_name["broken/include-missing-old"]) == 1
    assert says(by_name["broken/misspelt-new"]) == 1
    assert says(by_name["broken/regex-wins-php"]) == 0


def test_without_a_file_it_asks_nginx(judged, tmp_path):
    """As an administrator types it: nginx stands in the path, and what it refuses is no answer."""
    judged.write(SOUND[0].text)
    dump, _ = judged.dump()
    for text, expected in ((f"cat <<'END'\n{dump}\nEND", 0), ("exit 1", 2)):
        (tmp_path / "nginx").write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / "nginx").chmod(0o755)
        done = subprocess.run([binary(), "check-nginx"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
                              capture_output=True, text=True, check=False)
        assert done.returncode == expected, done.stderr


@contextlib.contextmanager
def edited(path, text):
    before = path.read_text()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_text(before)


@pytest.mark.parametrize("name", ["mount.conf", "snippets/auth-params.conf"])
def test_a_snippet_of_another_version_is_named_and_a_comment_in_it_is_not(judged, name):
    path = judged.folder / "gatehouse" / name
    text = path.read_text()
    with edited(path, f"# Ours since March.\n{text}"):
        code, said = judged.says(loaded(judged, SOUND[0].text))
        assert code == 0 and "snippet-version" not in said, said
    with edited(path, f"{text}\nset $of_another_version yes;\n" if name == "mount.conf" else
                f"{text}\nfastcgi_param OF_ANOTHER_VERSION yes;\n"):
        code, said = judged.says(loaded(judged, SOUND[0].text))
        assert code == 0 and f"{path}:1: warning: snippet-version: " in said, said
        assert f"ln -sf /usr/share/gatehouse/nginx/{name} {path}\n" in said, said


@pytest.mark.parametrize("mode,owner,named", [(0o600, ("root", "root"), True), (0o660, ("root", "adm"), True),
                                              (0o660, ("root", "nogroup"), False), (0o666, ("root", "adm"), False)])
def test_a_socket_that_the_workers_cannot_open_is_named(judged, mode, owner, named):
    """Nobody gets in through it: that is a warning, and no open door."""
    path = judged.folder / "gatehouse.sock"
    dump = loaded(judged, SOUND[0].text).replace("user root;", "user nobody;")
    before = path.stat()
    shutil.chown(path, *owner)
    path.chmod(mode)
    try:
        with entered_by_all(judged.folder):
            code, said = judged.says(dump)
            judged.folder.chmod(0o700)
            code_when_closed, said_when_closed = judged.says(dump)
    finally:
        shutil.chown(path, before.st_uid, before.st_gid)
        path.chmod(before.st_mode & 0o777)
    assert code == code_when_closed == 0, said
    assert ("warning: socket: " in said and f"may not open {path}" in said) == named, said
    assert "warning: socket: " in said_when_closed, said_when_closed
    assert f"may not enter {judged.folder}, on the way to {path}" in said_when_closed, said_when_closed
