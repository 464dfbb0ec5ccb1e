"""PHP applications with sessions of their own, which REMOTE_USER logs in: who they take the visitor for, what
a logout and a change of person mean to them. tests/support/applications.sh fetches them."""
import contextlib
import os
import re
import subprocess
from pathlib import Path

import pytest

from front import Front, server
from guarded import cookie
from instance import Instance
from processes import spawn
from waiting import allow, eventually

ROOT = os.environ.get("GATEHOUSE_TEST_APPLICATIONS", "")
PHP_APPLICATION = """
location ^~ /APPLICATION/ {
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
NAVIGATION = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def people(stack):
    return {name: cookie(stack.site().token(name)) for name in ("roy", "admin")}


def log_out(front, headers):
    assert front.ask("/gatehouse/logout", method="POST", headers=headers).status_code == 200


@contextlib.contextmanager
def php_application(stack, port, name, clears, unpack):
    """A Front whose /name/ is the folder `name` in its own, which `unpack` fills. The Gatehouse that it asks
    takes the application's cookie `clears` away with its own."""
    if not ROOT:
        pytest.skip("GATEHOUSE_TEST_APPLICATIONS is not set")
    with Instance(stack, f"clearing-{name}", {"logout": {"clear_cookies": [clears]}}) as gatehouse:
        gatehouse.wait_until_serving(allow(10))
        edits = {"upstream.conf": [(stack.fcgi_socket, gatehouse.place)]}
        servers = server("localhost", PHP_APPLICATION.replace("APPLICATION", name))
        front = Front(stack, port, servers, name=f"{name}-site", edits=edits)
        front.write()
        unpack(front)
        with php_fpm(front, stack.database.socket), front:
            yield front


@contextlib.contextmanager
def php_fpm(front, mysql_socket):
    """PHP on the socket that PHP_APPLICATION names, with the modules that were unpacked."""
    folder = front.folder
    subprocess.run(["chmod", "-R", "a+rwX", str(folder)], check=True)  # it will not run as root
    (folder / "conf.d").mkdir()
    (folder / "conf.d/own.ini").write_text(
        f"pdo_mysql.default_socket={mysql_socket}\nmysqli.default_socket={mysql_socket}\n"
        f"session.save_path={folder}\nlog_errors=1\nerror_log={folder}/php.log\n"
        + "".join(f"extension={unpacked('usr/lib/php/2*')}/{name}.so\n" for name in EXTENSIONS))
    (folder / "fpm.conf").write_text(
        f"[global]\nerror_log = {folder}/fpm.log\ndaemonize = no\n[www]\nuser = www-data\ngroup = www-data\n"
        f"listen = {folder}/php.sock\nlisten.mode = 0666\npm = static\npm.max_children = 2\n"
        "catch_workers_output = yes\n")
    program = max(Path("/usr/sbin").glob("php-fpm[0-9]*"))  # its name holds the version
    php = spawn([str(program), "-y", str(folder / "fpm.conf")], folder / "fpm.out",
                env={**os.environ, "LD_LIBRARY_PATH": str(unpacked("usr/lib/*-linux-gnu")),
                     "PHP_INI_SCAN_DIR": f":{folder}/conf.d"})  # after the host's own
    try:
        eventually((folder / "php.sock").exists, allow(20), what="PHP listens")
        yield
    finally:
        php.stop(allow(20))


def unpacked(pattern):
    """A folder of the applications', whose name differs from one Debian or processor to another."""
    found, = Path(ROOT).glob(pattern)
    return found


def make_database(stack, name, sql):
    """A database and a user of this name for an application, with what `sql` gives it."""
    stack.database.run(f"CREATE DATABASE {name}; CREATE USER {name}@localhost IDENTIFIED BY 'x'; "
                       f"GRANT ALL ON {name}.* TO {name}@localhost; USE {name}; {sql}")


def copy_files(package_folder, target):
    """A package's files with what its links lead to; those that lead to / are left out."""
    subprocess.run(["cp", "-rL", "--no-preserve=mode", f"{ROOT}{package_folder}", str(target)], check=False,
                   stderr=subprocess.DEVNULL)


def browser_host(front):
    """With a name, so that the browser keeps the cookies for it."""
    return front.site.base.replace("127.0.0.1", "localhost")


def log_in(browser, host, name):
    assert browser.post(host + "/gatehouse/login", json={"username": name, "password": name}, timeout=60).ok


