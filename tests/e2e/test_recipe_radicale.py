"""nginx/recipes/radicale.md with the real Radicale behind uWSGI: whose calendars one gets, in the browser and by a
calendar program."""
import configparser
import io
import re
import subprocess
import urllib.parse
from pathlib import Path

import pytest
import requests

import recipe_site as promises
from recipe_browser import chromium
from unpacked_host import ROOT
from waiting import allow, eventually

PAGE = "/radicale/.web/"
QUESTION = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
EVENT = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", "UID:1",
                     "DTSTAMP:20260101T000000Z", "DTSTART:20260101T000000Z", "SUMMARY:the dentist", "END:VEVENT",
                     "END:VCALENDAR", ""])
APP = "/etc/uwsgi/apps-enabled/radicale.ini"
SOCKET = "/run/uwsgi/app/radicale/socket"
CONFIG = "/etc/radicale/config"


def configured(site):
    """The package's settings with those of the recipe."""
    parser = configparser.RawConfigParser()
    for text in (site.host.read(CONFIG), site.recipe.content(CONFIG)):
        parser.read_string(text)
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def prepare(site):
    host = site.host
    host.write(CONFIG, configured(site))
    # As the packages' own scripts do.
    host.run("useradd", "--system", "--home-dir", "/var/lib/radicale", "radicale")
    host.run("sh", "-c", "cd /usr/lib/uwsgi/plugins && ln -s python3?*_plugin.so python3_plugin.so")
    host.run("mkdir", "-p", "/run/uwsgi/app/radicale")
    host.run("ln", "-s", "../apps-available/radicale.ini", APP)
    site.uwsgi = host.spawn(["uwsgi-core", "--ini", "/usr/share/uwsgi/conf/default.ini", "--ini", APP, "--die-on-term"],
                            site.folder / "uwsgi.log",
                            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "UWSGI_DEB_CONFNAMESPACE": "app",
                                 "UWSGI_DEB_CONFNAME": "radicale"})
    eventually(host.path(SOCKET).exists, allow(20), what="uWSGI listens")


@pytest.fixture(scope="module")
def site(stack, port):
    if ROOT and not Path(f"{ROOT}/etc/uwsgi/apps-available/radicale.ini").exists():
        pytest.skip("this Debian's radicale has no settings for uWSGI")
    with promises.RecipeSite(stack, port + 71, "radicale", prepare, php=False) as site:
        site.host.write("/etc/nginx/calendars.htpasswd", "")
        yield site
        site.uwsgi.stop(allow(20))


def who(answer):
    """Whose calendars there are for a visitor with the same headers, after the page itself."""
    assert answer.status_code == 200 and "Radicale" in answer.text, answer.text
    headers = {name: value for name, value in answer.request.headers.items() if name != "Content-Length"}
    return owner(requests.request("PROPFIND", urllib.parse.urljoin(answer.url, "/radicale/"), headers=headers,
                                  data=QUESTION, timeout=allow(60)))


def owner(answer):
    assert answer.status_code == 207, (answer.status_code, answer.text)
    return re.search(r"<current-user-principal><href>/(?:radicale|calendars)/([^/]+)/</href>", answer.text)[1]


def password_for(site, name):
    """By the very lines of the recipe: a new password for the calendar programs of this person."""
    [lines] = [block.text for block in site.recipe.blocks if block.kind == "sh"]
    return site.host.run("sh", "-euc", lines.replace("roy:", f"{name}:")).strip()


def program(site, path, method="PROPFIND", data=QUESTION, **how):
    """What a calendar program gets, which has no cookies."""
    return site.front.ask(path, method=method, data=data, **how)


def test_a_stranger_sees_no_calendar(site):
    promises.check_strangers(site, ["/radicale/", PAGE, "/radicale/roy/", "/radicale/.well-known/caldav"], "Radicale")
    promises.check_ways_around(site, ["/radicale", "//radicale/.web/", "/./radicale/.web/", "/x/../radicale/.web/",
                             "/%72adicale/.web/", "/radicale%2F.web/", "/RADICALE/.web/"], "Radicale")
    for headers in ({}, promises.FORGED):
        answer = program(site, "/radicale/", headers=headers)
        assert answer.status_code == 401 and "WWW-Authenticate" not in answer.headers


