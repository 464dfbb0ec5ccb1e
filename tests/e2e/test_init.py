"""`gatehouse init` on a host with nginx, MariaDB and two applications, from nothing to a protected page."""
import os
import re
import signal
import threading

import pytest

from init_host import OTHER, ROOT_PASSWORD, SHOP, SOCKET, BareHost
from waiting import allow, eventually

SYSTEMCTL = """#!/bin/sh
echo "$*" >>/run/systemctl.log
case $* in
*"is-active gatehouse.service") exit 3 ;;
"reload nginx.service") nginx -s reload ;;
esac
"""
WORDPRESS = ("--table", "shop.x7_users")
PROTECT = ("--nginx", "shop.example", "--protect", "/members/")


@pytest.fixture(scope="module")
def binary():
    default = os.path.join(os.path.dirname(__file__), "../../build/dev/fcgi/gatehouse")
    return os.path.abspath(os.environ.get("GATEHOUSE_BINARY", default))


@pytest.fixture
def host(tmp_path_factory, binary):
    """A host that has only been installed."""
    with BareHost(tmp_path_factory.mktemp("host"), binary) as host:
        yield host


@pytest.fixture(scope="module")
def serving(tmp_path_factory, binary):
    """One that has been through init for its WordPress, and serves."""
    with BareHost(tmp_path_factory.mktemp("serving"), binary) as host:
        done = host.init("--yes", *WORDPRESS)
        assert done.returncode == 0, done.stdout + done.stderr
        host.serve()
        yield host


@pytest.fixture
def served(serving):
    """The same with the site as it was."""
    serving.write_site(SHOP)
    yield serving
    serving.write_site(SHOP)


