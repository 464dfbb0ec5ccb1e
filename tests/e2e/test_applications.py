"""Real applications behind protected locations: who they take the visitor for, what a logout and a
change of user mean to them. tests/support/applications.sh fetches them."""
import os
import socket
import subprocess
from pathlib import Path

import pytest

from front import Front, server
from guarded import cookie
from instance import Instance
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


# --- Tiny Tiny RSS, a PHP application with sessions of its own, logged in by REMOTE_USER (auth_remote)

TT_RSS = """
location ^~ /tt-rss/ {
    auth_request gatehouse:*;
    root FOLDER;
    index index.php;
    location ~ [.]php$ {
        include gatehouse/snippets/fastcgi-params.conf;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass unix:FOLDER/php.sock;
        include gatehouse/snippets/identity-fastcgi.conf;
    }
}
"""
EXTENSIONS = ["mbstring", "dom", "xml", "simplexml", "intl", "mysqlnd", "mysqli", "pdo_mysql"]
SETTINGS = {"PLUGINS": "'auth_remote, note'", "LOG_DESTINATION": "''", "CHECK_FOR_UPDATES": "false",
            "DB_TYPE": "'mysql'", "DB_HOST": "'localhost'", "DB_PORT": "''", "DB_USER": "'ttrss'", "DB_NAME": "'ttrss'",
            "DB_PASS": "'x'"}


def unpack_tt_rss(folder, url, mysql_socket):
    """The package's files with its links, which are made for /, led to where they were unpacked."""
    www = folder / "tt-rss"
    subprocess.run(["cp", "-rL", "--no-preserve=mode", f"{ROOT}/usr/share/tt-rss/www", str(www)], check=False,
                   stderr=subprocess.DEVNULL)
    state = {"LOCK_DIRECTORY": folder / "tt-lock", "CACHE_DIR": folder / "tt-cache", "ICONS_DIR": www / "icons"}
    caches = ("images", "upload", "export", "starred-images", "feeds", "js", "simplepie")
    for path in (*state.values(), *(folder / "tt-cache" / name for name in caches)):
        path.mkdir(parents=True, exist_ok=True)
    values = {**SETTINGS, **{name: f"'{path}'" for name, path in state.items()}, "SELF_URL_PATH": f"'{url}'"}
    lines = []
    for line in Path(f"{ROOT}/etc/tt-rss/config.php").read_text().splitlines():
        name = line.strip().removeprefix("define('").partition("'")[0]
        if "database.php" not in line:
            lines.append(f"define('{name}', {values.pop(name)});" if name in values else line)
    (www / "config.php").write_text("\n".join(lines).replace("?>", "") + "\n")
    return www


@pytest.fixture(scope="module")
def tt_rss(stack, port):
    if not ROOT:
        pytest.skip("GATEHOUSE_TEST_APPLICATIONS is not set")
    stack.database.run("CREATE DATABASE ttrss; CREATE USER ttrss@localhost IDENTIFIED BY 'x'; "
                       "GRANT ALL ON ttrss.* TO ttrss@localhost; USE ttrss; "
                       + Path(f"{ROOT}/usr/share/tt-rss/schema/ttrss_schema_mysql.sql").read_text())
    gatehouse = Instance(stack, "clearing", {"logout": {"clear_cookies": ["ttrss_sid"]}})
    gatehouse.wait_until_serving(allow(10))
    edits = {"upstream.conf": [(stack.fcgi_socket, gatehouse.place)]}
    front = Front(stack, port + 72, server("localhost", TT_RSS), name="tt-rss-site", edits=edits)
    front.write()
    unpack_tt_rss(front.folder, f"http://localhost:{port + 72}/tt-rss/", stack.database.socket)
    subprocess.run(["chmod", "-R", "a+rwX", str(front.folder)], check=True)  # it will not run as root
    modules = f"{ROOT}/usr/lib/php/20220829"
    (front.folder / "conf.d").mkdir()
    (front.folder / "conf.d/own.ini").write_text(
        f"pdo_mysql.default_socket={stack.database.socket}\nmysqli.default_socket={stack.database.socket}\n"
        f"session.save_path={front.folder}\nlog_errors=1\nerror_log={front.folder}/php.log\n"
        + "".join(f"extension={modules}/{name}.so\n" for name in EXTENSIONS))
    (front.folder / "fpm.conf").write_text(
        f"[global]\nerror_log = {front.folder}/fpm.log\ndaemonize = no\n[www]\nuser = www-data\ngroup = www-data\n"
        f"listen = {front.folder}/php.sock\nlisten.mode = 0666\npm = static\npm.max_children = 2\n"
        "catch_workers_output = yes\n")
    php = spawn(["/usr/sbin/php-fpm8.2", "-y", str(front.folder / "fpm.conf")], front.folder / "fpm.out",
                env={**os.environ, "LD_LIBRARY_PATH": f"{ROOT}/usr/lib/x86_64-linux-gnu",
                     "PHP_INI_SCAN_DIR": f":{front.folder}/conf.d"})  # after the host's own
    with front:
        eventually((front.folder / "php.sock").exists, allow(20), what="PHP listens")
        yield front
    php.stop(allow(20))
    gatehouse.process.stop(allow(12))