def test_the_calendars_are_those_of_who_was_let_in(site):
    promises.check_identity(site, PAGE, who)


@pytest.mark.parametrize("by", ["a logout", "a session that ran out"])
def test_the_next_person_has_their_own_calendars(site, by):
    promises.check_next_person(site, PAGE, who, by)


def test_who_is_disabled_or_has_lost_the_role_is_out(site):
    promises.check_disabled(site, PAGE, who)
    promises.check_role_taken(site, PAGE, who)


def test_the_way_out(site):
    promises.check_logout(site, PAGE, who, lambda browser, answer: browser.get("/gatehouse/logout"))


def test_nobody_reads_the_calendar_of_another(site):
    one, other = site.person(), site.person()
    path = f"/radicale/{one}/dates"
    with site.browser(one) as browser:
        assert browser.get(path, method="MKCALENDAR").status_code == 201
        assert browser.get(path + "/1.ics", method="PUT", data=EVENT).status_code == 201
        assert "the dentist" in browser.get(path + "/1.ics").text
    with site.browser(other) as browser:
        for headers in ({}, {"X-Script-Name": f"/{one}", **promises.FORGED}):
            answer = browser.get(path + "/1.ics", headers=headers)
            assert answer.status_code == 403 and "dentist" not in answer.text
            assert browser.get(path, method="DELETE", headers=headers).status_code == 403


def test_a_calendar_program_has_a_password_of_its_own(site):
    name = site.person()
    password = password_for(site, name)
    for path in ("/calendars/", "/calendars", "/.well-known/caldav"):
        for auth in (None, (name, "wrong"), (name, name), ("admin", "admin"), ("", "")):
            answer = program(site, path, auth=auth, headers={"X-Remote-User": name, "Remote-User": name})
            assert "href" not in answer.text
            if answer.status_code != 301:
                assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Calendars"')
    assert program(site, "/.well-known/carddav").headers["Location"].endswith("/calendars/")
    assert owner(program(site, "/calendars/", auth=(name, password), headers={"Remote-User": "admin"})) == name
    path = f"/{name}/dates"
    assert program(site, "/calendars" + path, "MKCALENDAR", auth=(name, password), data=None).status_code == 201
    assert program(site, f"/calendars{path}/1.ics", "PUT", auth=(name, password), data=EVENT).status_code == 201
    with site.browser(name) as browser:
        assert "the dentist" in browser.get(f"/radicale{path}/1.ics").text
    # It opens nothing else, and Gatehouse has no say in it, as the recipe warns.
    assert program(site, "/radicale/", auth=(name, password)).status_code == 401
    site.verb("user", "disable", name)
    assert owner(program(site, "/calendars/", auth=(name, password))) == name


def test_only_nginx_reaches_its_socket(site):
    """Another user of the host, who would say a name of their own choice."""
    text = f"import socket; socket.socket(socket.AF_UNIX).connect('{SOCKET}')"
    for user, works in (("www-data", True), ("nobody", False)):
        argv = site.host.inside(["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups", "/usr/bin/python3",
                                 "-c", text])
        assert (subprocess.run(argv, capture_output=True, check=False).returncode == 0) == works, user


def test_its_page_believes_what_is_typed_and_shows_the_calendars_of_who_was_let_in(site):
    name, other = site.person(), site.person()
    for owner_of, title in ((name, "mine"), (other, "not-mine")):
        with site.browser(owner_of) as browser:
            assert browser.get(f"/radicale/{owner_of}/{title}", method="MKCALENDAR").status_code == 201
    with chromium(site, PAGE, name) as browser:
        browser.shown("#loginscene [data-name=user]").send_keys(other)
        browser.find("#loginscene [data-name=password]").send_keys("anything\n")
        address = browser.shown("#collectionsscene article [data-name=url]")
        shown = address.text or address.get_attribute("value")  # later versions have a field for it
        assert shown.endswith(f"/radicale/{name}/mine/")
        assert len(browser.all("#collectionsscene article")) == 1
        assert browser.find("#logoutview [data-name=user]").text.startswith(other)


def test_check_nginx_is_content(site):
    promises.check_nginx_is_content(site)
