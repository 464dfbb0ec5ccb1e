"""nginx/recipes/zabbix.md, with the application that it is for."""
import gzip
import re
from pathlib import Path

import pytest

import recipe_site as promises
from browser import Browser
from unpacked_host import ROOT

PAGE = "/zabbix/zabbix.php?action=userprofile.edit"
SQL = Path(ROOT) / "usr/share/zabbix-server-mysql"
FILE = "/etc/zabbix/zabbix.conf.php"
# What its setup would write.
CONFIG = """<?php
$DB['TYPE'] = 'MYSQL';
$DB['SERVER'] = 'localhost';
$DB['PORT'] = '0';
$DB['DATABASE'] = 'zabbix';
$DB['USER'] = 'zabbix';
$DB['PASSWORD'] = 'x';
$DB['SCHEMA'] = '';
$DB['ENCRYPTION'] = false;
$DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER_NAME = '';
$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""
# All but the templates, which are most of 35 megabytes.
TABLES = "users|role|role_rule|usrgrp|users_groups|config|config_autoreg_tls|dbversion|module|hstgrp|ids"
USER = """
INSERT INTO zabbix.users (userid, username, roleid) SELECT MAX(userid) + 1, 'NAME', 1 FROM zabbix.users;
INSERT INTO zabbix.users_groups (id, usrgrpid, userid)
    SELECT (SELECT MAX(id) + 1 FROM zabbix.users_groups), 7, userid FROM zabbix.users WHERE username = 'NAME';
"""


def text_of(name):
    return gzip.decompress((SQL / name).read_bytes()).decode()


def prepare(site):
    inserts = re.findall(rf"^INSERT INTO `(?:{TABLES})` .*$", text_of("data.sql.gz"), re.MULTILINE)
    sql = "SET FOREIGN_KEY_CHECKS = 0;" + text_of("schema.sql.gz") + "\n".join(inserts) + site.recipe.sql
    site.database("zabbix", sql, "DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin")
    site.host.write(FILE, CONFIG.replace("<?php\n", f"<?php\n{site.recipe.content(FILE)}", 1))


@pytest.fixture(scope="module")
def site(stack, port):
    def make_user(name):
        stack.database.run(USER.replace("NAME", name))

    with promises.RecipeSite(stack, port + 50, "zabbix", prepare, make_account=make_user) as site:
        yield site


def who(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r"User profile: ([^<]+)<", answer.text)
    assert found, answer.text
    return found[1].strip()


def test_nobody_gets_in_past_gatehouse(site):
    promises.check_strangers(site, ["/zabbix/", PAGE, "/zabbix/index.php", "/zabbix/index_http.php", "/zabbix/api_jsonrpc.php",
                                    "/zabbix/favicon.ico"], "Zabbix")
    promises.check_ways_around(site, ["/zabbix", "//zabbix/index_http.php", "/x/../zabbix/index_http.php", "/zabbix%2findex.php",
                                      "/zabbix/index.php/x.php", "/index.php/zabbix/"], "User profile")
    for script in ("index.php", "index_http.php", "zabbix.php"):
        promises.check_another_way(site, f"/usr/share/zabbix/{script}")
    promises.check_nginx_is_content(site)


def test_it_takes_the_visitor_for_who_they_are(site):
    promises.check_identity(site, PAGE, who)


def test_whom_it_does_not_know_is_not_let_in(site):
    stranger = "notinzabbix"
    site.stack.add_user(stranger, stranger)
    site.verb("user", "role", "add", stranger, promises.ROLE)
    with site.browser(stranger) as browser:
        assert "You are not logged in" in browser.get(PAGE).text or "You are not logged in" in browser.get("/zabbix/").text


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_has_no_session_of_the_one_before(site, by):
    promises.check_next_person(site, PAGE, who, by)


def test_a_cookie_that_was_kept_is_still_the_one_before(site):
    promises.check_kept_cookie(site, PAGE, who, "zbx_session", still=True)


def test_who_is_disabled_is_out(site):
    promises.check_disabled(site, PAGE, who)


def test_whose_role_is_taken_is_out(site):
    promises.check_role_taken(site, PAGE, who)


def test_sign_out_ends_both(site):
    """As its script does it: a POST to this address, with the token of the page."""
    def click(browser, answer):
        assert "ZABBIX.logout" in answer.text
        browser.post("/zabbix/index.php?reconnect=1", data={"sid": "0"})
    promises.check_logout(site, PAGE, who, click)


def test_a_click_in_a_browser_logs_out_of_both(site):
    name = site.person()
    with Browser(site.base) as browser:
        browser.open("/zabbix/")
        browser.shown("#username")
        browser.log_in(name, name)
        browser.shown("a.icon-signout").click()
        browser.shown("#username")
        assert browser.path.startswith("/gatehouse/login")
        browser.open("/zabbix/")
        browser.shown("#username")
