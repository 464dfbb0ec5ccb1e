"""`gatehouse check` sees the whole host: nginx, its way to the socket, proxies, the service's user, and a stranger."""
import os
import re
import shutil
import socket
import subprocess
import threading

import pytest

from instance import write_config
from verbs import run_verb

ROOT = os.geteuid() == 0


@pytest.fixture
def dump(stack):
    """What `nginx -T` says of the stack."""
    done = subprocess.run(["nginx", "-e", str(stack.logs / "dump.log"), "-p", str(stack.dir), "-c",
                           stack.env["NGINX_CONF"], "-T"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def check(stack, tmp_path):
    """Runs `gatehouse check` on the stack, whose nginx is described by `nginx`."""
    # Other tests leave sessions of users whom the stack's query does not find: check warns of them.
    stack.database.run("DELETE FROM session WHERE user_id NOT IN (SELECT id FROM user)")
    def run(*options, nginx, config=None):
        file = tmp_path / "dump"
        file.write_text(nginx)
        # All tests log in from 127.0.0.1, which check would take for a proxy.
        stack.database.run("UPDATE session SET address = '192.0.2.1'")
        return run_verb(stack, "check", "--nginx-file", str(file), *options, config=config)
    return run


def test_a_host_as_it_should_be_is_ok(stack, check, dump):
    done = check(nginx=dump)
    assert (done.returncode, done.stdout) == (0, f"{stack.env['GATEHOUSE_CONF']}: ok\n"), done


def test_every_problem_of_every_kind_is_named_in_one_run(stack, check, dump):
    config = write_config(stack, "all-wrong", {
        "server": {"socket_group": "no-such-group"}, "session": {"key_file": "no-such-file"},
        "user": {"query": "SELECT id, password, username FROM user WHERE username = :name",
                 "roles_query": "SELECT role FROM nowhere WHERE id = :id"},
        "password": {"allow_weak": ["no-such-scheme"]}})
    nginx = dump.replace("set_real_ip_from 127.0.0.1;", "set_real_ip_from 0.0.0.0/0;")
    nginx = nginx.replace("auth_request gatehouse:*;", "auth_request gatehuose:*;")
    done = check("--url", stack.env["URL"] + "/gatehouse/login", nginx=nginx, config=config)
    assert done.returncode == 1
    for what in ("no group no-such-group", "no-such-file", "no-such-scheme", "second column", "nowhere",
                 "anybody may claim any address", "auth-location-missing", "it is open to everybody"):
        assert what in done.stdout, (what, done.stdout)
    lines = done.stdout.splitlines()
    assert not lines[-1].endswith(": ok")
    # What to do stands on a line of its own, below what is wrong.
    for what, remedy in (("no group no-such-group", "    Name that of nginx's workers"), ("no-such-file", "    `gatehouse init --key --config "),
                         ("it is open to everybody", "    `gatehouse check-nginx` (as root) says why")):
        at = next(i for i, line in enumerate(lines) if what in line)
        assert lines[at + 1].startswith(remedy), lines[at:at + 2]


@pytest.mark.skipif(not ROOT, reason="only root sees what another user may open")
def test_workers_that_cannot_open_the_socket_or_enter_a_folder_are_named(stack, check, dump):
    nginx = dump.replace("user root;", "user nobody;")
    path = stack.fcgi_socket
    before = os.stat(path)
    folder = os.path.dirname(path)
    try:
        for mode, owner, closed in ((0o660, "root", "may not open"), (0o660, "nogroup", None), (0o666, "root", None)):
            shutil.chown(path, "root", owner)
            os.chmod(path, mode)
            done = check(nginx=nginx)
            assert done.returncode == (1 if closed else 0), done
            assert not closed or f"nobody gets in: nobody, as whom nginx's workers run, {closed} {path}" in done.stdout
            assert not closed or "usermod --append --groups root nobody" in done.stdout
        os.chmod(folder, 0o700)
        done = check(nginx=nginx)
        assert done.returncode == 1 and f"may not enter {folder}" in done.stdout and f"chmod o+x {folder}" in done.stdout
    finally:
        os.chmod(folder, 0o755)
        shutil.chown(path, before.st_uid, before.st_gid)
        os.chmod(path, before.st_mode & 0o777)


def test_a_socket_that_is_not_there_yet_is_judged_by_its_group(stack, check, dump):
    nginx = dump.replace(f"unix:{stack.fcgi_socket}", "unix:/run/no-such/fcgi.sock").replace("user root;", "user nobody;")
    config = write_config(stack, "future", {"server": {"socket_group": "daemon"}})
    done = check(nginx=nginx, config=config)
    assert done.returncode == 0 and "warning: nginx's workers run as nobody" in done.stdout, done
    assert "usermod --append --groups daemon nobody" in done.stdout
    assert "/run/no-such/fcgi.sock, to which nginx passes, is not there yet" in done.stderr


def test_includes_of_another_version_are_named(stack, check, dump):
    assert dump.count("fastcgi_param REQUEST_METHOD       $request_method;") == 1
    done = check(nginx=dump.replace("fastcgi_param REQUEST_METHOD       $request_method;", ""))
    assert "params.conf:1: warning: snippet-version" in done.stdout, done


def test_what_was_not_looked_at_is_said(stack, check, dump):
    done = check(nginx="events {}\nhttp { server { listen 80; } }\n")
    assert done.returncode == 0 and "in what `nginx -T` prints no server has `include gatehouse/mount.conf;`" in done.stderr, done
    done = check(nginx="http { server {")
    assert done.returncode == 1 and "nginx: " in done.stdout, done


@pytest.mark.skipif(not ROOT, reason="only root becomes another user")
def test_root_judges_what_the_services_user_meets(stack, check, dump):
    """An account that lets in the system's user of its name alone: root would be refused."""
    stack.database.run("CREATE OR REPLACE USER daemon@localhost IDENTIFIED VIA unix_socket;"
                       "GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.* TO daemon@localhost")
    keys = stack.dir / "daemon.keys"
    shutil.copy(stack.dir / "session.keys", keys)
    config = write_config(stack, "daemon", {"mysql": {"user": "daemon", "password_file": ""},
                                            "session": {"key_file": str(keys)}})
    config.chmod(0o644)
    try:
        keys.chmod(0o640)
        shutil.chown(keys, "root", "daemon")
        done = check("--service-user", "daemon", nginx=dump, config=config)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"{config}: ok"), done
        done = check("--service-user", "nobody", nginx=dump, config=config)
        assert done.returncode == 1 and "1698" in done.stdout and f"{keys}: cannot be read" in done.stdout, done
        done = check("--service-user", "root", nginx=dump, config=config)
        assert done.returncode == 1 and "1698" in done.stdout, done
    finally:
        stack.database.run("DROP USER daemon@localhost")


def test_accounts_that_may_write_users_or_sessions_are_named(stack, check, dump):
    """Only an administrator sees them: root, or the account of the configuration where that is one."""
    config = write_config(stack, "administrator", {"mysql": {"user": "root", "password_file": ""}})
    stack.database.run("CREATE OR REPLACE USER shop@localhost IDENTIFIED BY 'x'; CREATE OR REPLACE USER blog@localhost"
                       " IDENTIFIED BY 'x'; GRANT ALL ON `gate%`.* TO shop@localhost;"
                       "GRANT INSERT ON gatehouse.user_role TO blog@localhost")
    try:
        done = check(nginx=dump, config=config)
    finally:
        stack.database.run("DROP USER shop@localhost, blog@localhost")
    assert "the account 'shop'@'localhost' may write session, session_epoch, user_disabled, user_role" in done.stdout
    assert "the account 'blog'@'localhost' may write user_role" in done.stdout
    assert "'shop'@'localhost' may write the table of users (user)" in done.stdout
    assert "session.database" in done.stdout and "REVOKE" in done.stdout


# --url

def test_a_protected_address_is_closed_to_a_stranger(stack, check, dump):
    done = check("--url", stack.env["URL"] + "/demo/", nginx=dump)
    assert (done.returncode, done.stdout) == (0, f"{stack.env['GATEHOUSE_CONF']}: ok\n"), done
    assert f"note: {stack.env['URL']}/demo/: a stranger gets 303, so it is closed\n" in done.stderr, done


@pytest.mark.parametrize("path,what", [
    ("/gatehouse/login", "answers 200: it is open to everybody"),
    ("/nothing-here", "answers 404: there is nothing at this address"),
    ("/", 'answers 303: it leads a stranger to "/demo/" before anybody is asked'),
])
def test_an_address_that_is_not_closed_is_a_problem(stack, check, dump, path, what):
    url = stack.env["URL"] + path
    done = check("--url", url, nginx=dump)
    assert done.returncode == 1 and f"{url}: {what}" in done.stdout, done


def test_the_certificate_is_verified(stack, check, dump, monkeypatch):
    url = stack.env["TLS_URL"] + "/demo/"
    done = check("--url", url, nginx=dump)
    assert done.returncode == 1 and "the certificate is not good for 127.0.0.1" in done.stdout, done
    monkeypatch.setenv("SSL_CERT_FILE", f"{stack.dir}/nginx/tls.crt")
    for host in ("127.0.0.1", "localhost"):
        done = check("--url", url.replace("127.0.0.1", host), nginx=dump)
        assert (done.returncode, done.stdout) == (0, f"{stack.env['GATEHOUSE_CONF']}: ok\n"), done


@pytest.mark.parametrize("url,what", [("http://127.0.0.1:1/", "refused"), ("http://no-such.invalid/", "no-such.invalid"),
                                      ("members", "it must begin with https://"), ("http://roy:roy@localhost/", "stranger")])
def test_an_address_that_cannot_be_asked_is_a_problem(check, dump, url, what):
    done = check("--url", url, nginx=dump)
    assert done.returncode == 1 and what in done.stdout, done


def test_nothing_is_followed_and_no_proxy_is_asked(stack, check, dump, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.1)
        there = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, there)
        asked = []

        def serve():
            with listener.accept()[0] as peer:
                asked.append(peer.recv(4096).decode())
                peer.sendall(f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nSet-Cookie: a=b\r\n\r\n".encode())

        thread = threading.Thread(target=serve)
        thread.start()
        done = check("--url", f"http://127.0.0.1:{listener.getsockname()[1]}/members/", nginx=dump)
        thread.join()
        assert done.returncode == 1 and f'answers 302: it leads a stranger to "{there}"' in done.stdout, done
        assert asked[0].startswith("GET /members/ HTTP/1.1\r\n") and "Cookie" not in asked[0]
        with pytest.raises(TimeoutError):
            elsewhere.accept()