def change_person(browser, host, name, by):
    """Somebody else logs in at the same browser: after a logout, or because the session ran out."""
    if by == "a logout":
        assert browser.post(host + "/gatehouse/logout", timeout=60).ok
    else:
        browser.cookies.clear(domain="localhost.local", path="/", name="gatehouse")
    log_in(browser, host, name)


# --- Tiny Tiny RSS, with its plugin auth_remote

TT_RSS = {"PLUGINS": "'auth_remote, note'", "LOG_DESTINATION": "''", "CHECK_FOR_UPDATES": "false",
          "DB_TYPE": "'mysql'", "DB_HOST": "'localhost'", "DB_PORT": "''", "DB_USER": "'ttrss'", "DB_NAME": "'ttrss'",
          "DB_PASS": "'x'"}


def unpack_tt_rss(front):
    folder, www = front.folder, front.folder / "tt-rss"
    copy_files("/usr/share/tt-rss/www", www)
    state = {"LOCK_DIRECTORY": folder / "tt-lock", "CACHE_DIR": folder / "tt-cache", "ICONS_DIR": www / "icons"}
    caches = ("images", "upload", "export", "starred-images", "feeds", "js", "simplepie")
    for path in (*state.values(), *(folder / "tt-cache" / name for name in caches)):
        path.mkdir(parents=True, exist_ok=True)
    values = {**TT_RSS, **{name: f"'{path}'" for name, path in state.items()},
              "SELF_URL_PATH": f"'{browser_host(front)}/tt-rss/'"}
    lines = []
    for line in Path(f"{ROOT}/etc/tt-rss/config.php").read_text().splitlines():
        name = line.strip().removeprefix("define('").partition("'")[0]
        if "database.php" not in line:
            lines.append(f"define('{name}', {values.pop(name)});" if name in values else line)
    (www / "config.php").write_text("\n".join(lines).replace("?>", "") + "\n")


@pytest.fixture(scope="module")
def tt_rss(stack, port):
    def unpack(front):
        make_database(stack, "ttrss", Path(f"{ROOT}/usr/share/tt-rss/schema/ttrss_schema_mysql.sql").read_text())
        unpack_tt_rss(front)

    with php_application(stack, port + 72, "tt-rss", "ttrss_sid", unpack) as front:
        yield front


def names_in_tt_rss(stack):
    return stack.database.run("SELECT login FROM ttrss.ttrss_users WHERE login <> 'admin' ORDER BY login").split()


def test_tt_rss_takes_the_visitor_for_who_they_are(tt_rss, stack, people):
    host = browser_host(tt_rss).removeprefix("http://")
    assert tt_rss.ask("/tt-rss/", host=host, headers=NAVIGATION).status_code == 303
    answer = tt_rss.ask("/tt-rss/", host=host, headers={**NAVIGATION, **people["roy"], "Remote-User": "mallory"})
    assert answer.status_code == 200 and "Tiny Tiny RSS" in answer.text
    assert names_in_tt_rss(stack) == ["roy"]
    log_out(tt_rss, people["roy"])
    assert tt_rss.ask("/tt-rss/backend.php?op=rpc&method=sanityCheck", host=host, method="POST",
                      headers=people["roy"]).status_code == 401


@pytest.mark.parametrize("by,name", [("a logout", "anna"), ("a login of somebody else", "berta")])
def test_the_next_person_at_the_browser_is_not_shown_the_feeds_of_the_one_before(tt_rss, stack, by, name):
    host = browser_host(tt_rss)
    stack.add_user(name, name)
    with tt_rss.site.session() as browser:
        log_in(browser, host, "roy")
        assert browser.get(host + "/tt-rss/", timeout=60).ok
        assert "ttrss_sid" in browser.cookies
        change_person(browser, host, name, by)
        assert "ttrss_sid" not in browser.cookies
        assert browser.get(host + "/tt-rss/", timeout=60).ok
        assert name in names_in_tt_rss(stack), "a session of its own begins there"


# --- Cacti, with its "Web Basic Authentication": it asks for REMOTE_USER only where its session names nobody