def names_in_tt_rss(stack):
    return stack.database.run("SELECT login FROM ttrss.ttrss_users WHERE login <> 'admin' ORDER BY login").split()


def test_tt_rss_takes_the_visitor_for_who_they_are(tt_rss, stack, people):
    host = tt_rss.site.base.replace("http://127.0.0.1", "localhost")
    page = {"Sec-Fetch-Mode": "navigate"}
    assert tt_rss.ask("/tt-rss/", host=host, headers=page).status_code == 303
    answer = tt_rss.ask("/tt-rss/", host=host, headers={**page, **people["roy"], "Remote-User": "mallory"})
    assert answer.status_code == 200 and "Tiny Tiny RSS" in answer.text
    assert names_in_tt_rss(stack) == ["roy"]
    log_out(tt_rss, people["roy"])
    assert tt_rss.ask("/tt-rss/backend.php?op=rpc&method=sanityCheck", host=host, method="POST",
                      headers=people["roy"]).status_code == 401


@pytest.mark.parametrize("by", ["a logout", "a login of somebody else"])
def test_the_next_person_at_the_browser_is_not_shown_the_feeds_of_the_one_before(tt_rss, stack, by):
    host = tt_rss.site.base.replace("127.0.0.1", "localhost")
    name = "anna" if by == "a logout" else "berta"
    stack.add_user(name, name)

    def log_in(browser, who):
        assert browser.post(host + "/gatehouse/login", json={"username": who, "password": who}, timeout=60).ok

    with tt_rss.site.session() as browser:
        log_in(browser, "roy")
        assert browser.get(host + "/tt-rss/", timeout=60).ok
        assert "ttrss_sid" in browser.cookies
        if by == "a logout":
            assert browser.post(host + "/gatehouse/logout", timeout=60).ok
        else:
            browser.cookies.clear(domain="localhost.local", path="/", name="gatehouse")  # the session ran out
            log_in(browser, name)
        assert "ttrss_sid" not in browser.cookies
        if by == "a logout":
            log_in(browser, name)
        assert browser.get(host + "/tt-rss/", timeout=60).ok
        assert name in names_in_tt_rss(stack), "a session of its own begins there"


# --- a WebSocket


def test_a_web_socket_is_for_members_and_learns_who_it_is(guarded, people):
    """The small application of tests/support/demo; the frames are those of test_auth_locations.py."""
    from test_auth_locations import web_socket
    assert web_socket(guarded.site, people["admin"]).startswith(b"HTTP/1.1 101")
    log_out_at = guarded.site.send("POST", "/gatehouse/logout", headers=people["admin"])
    assert log_out_at.status_code == 200
    assert web_socket(guarded.site, people["admin"]).startswith(b"HTTP/1.1 401")
