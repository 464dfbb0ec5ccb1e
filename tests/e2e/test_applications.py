"""Real applications behind protected locations: who they take the visitor for, and what a logout means to
them. tests/support/applications.sh fetches them."""
import os
import socket
import subprocess

import pytest

from front import Front, server
from guarded import cookie
from processes import spawn
from waiting import allow, eventually

ROOT = os.environ.get("GATEHOUSE_TEST_APPLICATIONS", "")
GIT = "/usr/lib/git-core/git-http-backend"
SERVERS = server("localhost", """
location ^~ /git/ {
    auth_request gatehouse:*;
    client_max_body_size 0;
    fastcgi_split_path_info ^(/git)(/.*)$;
    include gatehouse/snippets/fastcgi-params.conf;
    fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
    fastcgi_param PATH_INFO $fastcgi_path_info;
    fastcgi_param GIT_PROJECT_ROOT FOLDER/repositories;
    fastcgi_pass unix:FOLDER/fcgiwrap.sock;
    include gatehouse/snippets/identity-fastcgi.conf;
}
location ^~ /dav/ {
    auth_request gatehouse:*;
    root FILES;
    client_max_body_size 100m;
    dav_methods PUT DELETE MKCOL COPY MOVE;
    create_full_put_path on;
}
location ^~ /dav/admin/ {
    auth_request gatehouse:admin;
    root FILES;
    dav_methods PUT DELETE MKCOL COPY MOVE;
}
location ^~ /prometheus/ {
    auth_request gatehouse:admin;
    proxy_pass http://127.0.0.1:PROMETHEUS;
    proxy_set_header Host $http_host;
    include gatehouse/snippets/identity-proxy.conf;
}
""")


@pytest.fixture(scope="module")
def front(stack, port):
    files = {"dav/kept.txt": "kept", "dav/admin/kept.txt": "kept"}
    servers = SERVERS.replace("PROMETHEUS", str(port + 71))
    with Front(stack, port + 70, servers, name="applications", files=files) as front:
        yield front


@pytest.fixture
def people(stack):
    return {name: cookie(stack.site().token(name)) for name in ("roy", "admin")}


def log_out(front, headers):
    assert front.ask("/gatehouse/logout", method="POST", headers=headers).status_code == 200


# --- WebDAV: nginx's own


def test_webdav_is_for_members_in_each_of_its_methods(front, people):
    files = front.folder / "files/dav"
    roy = people["roy"]
    there = {"Destination": "/dav/moved.txt"}
    steps = [("PUT", "/dav/new/file.txt", {}, b"hello"), ("MKCOL", "/dav/folder/", {}, b""),
             ("COPY", "/dav/kept.txt", {"Destination": "/dav/copy.txt"}, b""), ("MOVE", "/dav/copy.txt", there, b""),
             ("DELETE", "/dav/moved.txt", {}, b"")]
    before = sorted(files.rglob("*"))
    for method, path, headers, body in steps:
        assert front.ask(path, method=method, headers=headers, data=body).status_code == 401, method
    assert sorted(files.rglob("*")) == before
    for method, path, headers, body in steps:
        answer = front.ask(path, method=method, headers={**roy, **headers}, data=body)
        assert answer.status_code in (201, 204), (method, answer.status_code)
    assert (files / "new/file.txt").read_text() == "hello" and not (files / "moved.txt").exists()
    log_out(front, roy)
    assert front.ask("/dav/new/file.txt", method="DELETE", headers=roy).status_code == 401
    assert (files / "new/file.txt").exists()


def test_webdav_of_a_role_is_for_the_role(front, people):
    for who, status in (("roy", 403), ("admin", 201)):
        answer = front.ask("/dav/admin/new.txt", method="PUT", headers=people[who], data=b"x" * 100_000)
        assert answer.status_code == status
    # The address of the request is what nginx asks about: nginx/README.md warns of Destination.
    answer = front.ask("/dav/kept.txt", method="COPY", headers={**people["roy"], "Destination": "/dav/admin/x"})
    assert answer.status_code in (201, 204)


# --- git over HTTP


@pytest.fixture(scope="module")
def git(front):
    if not ROOT:
        pytest.skip("GATEHOUSE_TEST_APPLICATIONS is not set")
    repository = front.folder / "repositories/demo.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    (repository / "git-daemon-export-ok").touch()
    hook = repository / "hooks/post-receive"
    hook.write_text(f'#!/bin/sh\necho "$REMOTE_USER" >>{front.folder}/pushed\n')
    hook.chmod(0o755)
    path = front.folder / "fcgiwrap.sock"
    wrap = spawn([f"{ROOT}/usr/sbin/fcgiwrap", "-s", f"unix:{path}"], front.folder / "fcgiwrap.log")
    eventually(path.exists, allow(10))
    path.chmod(0o666)
    yield front
    wrap.stop(allow(10))


