"""nginx/recipes/gitweb.md with the real gitweb: whom it names, and to whom it shows which repository."""
import re

import pytest

from front import server
import recipe_site as promises
from recipe_browser import check_click
from waiting import allow, eventually

FOLDER = "/var/lib/git"
# What the file `roles` of each repository says.
ROLES = {"open.git": "*\n", "edited.git": "editor\nadmin\n", "nobodys.git": None, "empty.git": "\n"}
LISTS = (("/gitweb/", r'href="[^"]*[?;]p=([^";]+);a=summary"'), ("/gitweb/?a=project_index", r"^(\S+)"),
         ("/gitweb/?a=opml", r'xmlUrl="[^"]*[?;]p=([^";]+);a=rss"'))
# The same program at another place of the site, which Gatehouse does not know: with nginx's own parameters, of which
# REMOTE_USER is a name that nobody has verified.
BESIDE = """
location /cgi-bin/ {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME /usr/share/gitweb/gitweb.cgi;
    fastcgi_pass unix:/run/fcgiwrap.socket;
}
"""


def make_repository(host, name, roles):
    path = f"{FOLDER}/{name}"
    host.run("git", "init", "-q", "--bare", "-b", "main", path)
    tree = host.run("git", "-C", path, "mktree", input="").strip()
    who = ("-c", "user.name=Somebody", "-c", "user.email=a@example.com")
    commit = host.run("git", "-C", path, *who, "commit-tree", "-m", f"the words of {name}", tree).strip()
    host.run("git", "-C", path, "update-ref", "refs/heads/main", commit)
    if roles is not None:
        host.write(f"{path}/roles", roles)


def prepare(site):
    for name, roles in ROLES.items():
        make_repository(site.host, name, roles)
    settings = "/etc/gitweb.conf"
    site.host.write(settings, site.host.read(settings) + site.recipe.content(settings))
    site.wrap = site.host.spawn(["fcgiwrap", "-s", "unix:/run/fcgiwrap.socket"], site.folder / "fcgiwrap.log")
    eventually(site.host.path("/run/fcgiwrap.socket").exists, allow(10), what="fcgiwrap listens")


@pytest.fixture(scope="module")
def site(stack, port):
    with promises.RecipeSite(stack, port + 71, "gitweb", prepare, php=False) as site:
        yield site
        site.wrap.stop(allow(10))


def who(answer):
    """The name in the link that leads out."""
    assert answer.status_code == 200, answer.text
    return re.search(r'<a href="/gatehouse/logout">Log out ([^<]*)</a>', answer.text)[1]


def listed(browser):
    """The repositories in each of the three lists that gitweb has."""
    return [set(re.findall(pattern, browser.get(path).text, re.MULTILINE)) for path, pattern in LISTS]


def test_a_stranger_sees_no_repository(site):
    paths = ["/gitweb/", "/gitweb/?p=open.git", "/gitweb/open.git", "/gitweb/?a=opml", "/gitweb/static/gitweb.css"]
    promises.check_strangers(site, paths, "words of")
    promises.check_ways_around(site, ["/gitweb", "//gitweb/?a=project_index", "/./gitweb/?a=project_index", "/GITWEB/",
                             "/%67itweb/?a=project_index", "/gitweb%2F?a=project_index"], "open.git")


def test_another_way_to_gitweb_shows_nothing(site, port):
    claims = {**promises.FORGED, "Remote-Id": "1", "Remote_Id": "1", "Remote-Groups": "admin", "Remote_Groups": "admin"}
    beside = server("localhost", BESIDE)
    with promises.RecipeFront(site.host, site.stack, port + 72, beside, name="beside-gitweb") as front:
        answer = front.ask("/cgi-bin/gitweb.cgi", headers=claims)
        assert answer.status_code == 404 and "No projects found" in answer.text
        answer = front.ask("/cgi-bin/gitweb.cgi?p=open.git", headers=claims)
        assert answer.status_code == 404 and "words of" not in answer.text


def test_it_names_who_was_let_in(site):
    promises.check_identity(site, "/gitweb/", who)
    promises.check_identity(site, "/gitweb/?p=open.git;a=log", who)


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_is_named(site, by):
    promises.check_next_person(site, "/gitweb/", who, by)


def test_who_is_disabled_or_has_lost_the_role_is_out(site):
    promises.check_disabled(site, "/gitweb/", who)
    promises.check_role_taken(site, "/gitweb/", who)


def test_its_link_logs_out(site):
    promises.check_logout(site, "/gitweb/", who, lambda browser, answer: browser.get("/gatehouse/logout"))


def test_roles_decide_which_repositories_there_are(site):
    name = site.person()
    pages = [path.replace("REPOSITORY", "edited.git") for path in (
        "/gitweb/?p=REPOSITORY", "/gitweb/REPOSITORY", "/gitweb/?p=REPOSITORY;a=log", "/gitweb/?p=REPOSITORY;a=rss",
        "/gitweb/?p=REPOSITORY;a=snapshot;h=HEAD;sf=tgz", "/gitweb/REPOSITORY/shortlog",
        "/gitweb/?p=REPOSITORY;a=tree")]
    with site.browser(name) as browser:
        forged = {"Remote-Groups": "editor", "Remote_Groups": "editor"}
        assert listed(browser) == 3 * [{"open.git"}]
        for path in pages:
            answer = browser.get(path, headers=forged)
            assert answer.status_code == 404 and "words of" not in answer.text, path
        site.verb("user", "role", "add", name, "editor")
        both = 3 * [{"open.git", "edited.git"}]
        eventually(lambda: listed(browser) == both, allow(40), every=0.2, what="the role counts")
        assert "words of edited.git" in browser.get("/gitweb/?p=edited.git;a=log").text
        assert browser.get("/gitweb/?p=nobodys.git").status_code == 404
        site.verb("user", "role", "remove", name, "editor")
        eventually(lambda: listed(browser) == 3 * [{"open.git"}], allow(40), every=0.2, what="the role is gone")
        assert {browser.get(path).status_code for path in pages} == {404}


def test_a_click_in_chromium(site):
    check_click(site, "/gitweb/", site.person(), 'a[href="/gatehouse/logout"]')


def test_check_nginx_is_content(site):
    promises.check_nginx_is_content(site)