CACTI = """
UPDATE version SET cacti = 'VERSION';
REPLACE INTO settings (name, value) VALUES ('auth_method', '2'), ('path_cactilog', 'FOLDER/cacti.log');
INSERT INTO user_auth (username, realm) VALUES ('roy', 2), ('admin', 2), ('anna', 2), ('berta', 2);
INSERT INTO user_auth_realm (realm_id, user_id) SELECT 8, id FROM user_auth WHERE realm = 2;
"""
CACTI_CONFIGURATION = {"_DBC_DBNAME_": "cacti", "_DBC_DBSERVER_": "localhost", "_DBC_DBUSER_": "cacti",
                       "_DBC_DBPASS_": "x", "_DBC_DBPORT_": "", "/var/lib/cacti/csrf": "FOLDER"}
# What a visitor may say of it: for Cacti itself, and for PHP.
FORGED = {name: "admin" for name in ("Remote-User", "Remote_User", "PHP-Auth-User", "PHP_AUTH_USER",
                                     "Redirect-Remote-User")} | {"Authorization": "Basic YWRtaW46YWRtaW4="}


def unpack_cacti(front):
    www = front.folder / "cacti"
    copy_files("/usr/share/cacti/site", www)
    for name in ("cache", "log", "rra"):
        (www / name).mkdir(exist_ok=True)
    text = Path(f"{ROOT}/usr/share/cacti/conf_templates/debian.php.dist").read_text()
    for name, value in CACTI_CONFIGURATION.items():
        text = text.replace(name, value)
    (www / "include/config.php").write_text(front.filled(text))


@pytest.fixture(scope="module")
def cacti(stack, port):
    def unpack(front):
        unpack_cacti(front)
        # Already installed, or every page would be its installer's.
        version = (front.folder / "cacti/include/cacti_version").read_text().strip()
        make_database(stack, "cacti", Path(f"{ROOT}/usr/share/cacti/conf_templates/cacti.sql").read_text()
                      + front.filled(CACTI.replace("VERSION", version)))

    with php_application(stack, port + 73, "cacti", "Cacti; Path=/cacti/", unpack) as front:
        yield front


def name_in_cacti(answer):
    """Whom the page says that it is for."""
    assert answer.status_code == 200, answer.text
    found = re.search(r"Logged in as <span id='user'[^>]*>([^<]*)<", answer.text)
    assert found, answer.text
    return found[1]


def test_cacti_takes_the_visitor_for_who_they_are(cacti, people):
    host = browser_host(cacti).removeprefix("http://")

    def ask(headers, path="/cacti/"):
        return cacti.ask(path, host=host, headers=headers)

    for path in ("/cacti/", "/cacti/index.php", "/cacti/images/cacti_logo.svg"):
        for headers, status in ((NAVIGATION, 303), ({}, 401), (FORGED, 401)):
            answer = ask(headers, path)
            assert answer.status_code == status and "cacti_logo" not in answer.text and not answer.cookies
    answer = ask(people["roy"])
    assert name_in_cacti(answer) == "roy"
    assert name_in_cacti(ask({**people["roy"], **FORGED})) == "roy"
    assert name_in_cacti(ask(people["admin"])) == "admin"

    own = f"Cacti={answer.cookies['Cacti']}"
    with_own = {"Cookie": f"{people['roy']['Cookie']}; {own}"}
    assert name_in_cacti(ask(with_own)) == "roy"
    log_out(cacti, people["roy"])
    for headers in (with_own, {"Cookie": own}):
        assert ask(headers).status_code == 401
        assert ask({**headers, **NAVIGATION}).status_code == 303


@pytest.mark.parametrize("by,name", [("a logout", "anna"), ("a login of somebody else", "berta")])
def test_the_next_person_at_the_browser_has_no_session_of_the_one_before_in_cacti(cacti, stack, by, name):
    host = browser_host(cacti)
    stack.add_user(name, name)
    with cacti.site.session() as browser:
        log_in(browser, host, "roy")
        assert name_in_cacti(browser.get(host + "/cacti/", timeout=60)) == "roy"
        before = browser.cookies["Cacti"]
        change_person(browser, host, name, by)
        assert "Cacti" not in browser.cookies
        assert name_in_cacti(browser.get(host + "/cacti/", timeout=60)) == name
        # A browser that had kept the cookie would still be roy there: what clear_cookies is for.
        browser.cookies.set("Cacti", before, domain="localhost.local", path="/cacti/")
        assert name_in_cacti(browser.get(host + "/cacti/", timeout=60)) == "roy"
