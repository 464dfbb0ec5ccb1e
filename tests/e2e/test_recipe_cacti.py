"""nginx/recipes/cacti.md, with the application that it is for."""
import re
from pathlib import Path

import pytest

import recipe_site as promises
from unpacked_host import ROOT

PAGE = "/cacti/"
CONFIG = "/etc/cacti/debian.php"
TEMPLATES = "/usr/share/cacti/conf_templates"
# What dbconfig-common would write for it.
DATABASE = {"_DBC_DBNAME_": "cacti", "_DBC_DBSERVER_": "localhost", "_DBC_DBUSER_": "cacti", "_DBC_DBPASS_": "x",
            "_DBC_DBPORT_": ""}
# Already installed, or every page would be its installer's; and the account whose rights each new name gets.
INSTALLED = """
UPDATE version SET cacti = 'VERSION';
REPLACE INTO settings (name, value) SELECT 'user_template', id FROM user_auth WHERE username = 'guest';
REPLACE INTO settings (name, value) VALUES ('path_cactilog', '/var/log/cacti/cacti.log');
INSERT INTO user_auth_realm (realm_id, user_id) SELECT 8, id FROM user_auth WHERE username = 'guest'
    AND NOT EXISTS (SELECT 1 FROM user_auth_realm r WHERE r.realm_id = 8 AND r.user_id = user_auth.id);
"""


def prepare(site):
    host = site.host
    version = host.read("/usr/share/cacti/site/include/cacti_version").strip()
    site.database("cacti", host.read(f"{TEMPLATES}/cacti.sql") + INSTALLED.replace("VERSION", version) + site.recipe.sql)
    text = host.read(f"{TEMPLATES}/debian.php.dist")
    for name, value in DATABASE.items():
        text = text.replace(name, value)
    host.write(CONFIG, text.replace("<?php\n", f"<?php\n{site.recipe.content(CONFIG)}", 1))
    host.run("ln", "-sf", CONFIG, "/usr/share/cacti/site/include/config.php")
    folders = ["/var/log/cacti", *(f"/var/lib/cacti/{name}" for name in ("rra", "csrf", "cache"))]
    host.run("mkdir", "-p", *folders)
    host.run("chown", "-R", "www-data", "/var/log/cacti", "/var/lib/cacti")


@pytest.fixture(scope="module")
def site(stack, port):
    with promises.RecipeSite(stack, port + 50, "cacti", prepare) as site:
        yield site


def who(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r"Logged in as <span id='user'[^>]*>([^<]*)<", answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_gets_in_past_gatehouse(site):
    promises.check_strangers(site, [PAGE, "/cacti/index.php", "/cacti/graph_view.php", "/cacti/images/cacti_logo.svg"], "cacti_")
    promises.check_ways_around(site, ["/cacti", "//cacti/index.php", "/x/../cacti/index.php", "/cacti%2findex.php",
                                      "/cacti/index.php/x.php", "/index.php/cacti/", "/cacti/log/cacti.log"], "Logged in as")
    promises.check_another_way(site, "/usr/share/cacti/site/index.php")
    promises.check_nginx_is_content(site)


def test_it_takes_the_visitor_for_who_they_are(site):
    promises.check_identity(site, PAGE, who)


def test_the_administrator_is_who_the_recipe_says(site):
    site.person("roy")
    with site.browser("roy") as browser:
        answer = browser.get("/cacti/user_admin.php")
        assert who(answer) == "roy" and "User Management" in answer.text
    with site.browser(site.person()) as browser:
        assert "User Management" not in browser.get("/cacti/user_admin.php").text


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_has_no_session_of_the_one_before(site, by):
    promises.check_next_person(site, PAGE, who, by)


def test_a_cookie_that_was_kept_is_still_the_one_before(site):
    promises.check_kept_cookie(site, PAGE, who, "Cacti", still=True)


def test_who_is_disabled_is_out(site):
    promises.check_disabled(site, PAGE, who)


def test_whose_role_is_taken_is_out(site):
    promises.check_role_taken(site, PAGE, who)


def test_its_address_to_log_out_ends_both(site):
    promises.check_logout(site, PAGE, who, lambda browser, _: browser.get("/cacti/logout.php?action=timeout"))


def test_capitals_make_no_difference(site):
    """As the index of the recipes says of it."""
    site.stack.database.run("INSERT INTO cacti.user_auth (username, realm) VALUES ('cacticaps', 2);"
                            "INSERT INTO cacti.user_auth_realm (realm_id, user_id)"
                            " SELECT 8, id FROM cacti.user_auth WHERE username = 'cacticaps'")
    with site.browser(site.person("CactiCaps")) as browser:
        assert who(browser.get(PAGE)) == "cacticaps"


def test_a_mail_address_loses_its_domain(site):
    """The trap that the recipe names, as the application has it."""
    text = Path(f"{ROOT}/usr/share/cacti/site/lib/auth.php").read_text(encoding="utf-8")
    assert "explode('@', $username)" in text
    mail = site.person("cactimail@example.org")
    with site.browser(mail) as browser:
        assert who(browser.get(PAGE)) == "cactimail"