def test_a_dry_run_shows_everything_and_changes_nothing(host):
    before = host.state()
    done = host.init("--dry-run", *WORDPRESS, *PROTECT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert host.state() == before
    for said in ("CREATE USER `gatehouse`@`localhost` IDENTIFIED VIA unix_socket", "CREATE DATABASE",
                 "make the key file /etc/gatehouse/session.keys", '+query = "SELECT `ID`',
                 "+    include gatehouse/mount.conf;", "SocketGroup=nginx", "Nothing was changed (--dry-run)."):
        assert said in done.stdout, (said, done.stdout)


def test_a_dry_run_without_a_site_shows_the_lines_that_go_into_one(host):
    done = host.init("--dry-run", *WORDPRESS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "include gatehouse/mount.conf;" in done.stdout and "systemctl enable --now" in done.stdout
    assert done.stdout.endswith("Nothing was changed (--dry-run).\n")


def test_without_a_terminal_and_without_yes_nothing_is_changed(host):
    before = host.state()
    done = host.init(*WORDPRESS)
    assert (done.returncode, host.state()) == (1, before)
    assert "--yes does it" in done.stderr
    done = host.init("--yes")
    assert (done.returncode, host.state()) == (1, before)
    assert "shop.x7_users (WordPress): 2 of its 2 rows with a password look able to log in" in done.stderr
    assert "club.x7_users (Joomla): 1 of its 1 rows" in done.stderr
    assert "decoys" not in done.stderr
    assert "--table" in done.stderr


def test_the_questions_and_ctrl_c_at_each_of_them(host):
    before = host.state()
    questions = [("Password of the database's root: ", ROOT_PASSWORD + "\n"), ("[1-2] ", "1\n"),
                 ("Do all this? [Y/n] ", "\n")]
    for number in range(len(questions)):
        talk = host.converse()
        for question, answer in questions[:number]:
            talk.expect(question).type(answer)
        talk.expect(questions[number][0]).type("\x03")
        assert talk.finish() == 1, talk.said
        assert "nothing was changed" in talk.said
        assert ROOT_PASSWORD not in talk.said
        assert host.state() == before, questions[number]
    talk = host.converse()
    talk.expect(questions[0][0]).type("wrong\n").expect("does not take it")
    for question, answer in questions:
        talk.expect(question).type(answer)
    assert talk.finish() == 0, talk.said
    assert "/etc/gatehouse/gatehouse.toml: ok" in talk.said
    assert "systemctl enable --now gatehouse.socket gatehouse.service" in talk.said
    assert "include gatehouse/mount.conf;" in talk.said
    assert 'query = "SELECT `ID`, `user_login`, `user_pass`, `user_email` AS email' in host.configuration()


def test_what_is_made_is_just_what_is_needed(serving):
    settings = serving.configuration()
    for line in (f'socket = "{SOCKET}"', 'database = "shop"', 'socket_group = "nginx"', 'database = "gatehouse"',
                 'password_transform = "slash"', '#update_query = ""'):
        assert re.search(f"^{re.escape(line)}$", settings, re.MULTILINE), line
    grants = serving.grants()
    assert "VIA unix_socket" in grants
    assert re.search(r"GRANT SELECT \(.*\) ON `shop`.`x7_users`", grants)
    assert "secret_note" not in grants and "club" not in grants and "ON *.*" in grants
    assert "UPDATE (" not in grants
    drop_in = serving.folder / "etc/systemd/system/gatehouse.socket.d/nginx.conf"
    assert "SocketGroup=nginx" in drop_in.read_text()
    keys = (serving.folder / "etc/gatehouse/session.keys").stat()
    assert keys.st_mode & 0o777 == 0o640
    roles = serving.must_run("setpriv", "--reuid=gatehouse", "--regid=gatehouse", "--clear-groups", serving.binary,
                             "check", "--name", "roy")
    assert '"roy"' in roles


def test_a_second_run_has_nothing_to_do(serving):
    before = serving.state()
    done = serving.init("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to do: everything is in place." in done.stdout
    assert serving.state() == before


def test_a_second_run_mends_the_first(host):
    assert host.init("--yes", *WORDPRESS).returncode == 0
    before = host.state()
    host.sql("REVOKE ALL PRIVILEGES, GRANT OPTION FROM gatehouse@localhost; DROP TABLE gatehouse.session_epoch;"
             "DELETE FROM gatehouse.gatehouse_migration; ALTER USER gatehouse@localhost IDENTIFIED BY ''")
    (host.folder / "etc/systemd/system/gatehouse.socket.d/nginx.conf").unlink()
    done = host.init("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert host.state() == before


def test_a_dry_run_says_who_loses_the_way_into_mysql(host):
    """An account of this name that another program uses with a password: ALTER USER takes that away."""
    host.sql("CREATE USER gatehouse@localhost IDENTIFIED BY 'of another program'")
    done = host.init("--dry-run", *WORDPRESS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("SQL: ALTER USER `gatehouse`@`localhost` IDENTIFIED VIA unix_socket\n"
            "  (nobody can log in to MySQL as gatehouse with a password any more: ") in done.stdout
    done = host.init("--dry-run", "--with-password", *WORDPRESS)
    assert "(a new password: another program that logs in to MySQL as this account is refused" in done.stdout, done
    host.sql("DROP USER gatehouse@localhost")
    assert "any more" not in host.init("--dry-run", *WORDPRESS).stdout


def test_another_table_takes_the_rights_to_the_first_away(host):
    assert host.init("--yes", *WORDPRESS).returncode == 0
    done = host.init("--yes", "--table", "club.x7_users")
    assert done.returncode == 0, done.stdout + done.stderr
    grants = host.grants()
    assert "`shop`" not in grants and "`club`.`x7_users`" in grants
    assert 'database = "club"' in host.configuration()
    assert list((host.folder / "backups/gatehouse").glob("etc-gatehouse-gatehouse.toml.*"))


def test_a_query_of_the_sites_own_stays(host):
    assert host.init("--yes", *WORDPRESS).returncode == 0
    settings = host.folder / "etc/gatehouse/gatehouse.toml"
    own = re.sub("^query = .*$", 'query = "SELECT ID, user_email, user_pass FROM x7_users WHERE user_email = :name"',
                 settings.read_text(), flags=re.MULTILINE)
    settings.write_text(own)
    before = host.state()
    done = host.init("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "user.query is the site's own and stays" in done.stdout
    assert host.state() == before


def test_settings_that_were_changed_by_hand_stay(host):
    assert host.init("--yes", *WORDPRESS).returncode == 0
    settings = host.folder / "etc/gatehouse/gatehouse.toml"
    own = re.sub("^roles_query = .*$", "roles_query = \"SELECT 'guest' FROM x7_users WHERE ID = :id\"",
                 settings.read_text(), flags=re.MULTILINE)
    settings.write_text(own.replace('password_transform = "slash"', 'password_transform = "trim"'))
    before = host.state()
    done = host.init("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert host.state() == before
    assert host.init("--yes", *WORDPRESS).returncode == 0
    assert 'password_transform = "slash"' in host.configuration()


def test_a_host_without_users_gets_a_table_of_its_own(host):
    host.sql("DROP DATABASE shop; DROP DATABASE club")
    done = host.init("--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert host.sql("SHOW TABLES IN gatehouse LIKE 'user'").split() == ["user"]
    assert "UPDATE (`password`)" in host.grants()
    assert "gatehouse user add NAME" in done.stdout
    before = host.state()
    assert host.init("--yes").returncode == 0
    assert host.state() == before


def test_a_further_gatehouse_has_everything_of_its_own(host):
    done = host.init("--yes", "--site", "club", "--table", "club.x7_users")
    assert done.returncode == 0, done.stdout + done.stderr
    settings = (host.folder / "etc/gatehouse/club/gatehouse.toml").read_text()
    for line in ('listen = "unix:/run/gatehouse/club.sock"', 'user = "gatehouse-club"', 'database = "gatehouse-club"',
                 'key_file = "session.keys"'):
        assert re.search(f"^{re.escape(line)}$", settings, re.MULTILINE), line
    assert (host.folder / "etc/gatehouse/club/session.keys").exists()
    assert "u gatehouse-club - " in (host.folder / "etc/sysusers.d/gatehouse-club.conf").read_text()
    assert "gatehouse-club:" in (host.folder / "etc/passwd").read_text()
    assert "SocketGroup=nginx" in (host.folder / "etc/systemd/system/gatehouse@club.socket.d/nginx.conf").read_text()
    assert "systemctl enable --now gatehouse@club.socket gatehouse@club.service" in done.stdout


def test_an_account_may_have_a_password(host):
    done = host.init("--yes", "--with-password", *WORDPRESS)
    assert done.returncode == 0, done.stdout + done.stderr
    secret = host.folder / "etc/gatehouse/mysql.password"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text() not in done.stdout
    before = host.state()
    assert host.init("--yes").returncode == 0
    assert host.state() == before


def test_a_page_is_closed_and_its_members_place_is_as_it_was_for_members(served):
    assert served.ask("/members/page.html") == 200
    done = served.init("--yes", *PROTECT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "http://shop.example/members/ answers a stranger 303: closed" in done.stdout
    assert (served.ask("/members/page.html"), served.ask("/")) == (401, 200)
    assert (served.folder / "etc/nginx/sites-enabled/shop").is_symlink()
    assert any("sites-available-shop" in path.name for path in (served.folder / "backups/gatehouse").iterdir())
    before = served.state()
    done = served.init("--yes", *PROTECT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert served.state() == before


def test_a_site_over_tls_is_asked_over_tls(served):
    served.must_run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/run/tls.key", "-out",
                    "/run/tls.crt", "-days", "2", "-subj", "/CN=shop.example")
    leading = "server { listen 80; server_name shop.example; return 301 https://shop.example$request_uri; }\n"
    tls = SHOP.replace("listen 80;", "listen 443 ssl;\n    ssl_certificate /run/tls.crt;\n    "
                       "ssl_certificate_key /run/tls.key;")
    served.write_site(leading + tls)
    done = served.init("--yes", *PROTECT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "https://shop.example/members/ answers a stranger 303: closed" in done.stdout
    assert served.site().startswith(leading) and served.site().count("include gatehouse/mount.conf;") == 1


def test_a_folder_of_a_site_with_one_script_for_all_addresses_is_closed(served):
    site = SHOP.replace("=404", "/index.php?$args").replace(
        "    location / {", "    location ~ \\.php$ {\n        include fastcgi_params;\n        fastcgi_param "
        "SCRIPT_FILENAME $document_root$fastcgi_script_name;\n        fastcgi_pass unix:/run/none.sock;\n    }\n    location / {")
    served.write_site(site)
    done = served.init("--yes", *PROTECT)
    assert done.returncode == 0, done.stdout + done.stderr
    place = served.site()[served.site().index("location ^~ /members/"):]
    assert "try_files $uri $uri/ =404;" in place and "identity-fastcgi.conf" in place
    assert (served.ask("/members/page.html"), served.ask("/members/")) == (401, 401)


def test_the_same_files_at_another_server_are_told(served):
    served.write_site(OTHER.replace("/run/other", "/run/www"), "other")
    try:
        done = served.init("--yes", *PROTECT)
    finally:
        served.write_site(OTHER, "other")
    assert done.returncode == 1
    assert "answers a stranger 303: closed" in done.stdout
    assert "/etc/nginx/sites-enabled/other:6: open-server: everyone gets /members/page.html" in done.stdout
    assert "the lines stay" in done.stderr
    assert "auth_request gatehouse:*;" in served.site()


def test_ctrl_c_before_the_lines_leaves_the_site_alone(served):
    talk = served.converse(*PROTECT)
    talk.expect("root: ").type(ROOT_PASSWORD + "\n").expect("Do all this?").type("\x03")
    assert talk.finish() == 1
    assert served.site() == SHOP


@pytest.mark.parametrize("site, said", [
    # Everything is answered before Gatehouse is asked.
    (SHOP.replace("root /run/www;", "root /run/www;\n    if ($request_method = GET) { return 200 open; }"),
     "answers a stranger 200, not 303 to the login page or 401"),
    # The site has a location of the same name as one of mount.conf.
    (SHOP.replace("root /run/www;", "root /run/www;\n    location ^~ /gatehouse/ { }"), "nginx -t refuses it"),
    # The path is another one before a location is chosen.
    (SHOP.replace("root /run/www;", "root /run/www;\n    rewrite ^/members/ /else/;"), "answers a stranger 404"),
])
def test_lines_that_do_not_hold_are_taken_out_again(served, site, said):
    served.write_site(site)
    done = served.init("--yes", *PROTECT)
    assert done.returncode == 1, done.stdout
    assert said in done.stderr
    assert "The lines were taken out again, and the site is as it was before." in done.stderr
    assert served.site() == site
    assert not list((served.folder / "etc/nginx/sites-available").glob(".*"))


def test_answers_of_workers_that_are_about_to_leave_do_not_count(served):
    """They refuse strangers by the configuration of before; what the new ones do is another matter."""
    assert served.init("--yes", *PROTECT).returncode == 0
    assert served.ask("/members/page.html") == 401
    site = SHOP.replace("root /run/www;", "root /run/www;\n    if ($request_method = GET) { return 200 open; }")
    (served.folder / "etc/nginx/sites-available/shop").write_text(site)
    master = served.nginx_master()
    os.kill(master, signal.SIGSTOP)  # as on a busy machine, where nothing happens for a while
    later = threading.Timer(3, os.kill, (master, signal.SIGCONT))
    later.start()
    try:
        done = served.init("--yes", *PROTECT)
    finally:
        later.join()
    assert done.returncode == 1, done.stdout
    assert "answers a stranger 200, not 303 to the login page or 401" in done.stderr
    assert served.site() == site


def test_ctrl_c_while_the_page_is_asked_takes_the_lines_out(served):
    site = SHOP.replace("root /run/www;", "root /run/www;\n    if ($request_method = GET) { return 200 open; }")
    served.write_site(site)
    talk = served.converse(*PROTECT)
    talk.expect("root: ").type(ROOT_PASSWORD + "\n").expect("Do all this?").type("\n")
    talk.expect("the file as it was is").type("\x03")
    assert talk.finish() == 1
    assert "The lines were taken out again" in talk.said
    assert served.site() == site


def test_systemd_is_told_what_is_new(served):
    """By a stand-in of systemctl, on a host that says it was booted with systemd."""
    served.must_run("mkdir", "-p", "/run/systemd/system", "/run/stub")
    served.must_run("sh", "-c", "cat >/run/stub/systemctl && chmod 755 /run/stub/systemctl", text=SYSTEMCTL)
    try:
        done = served.init("--yes", *PROTECT, path="/run/stub")
        calls = served.must_run("cat", "/run/systemctl.log").splitlines()
    finally:
        served.must_run("rm", "-r", "/run/systemd", "/run/stub", "/run/systemctl.log")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "enable --now gatehouse.socket gatehouse.service" in calls
    assert "reload nginx.service" in calls


def test_a_service_that_is_away_is_no_protection(host):
    assert host.init("--yes", *WORDPRESS).returncode == 0
    done = host.init("--yes", *PROTECT)
    assert done.returncode == 1
    assert "not 303 to the login page or 401" in done.stderr
    assert host.site() == SHOP
    eventually(lambda: host.ask("/members/page.html") == 200, allow(5), what="nginx has read the lines again")


def test_a_site_that_is_none_is_told_before_anything_else(host):
    before = host.state()
    done = host.init("--yes", "--nginx", "none.example", "--protect", "/members/")
    assert (done.returncode, host.state()) == (2, before)
    assert "/etc/nginx/sites-enabled/shop:1 shop.example www.shop.example" in done.stderr


def test_each_failure_names_its_remedy(host):
    before = host.state()
    for words, said in (
            (("--yes", "--socket", "/run/none.sock"), "no database server answers there"),
            (("--yes", "--table", "shop.none"), "SCHEMA.TABLE"),
            (("--yes", "--table", "shop.x7_options"), "set user.query in the configuration by hand"),
            (("--yes", "--admin-user", "nobody", *WORDPRESS), "--admin-password-file FILE"),
            (("--yes", "--protect", "/members/"), "--protect needs --nginx"),
            (("--yes", "--site", "../x"), "--site shop"),
            (("--yes", *PROTECT[:3], "/a;b"), "--protect /members/")):
        done = host.init(*words)
        assert done.returncode in (1, 2) and said in done.stderr, (words, done.stderr)
    assert host.state() == before
