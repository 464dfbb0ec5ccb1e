"""nginx/recipes/mediawiki.md with the real MediaWiki: whom it takes the visitor for, what their roles let them do, and
that no session of its own outlives them."""
import re

import pytest

from front import server
import recipe_site as promises
from recipe_browser import check_click
from waiting import allow, eventually

WIKI = "/mediawiki/index.php"
API = "/mediawiki/api.php?format=json&"
INSIDE = "MediaWiki has been installed"
OWNER, PASSWORD = "Wiki owner", "of-the-owner-0f8a"
SCRIPTS = "/usr/share/mediawiki/maintenance"
FILE = "/mediawiki/resources/assets/licenses/cc-0.png"
SETTINGS = "/etc/mediawiki/LocalSettings.php"
# The same wiki at another place of the site, which Gatehouse does not know, with nginx's own parameters.
BESIDE = r"""
location /mediawiki/ {
    root /var/lib;
    location ~ \.php {
        include fastcgi_params;
        fastcgi_split_path_info ^(.+\.php)(.*)$;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass unix:/run/php/php-fpm.sock;
    }
}
"""


def prepare(site):
    """What an administrator does by the pages of the installer, and then by the recipe."""
    site.database("mediawiki", "")
    site.host.run("php", f"{SCRIPTS}/install.php", "--dbname", "mediawiki", "--dbuser", "mediawiki", "--dbpass", "x",
                  "--dbserver", "localhost", "--scriptpath", "/mediawiki", "--server", site.base, "--skins", "Vector",
                  "--pass", PASSWORD, "--confpath", "/etc/mediawiki", "Wiki", OWNER)
    site.host.write("/etc/mediawiki/gatehouse.php", site.recipe.content("/etc/mediawiki/gatehouse.php"))
    site.host.write(SETTINGS, site.host.read(SETTINGS) + site.recipe.content(SETTINGS))
    site.host.run("chown", "-R", "www-data", "/var/lib/mediawiki/images", "/var/cache/mediawiki")


@pytest.fixture(scope="module")
def site(stack, port):
    with promises.RecipeSite(stack, port + 71, "mediawiki", prepare) as site:
        yield site


def who(answer):
    """The name at the top, with the small first letter that it has in Gatehouse."""
    assert answer.status_code == 200, answer.text
    name = re.search(r'"wgUserName":"([^"]*)"', answer.text)
    assert name and re.search(rf'id="pt-userpage"[^>]*>.*?{name[1]}</', answer.text, re.DOTALL), answer.text
    return name[1][0].lower() + name[1][1:]


def user_info(browser, **how):
    """What the wiki's API says of its visitor."""
    answer = browser.get(f"{API}action=query&meta=userinfo&uiprop=groups|rights", **how)
    assert answer.status_code == 200, answer.text
    return answer.json()["query"]["userinfo"]


def edit(browser, title, text):
    token = browser.get(f"{API}action=query&meta=tokens").json()["query"]["tokens"]["csrftoken"]
    answer = browser.post(f"{API}action=edit", data={"title": title, "text": text, "token": token})
    return answer.json()


def test_a_stranger_sees_nothing(site):
    promises.check_strangers(site, ["/mediawiki/", WIKI, f"{WIKI}/Main_Page", f"{WIKI}?title=Special:UserLogin",
                           f"{API}action=query&meta=siteinfo", "/mediawiki/rest.php/v1/page/Main_Page",
                           "/mediawiki/load.php?modules=startup", FILE], INSIDE)
    promises.check_ways_around(site, ["/mediawiki", f"/{WIKI}", f"/.{WIKI}", f"/x/..{WIKI}", "/%6dediawiki/index.php",
                             "/MEDIAWIKI/index.php", "/mediawiki%2Findex.php", "/mediawiki/index.php%00"], INSIDE)


def test_another_way_into_the_wiki_is_closed(site, port):
    claims = {**promises.FORGED, "Remote-Id": "1", "Remote_Id": "1", "Remote-Groups": "admin", "Remote_Groups": "admin"}
    beside = server("localhost", BESIDE)
    with promises.RecipeFront(site.host, site.stack, port + 72, beside, name="beside-mediawiki") as front:
        for path in (WIKI, f"{WIKI}?title=Special:UserLogin", f"{API}action=query&meta=userinfo",
                     "/mediawiki/load.php?modules=startup", "/mediawiki/rest.php/v1/page/Main_Page"):
            answer = front.ask(path, headers=claims)
            assert (answer.status_code, answer.text) == (403, "This wiki is read through Gatehouse.\n"), path


def test_it_takes_the_visitor_for_who_they_are(site):
    name = promises.check_identity(site, WIKI, who)
    promises.check_identity(site, "/mediawiki/", who)
    with site.browser(name) as browser:
        assert user_info(browser, headers=promises.FORGED)["name"] == name.capitalize()
        # Its own login, with the right password of the account that the installer made, is none.
        token = browser.get(f"{API}action=query&meta=tokens&type=login").json()["query"]["tokens"]["logintoken"]
        answer = browser.post(f"{API}action=login", data={"lgname": OWNER, "lgpassword": PASSWORD, "lgtoken": token})
        assert answer.json()["login"]["result"] != "Success"
        assert who(browser.get(WIKI)) == name


