"""nginx/recipes/phpmyadmin.md, with the application that it is for."""
import re

import pytest

import recipe_site as promises
from recipe_browser import check_click

PAGE = "/phpmyadmin/index.php?route=/"
FOLDER = "/etc/phpmyadmin"
ACCOUNTS = f"{FOLDER}/gatehouse-accounts.php"


def prepare(site):
    host, recipe = site.host, site.recipe
    for path in (f"{FOLDER}/conf.d/gatehouse.php", f"{FOLDER}/gatehouse-signon.php"):
        host.write(path, recipe.content(path))
    host.write(ACCOUNTS, recipe.content(ACCOUNTS), owner="root:www-data", mode=0o640)
    site.stack.database.run(recipe.sql)
    # What the package's own script makes.
    host.write("/var/lib/phpmyadmin/blowfish_secret.inc.php", f"<?php\n$cfg['blowfish_secret'] = '{'secret42' * 4}';\n")
    host.run("mkdir", "-p", "/var/lib/phpmyadmin/tmp")
    host.run("chown", "-R", "www-data", "/var/lib/phpmyadmin")


@pytest.fixture(scope="module")
def site(stack, port):
    def make_account(name):
        """As the recipe says it of roy."""
        if name == "roy":
            return
        text, line = site.host.read(ACCOUNTS), re.search(r"^ *'roy' => .*\n", site.recipe.content(ACCOUNTS), re.MULTILINE)[0]
        site.host.write(ACCOUNTS, text.replace(line, line + line.replace("roy", name)), owner="root:www-data", mode=0o640)
        stack.database.run(site.recipe.sql.replace("roy", name))

    with promises.RecipeSite(stack, port + 50, "phpmyadmin", prepare, make_account=make_account) as site:
        yield site


def who(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r"User:\s*(\w+)@localhost", answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_gets_in_past_gatehouse(site):
    promises.check_strangers(site, ["/phpmyadmin/", PAGE, "/phpmyadmin/index.php", "/phpmyadmin/favicon.ico"], "phpMyAdmin")
    promises.check_ways_around(site, ["/phpmyadmin", "//phpmyadmin/index.php", "/x/../phpmyadmin/index.php",
                                      "/phpmyadmin%2findex.php", "/phpmyadmin/index.php/x.php", "/index.php/phpmyadmin/"],
                               "phpMyAdmin")
    promises.check_another_way(site, "/usr/share/phpmyadmin/index.php")
    promises.check_nginx_is_content(site)


def test_it_takes_the_visitor_for_who_they_are(site):
    site.person("roy")
    with site.browser("roy") as browser:
        assert who(browser.get(PAGE)) == "roy"
    promises.check_identity(site, PAGE, who)


def test_who_is_not_in_the_list_is_led_away(site):
    site.stack.add_user("notinlist", "notinlist")
    site.verb("user", "role", "add", "notinlist", promises.ROLE)
    with site.browser("notinlist") as browser:
        answer = browser.get(PAGE, follow=False)
        assert answer.status_code == 302 and answer.headers["Location"].endswith("/gatehouse/account")


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_has_their_own_account(site, by):
    promises.check_next_person(site, PAGE, who, by)


def test_a_cookie_that_was_kept_is_that_of_nobody_else(site):
    """The script is asked at each request."""
    promises.check_kept_cookie(site, PAGE, who, "phpMyAdmin", still=False)


def test_who_is_disabled_is_out(site):
    promises.check_disabled(site, PAGE, who)


def test_whose_role_is_taken_is_out(site):
    promises.check_role_taken(site, PAGE, who)


def test_its_button_logs_out_of_both(site):
    def click(browser, answer):
        token = re.search(r'token:"([^"]+)"|name="token" value="([^"]+)"', answer.text)
        assert "route=/logout" in answer.text and token
        browser.post("/phpmyadmin/index.php?route=/logout", data={"token": token[1] or token[2]})
    promises.check_logout(site, PAGE, who, click, choices=["pma_lang"])


def test_a_click_in_a_browser_logs_out_of_both(site):
    check_click(site, "/phpmyadmin/", site.person(), "a.logout")
