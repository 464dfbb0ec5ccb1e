"""nginx/recipes/tt-rss.md, with the application that it is for."""
import re
from pathlib import Path

import pytest

import recipe_site as promises
from unpacked_host import ROOT

CONFIG = "/etc/tt-rss/config.php"
PLUGIN = "/usr/share/tt-rss/www/plugins.local/gatehouse/init.php"
# What dbconfig-common would write for it.
DATABASE = {"DB_TYPE": "'mysql'", "DB_HOST": "'localhost'", "DB_PORT": "''", "DB_USER": "'ttrss'", "DB_NAME": "'ttrss'",
            "DB_PASS": "'x'", "LOG_DESTINATION": "''", "CHECK_FOR_UPDATES": "false"}
PAGE = "/tt-rss/"
DEFINITION = re.compile(r"^\s*define\('(\w+)', (.*)\);.*$", re.MULTILINE)


def prepare(site):
    schema = Path(f"{ROOT}/usr/share/tt-rss/schema/ttrss_schema_mysql.sql").read_text(encoding="utf-8")
    site.database("ttrss", schema)
    host, recipe = site.host, site.recipe
    definitions, refusal = recipe.contents(CONFIG)
    values = {**DATABASE, **dict(DEFINITION.findall(definitions))}
    values["SELF_URL_PATH"] = values["SELF_URL_PATH"].replace("http://www.example.com", site.base)

    def defined(match):
        value = values.pop(match[1], match[2])
        return f"define('{match[1]}', {value});"

    text = DEFINITION.sub(defined, re.sub(r".*database[.]php.*\n", "", host.read(CONFIG)))
    assert not values, "the package's file has lines that begin so"
    host.write(CONFIG, text.replace("<?php\n", f"<?php\n{refusal}", 1))
    host.write(PLUGIN, recipe.content(PLUGIN))
    folders = ["images", "upload", "export", "starred-images", "feeds", "js", "simplepie"]
    host.run("mkdir", "-p", "/var/lib/tt-rss/feed-icons", *(f"/var/cache/tt-rss/{name}" for name in folders))
    host.run("chown", "-R", "www-data", "/var/lib/tt-rss", "/var/cache/tt-rss")


@pytest.fixture(scope="module")
def site(stack, port):
    if ROOT and not Path(f"{ROOT}/usr/share/tt-rss").is_dir():
        pytest.skip("this Debian has no tt-rss")
    with promises.RecipeSite(stack, port + 50, "tt-rss", prepare) as site:
        yield site


@pytest.fixture
def who(site):
    """Whose session an answer is of: its page does not say."""
    def of(answer):
        assert answer.status_code == 200 and "Tiny Tiny RSS" in answer.text, answer.text
        sid = re.search(r"ttrss_sid=(\w+)", answer.headers.get("Set-Cookie", "") + answer.request.headers["Cookie"])[1]
        data = site.stack.database.run(f"SELECT FROM_BASE64(data) FROM ttrss.ttrss_sessions WHERE id = '{sid}'")
        return re.search(r'name\|s:\d+:"([^"]*)"', data.replace("\\n", ""))[1]
    return of


def test_nobody_gets_in_past_gatehouse(site):
    paths = [PAGE, "/tt-rss/index.php", "/tt-rss/backend.php", "/tt-rss/api/index.php", "/tt-rss/images/favicon.png"]
    promises.check_strangers(site, paths, "Tiny Tiny RSS")
    promises.check_ways_around(site, ["/tt-rss", "//tt-rss/index.php", "/x/../tt-rss/index.php", "/tt-rss%2findex.php",
                                      "/tt-rss/index.php/x.php", "/index.php/tt-rss/"], "Tiny Tiny RSS")
    promises.check_another_way(site, "/usr/share/tt-rss/www/index.php")
    promises.check_nginx_is_content(site)


def test_it_takes_the_visitor_for_who_they_are(site, who):
    promises.check_identity(site, PAGE, who)


def test_capitals_make_no_difference(site, who):
    """As the index of the recipes says of it."""
    site.person("rsscaps")
    with site.browser("rsscaps") as browser:
        assert who(browser.get(PAGE)) == "rsscaps"
    site.stack.database.run("UPDATE user SET username = 'RssCaps' WHERE username = 'rsscaps'")
    with site.browser() as browser:
        browser.log_in("RssCaps", "rsscaps")
        browser.get(PAGE)
    names = site.stack.database.run("SELECT login FROM ttrss.ttrss_users WHERE login = 'rsscaps'").split()
    assert names == ["rsscaps"]


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_is_not_shown_the_feeds_of_the_one_before(site, who, by):
    promises.check_next_person(site, PAGE, who, by)


def test_a_cookie_that_was_kept_is_still_the_one_before(site, who):
    promises.check_kept_cookie(site, PAGE, who, "ttrss_sid", still=True)


def test_who_is_disabled_is_out(site, who):
    promises.check_disabled(site, PAGE, who)


def test_whose_role_is_taken_is_out(site, who):
    promises.check_role_taken(site, PAGE, who)


def test_its_menu_logs_out_of_both(site, who):
    def click(browser, answer):
        browser.get(re.search(r"onclick=\"location = '([^']+)'\">Log out<", answer.text)[1])
    promises.check_logout(site, PAGE, who, click)
