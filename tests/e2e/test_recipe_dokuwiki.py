"""nginx/recipes/dokuwiki.md with the real DokuWiki: whom it takes the visitor for, what they may read there, and what
it keeps of the one before."""
import re

import pytest

from front import server
import recipe_site as promises
from recipe_browser import check_click
from waiting import allow, eventually

WIKI = "/dokuwiki/doku.php"
DATA = "/var/lib/dokuwiki/data"
PAGES = {"start": "the first words", "board/plans": "the secret plans", "recipes": "the cake"}
PLUGIN = "/var/lib/dokuwiki/lib/plugins/authgatehouse"
# The files that the recipe names, and what one of them is a link to.
SETTINGS = {f"{PLUGIN}/auth.php": "", f"{PLUGIN}/plugin.info.txt": "", "/etc/dokuwiki/local.protected.php": "",
            "/etc/dokuwiki/acl.auth.php": "/var/lib/dokuwiki/acl/acl.auth.php"}
# The same wiki at another place of the site, which Gatehouse does not know, with nginx's own parameters.
BESIDE = r"""
location /dokuwiki/ {
    root /usr/share;
    location ~ \.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass unix:/run/php/php-fpm.sock;
    }
}
"""


def prepare(site):
    host = site.host
    for name, text in PAGES.items():
        host.write(f"{DATA}/pages/{name}.txt", text)
    for path, real in SETTINGS.items():
        host.write(real or path, site.recipe.content(path))
    host.run("chown", "-R", "www-data", "/var/lib/dokuwiki")


@pytest.fixture(scope="module")
def site(stack, port):
    with promises.RecipeSite(stack, port + 71, "dokuwiki", prepare) as site:
        yield site


def who(answer):
    assert answer.status_code == 200, answer.text
    found = re.search(r'Logged in as: <bdi>([^<]*)</bdi> \(<bdi>([^<]*)</bdi>\)', answer.text)
    assert found and found[1] == found[2], answer.text
    return found[1]


def test_a_stranger_sees_nothing(site):
    promises.check_strangers(site, ["/dokuwiki/", WIKI, f"{WIKI}?id=recipes", "/dokuwiki/feed.php",
                           "/dokuwiki/lib/exe/fetch.php?media=wiki:logo.png", "/dokuwiki/lib/exe/css.php",
                           "/dokuwiki/lib/tpl/dokuwiki/images/logo.png"], "the first words")
    promises.check_ways_around(site, ["/dokuwiki", f"/{WIKI}", f"/.{WIKI}", f"{WIKI}/start", "/%64okuwiki/doku.php",
                             "/DOKUWIKI/doku.php", "/dokuwiki%2Fdoku.php", f"{WIKI}?do=export_raw&id=start"],
                      "the first words")


def test_another_way_into_the_wiki_is_that_of_a_stranger(site, port):
    claims = {**promises.FORGED, "Remote-Id": "1", "Remote_Id": "1", "Remote-Groups": "admin", "Remote_Groups": "admin"}
    beside = server("localhost", BESIDE)
    with promises.RecipeFront(site.host, site.stack, port + 72, beside, name="beside-dokuwiki") as front:
        for query in ("?id=start", "?do=export_raw&id=start", "?do=admin"):
            answer = front.ask(WIKI + query, headers=claims)
            assert "the first words" not in answer.text and "Logged in as" not in answer.text, query


def test_it_takes_the_visitor_for_who_they_are(site):
    name = promises.check_identity(site, WIKI, who)
    with site.browser(name) as browser:
        # A login with DokuWiki's own form and cookie counts for nothing.
        answer = browser.post(f"{WIKI}?do=login", data={"u": "admin", "p": "admin"}, headers=promises.FORGED)
        assert who(answer) == name


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_is_who_they_are(site, by):
    promises.check_next_person(site, WIKI, who, by)


def test_the_next_person_does_not_see_what_the_one_before_has_read(site):
    one, other = site.person(), site.person()
    with site.browser(one) as browser:
        for _ in range(2):
            page = browser.get(f"{WIKI}?id=recipes")
        assert re.search(r'class="breadcrumbs".*title="recipes"', page.text, re.DOTALL)
        browser.lose_session()
        browser.log_in(other)
        page = browser.get(f"{WIKI}?id=start")
        assert who(page) == other and 'title="recipes"' not in page.text


def test_who_is_disabled_or_has_lost_the_role_is_out(site):
    promises.check_disabled(site, WIKI, who)
    promises.check_role_taken(site, WIKI, who)


def follow_its_link(browser, answer):
    link = re.search(r'href="(/dokuwiki/doku\.php\?[^"]*do=logout[^"]*)"', answer.text)[1].replace("&amp;", "&")
    answer = browser.get(link, headers={"Referer": answer.url})
    assert "/gatehouse/login" in answer.url
    browser.session.cookies.clear(domain="localhost.local", path="/dokuwiki/")


def test_its_own_link_logs_out_of_both(site):
    promises.check_logout(site, WIKI, who, follow_its_link)


def test_roles_are_its_groups(site):
    name = site.person()
    plans, settings = f"{WIKI}?id=board:plans", f"{WIKI}?do=admin&page=config"
    with site.browser(name) as browser:
        def sees(path, words):
            answer = browser.get(path, headers={"Remote-Groups": "editor,admin", "Remote_Groups": "editor,admin"})
            assert who(answer) == name
            return words in answer.text

        assert not sees(plans, "secret plans") and not sees(settings, "Configuration Manager")
        for role, path, words in (("editor", plans, "secret plans"), ("admin", settings, "Configuration Manager")):
            site.verb("user", "role", "add", name, role)
            eventually(lambda: sees(path, words), allow(40), every=0.2, what=f"{role} counts")
            site.verb("user", "role", "remove", name, role)
            eventually(lambda: not sees(path, words), allow(40), every=0.2, what=f"{role} is gone")


def test_an_edit_has_the_name_of_who_was_let_in(site):
    name = site.person()
    with site.browser(name) as browser:
        page = browser.get(f"{WIKI}?id=new&do=edit").text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        fields |= {"id": "new", "wikitext": "an edit", "do[save]": "1"}
        answer = browser.post(WIKI, data=fields, headers=promises.FORGED)
        assert "an edit" in answer.text
    assert f"\t{name}\t" in site.host.read(f"{DATA}/meta/new.changes")


def test_a_click_in_chromium(site):
    check_click(site, "/dokuwiki/", site.person(), "#dokuwiki__usertools .logout a")


def test_check_nginx_is_content(site):
    promises.check_nginx_is_content(site)