@pytest.mark.parametrize("name", ["roy#1", "roy@example.com", "roy/two", "a:b", "192.0.2.1", "mediaWiki default"])
def test_a_name_that_mediawiki_cannot_have_is_refused(site, name):
    with site.browser(site.person(name)) as browser:
        answer = browser.get(WIKI)
        assert (answer.status_code, answer.text) == (403, "MediaWiki cannot have a user of this name.\n")


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_is_who_they_are(site, by):
    promises.check_next_person(site, WIKI, who, by)


def test_the_cookies_of_one_person_are_worth_nothing_to_the_next(site):
    one, other = site.person(), site.person()
    with site.browser(one) as browser:
        assert "edit" in edit(browser, "Of one", "the words")
        token = browser.get(f"{API}action=query&meta=tokens").json()["query"]["tokens"]["csrftoken"]
        assert not [cookie for cookie in browser.cookies if "session" in cookie.lower()], "MediaWiki has none there"
        browser.lose_session()
        browser.log_in(other)
        answer = browser.post(f"{API}action=edit", data={"title": "Of one", "text": "others", "token": token})
        assert answer.json()["error"]["code"] == "badtoken"


def test_who_is_disabled_or_has_lost_the_role_is_out(site):
    promises.check_disabled(site, WIKI, who)
    promises.check_role_taken(site, WIKI, who)


def follow_its_link(browser, answer):
    link = re.search(r'id="pt-gatehouse"[^>]*><a href="([^"]+)"', answer.text)[1]
    assert "/gatehouse/login" in browser.get(link, headers={"Referer": answer.url}).url


def test_its_own_link_logs_out(site):
    promises.check_logout(site, WIKI, who, follow_its_link)
    with site.browser(site.person()) as browser:
        assert "Special:UserLogout" not in browser.get(WIKI).text


def test_a_role_gives_its_groups_for_as_long_as_somebody_has_it(site):
    name = site.person()
    with site.browser(name) as browser:
        def groups():
            return set(user_info(browser, headers={"Remote-Groups": "admin", "Remote_Groups": "admin"})["groups"])

        assert "user" in groups() and "sysop" not in groups()
        site.verb("user", "role", "add", name, "admin")
        eventually(lambda: {"sysop", "bureaucrat"} <= groups(), allow(40), every=0.2, what="the role counts")
        assert "block" in user_info(browser)["rights"]
        assert browser.get(f"{WIKI}?title=Special:Block").status_code == 200
        site.verb("user", "role", "remove", name, "admin")
        eventually(lambda: "sysop" not in groups(), allow(40), every=0.2, what="the role is gone")
        assert "block" not in user_info(browser)["rights"]


def test_the_role_of_one_is_not_that_of_others_whom_the_wiki_looks_at(site):
    admin, other = site.person(), site.person()
    site.verb("user", "role", "add", admin, "admin")
    with site.browser(other) as browser:
        browser.get(WIKI)
    with site.browser(admin) as browser:
        eventually(lambda: "sysop" in user_info(browser)["groups"], allow(40), every=0.2, what="the role counts")
        answer = browser.get(f"{API}action=query&list=users&usprop=groups&ususers={other}").json()
        assert "sysop" not in answer["query"]["users"][0]["groups"]


def test_an_edit_has_the_name_of_who_was_let_in(site):
    name = site.person()
    with site.browser(name) as browser:
        assert edit(browser, "Signed", "words")["edit"]["result"] == "Success"
        answer = browser.get(f"{API}action=query&prop=revisions&titles=Signed&rvprop=user").json()
        [page] = answer["query"]["pages"].values()
        assert page["revisions"][0]["user"] == name.capitalize()


def test_its_files_are_served_and_its_insides_are_not(site):
    with site.browser(site.person()) as browser:
        for path in (FILE, "/mediawiki/load.php?modules=startup&only=scripts", "/mediawiki/rest.php/v1/page/Main_Page",
                     f"{WIKI}/Main_Page"):
            assert browser.get(path).status_code == 200, path
        for path in (SETTINGS.replace("/etc", ""), "/mediawiki/mw-config/index.php", "/mediawiki/includes/Setup.php",
                     "/mediawiki/maintenance/run.php", "/mediawiki/composer.json", "/mediawiki/images/x.php"):
            assert browser.get(path).status_code == 404, path
        site.host.run("php", f"{SCRIPTS}/showSiteStats.php")


def test_a_click_in_chromium(site):
    check_click(site, f"{WIKI}/Main_Page?useskin=vector", site.person(), "#pt-gatehouse a")


def test_check_nginx_is_content(site):
    promises.check_nginx_is_content(site)
