"""nginx/recipes/icingaweb2.md, with the application that it is for."""
import re

import pytest

import recipe_site as promises

PAGE = "/icingaweb2/about"
CONFIGURATION = "/etc/icingaweb2"
# What its setup would write.
FILES = {"config.ini": '[global]\nconfig_resource = "icingaweb_db"\nmodule_path = "/usr/share/icingaweb2/modules"\n'
                       '[logging]\nlog = "php"\nlevel = "ERROR"\n',
         "resources.ini": '[icingaweb_db]\ntype = "db"\ndb = "mysql"\nhost = "localhost"\ndbname = "icingaweb"\n'
                          'username = "icingaweb"\npassword = "x"\ncharset = "utf8mb4"\n'}


def prepare(site):
    host = site.host
    site.database("icingaweb", host.read("/usr/share/icingaweb2/schema/mysql.schema.sql"))
    for name, text in FILES.items():
        host.write(f"{CONFIGURATION}/{name}", text)
    for name in ("authentication.ini", "roles.ini"):
        host.write(f"{CONFIGURATION}/{name}", site.recipe.content(f"{CONFIGURATION}/{name}"))
    host.run("chown", "-R", "www-data", CONFIGURATION)


@pytest.fixture(scope="module")
def site(stack, port):
    with promises.RecipeSite(stack, port + 50, "icingaweb2", prepare) as site:
        yield site


def who(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r'class="user-ball">[^<]*</i>([^<]+)<', answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_gets_in_past_gatehouse(site):
    promises.check_strangers(site, ["/icingaweb2/", PAGE, "/icingaweb2/index.php", "/icingaweb2/authentication/login",
                                    "/icingaweb2/img/favicon.png"], "Icinga Web 2")
    promises.check_ways_around(site, ["/icingaweb2", "//icingaweb2/index.php", "/x/../icingaweb2/about", "/icingaweb2%2fabout",
                                      "/icingaweb2/index.php/about", "/index.php/icingaweb2/about"], "Icinga Web 2")
    promises.check_nginx_is_content(site)


def test_it_takes_the_visitor_for_who_they_are(site):
    promises.check_identity(site, PAGE, who)


def test_the_administrator_is_who_the_recipe_says(site):
    site.person("roy")
    for name, inside in (("roy", True), (site.person(), False)):
        with site.browser(name) as browser:
            assert ("module_path" in browser.get("/icingaweb2/config/general").text) == inside, name


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_is_themselves(site, by):
    promises.check_next_person(site, PAGE, who, by)


def test_a_cookie_that_was_kept_is_that_of_nobody_else(site):
    """Icinga compares the name at each request."""
    promises.check_kept_cookie(site, PAGE, who, "Icingaweb2", still=False)


def test_who_is_disabled_is_out(site):
    promises.check_disabled(site, PAGE, who)


def test_whose_role_is_taken_is_out(site):
    promises.check_role_taken(site, PAGE, who)


def test_its_menu_logs_out_of_both(site):
    def click(browser, answer):
        browser.get(re.search(r'href="(/icingaweb2/authentication/logout)"', answer.text)[1])
    promises.check_logout(site, PAGE, who, click)