def git_command(front, headers, *arguments, folder=None, extra=()):
    jar = front.folder / "git-cookies"
    name, _, value = headers.get("Cookie", "none=1").partition("=")
    jar.write_text("\t".join(["localhost", "FALSE", "/", "FALSE", "0", name, value]) + "\n")
    return subprocess.run(
        ["git", "-c", f"http.cookieFile={jar}", "-c", "user.name=Someone Else", "-c", "user.email=a@example.com",
         "-c", "safe.directory=*", *extra, *arguments],
        cwd=folder, env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "HOME": str(front.folder)}, capture_output=True,
        text=True, check=False)


def push(front, headers, work, text, *extra):
    (work / "file.txt").write_text(text)
    for arguments in (("add", "."), ("commit", "-q", "-m", text)):
        assert git_command(front, headers, *arguments, folder=work).returncode == 0
    return git_command(front, headers, "push", "-q", "origin", "HEAD:main", folder=work, extra=extra)


def test_git_knows_who_pushes(git, people):
    url = git.site.base.replace("127.0.0.1", "localhost") + "/git/demo.git"
    work = git.folder / "work"
    refused = git_command(git, {}, "clone", "-q", url, str(git.folder / "refused"))
    assert refused.returncode != 0 and not (git.folder / "refused/.git").exists()
    cloned = git_command(git, people["roy"], "clone", "-q", url, str(work))
    assert cloned.returncode == 0, cloned.stderr
    assert push(git, people["roy"], work, "one").returncode == 0
    # What the client says of itself counts for nothing.
    said = ["-c", "http.extraHeader=Remote-User: admin", "-c", "http.extraHeader=Authorization: Basic YWRtaW46eA=="]
    assert push(git, people["roy"], work, "two", *said).returncode == 0
    assert push(git, people["admin"], work, "three").returncode == 0
    log_out(git, people["roy"])
    assert push(git, people["roy"], work, "four").returncode != 0
    assert (git.folder / "pushed").read_text().split() == ["roy", "roy", "admin"]


# --- Prometheus


@pytest.fixture(scope="module")
def prometheus(front, port):
    if not ROOT:
        pytest.skip("GATEHOUSE_TEST_APPLICATIONS is not set")
    folder = front.folder / "prometheus"
    folder.mkdir()
    (folder / "prometheus.yml").write_text("scrape_configs: []\n")
    server_ = spawn([f"{ROOT}/usr/bin/prometheus", f"--config.file={folder}/prometheus.yml",
                     f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port + 71}",
                     f"--web.external-url=http://localhost:{port + 70}/prometheus/"], folder / "log")

    def listens():
        with socket.socket() as peer:
            return peer.connect_ex(("127.0.0.1", port + 71)) == 0
    eventually(listens, allow(30), what="prometheus listens")
    yield front
    server_.stop(allow(20))


def test_prometheus_is_for_the_role(prometheus, people):
    query = "/prometheus/api/v1/query?query=1%2B1"
    assert prometheus.ask(query).json() == {"message": "Unauthorized"}
    assert prometheus.ask(query, headers=people["roy"]).status_code == 403
    assert prometheus.ask(query, headers=people["admin"]).json()["data"]["result"][1] == "2"
    answer = prometheus.ask("/prometheus/api/v1/query", method="POST", headers=people["admin"], data={"query": "2+2"})
    assert answer.json()["data"]["result"][1] == "4"
    page = {"Sec-Fetch-Mode": "navigate"}
    assert prometheus.ask("/prometheus/graph?g0.expr=up", headers=page).headers["Location"] == (
        "/gatehouse/login?next=/prometheus/graph?g0.expr=up")
    log_out(prometheus, people["admin"])
    assert prometheus.ask(query, headers=people["admin"]).status_code == 401


# --- a WebSocket


def test_a_web_socket_is_for_members_and_learns_who_it_is(guarded, people):
    """The small application of tests/support/demo; the frames are those of test_auth_locations.py."""
    from test_auth_locations import web_socket
    assert web_socket(guarded.site, people["admin"]).startswith(b"HTTP/1.1 101")
    log_out_at = guarded.site.send("POST", "/gatehouse/logout", headers=people["admin"])
    assert log_out_at.status_code == 200
    assert web_socket(guarded.site, people["admin"]).startswith(b"HTTP/1.1 401")
