"""A site that follows a recipe of nginx/recipes, with the real application behind, and what visitors do there."""
import contextlib
import os
import re
import subprocess

import pytest

import fastcgi
from front import Front
from instance import Instance
from recipe import Recipe
from unpacked_host import ROOT, UnpackedHost
from verbs import run_verb
from waiting import allow, eventually

HOST = "www.example.com"
# An ordinary site with PHP of its own, into which the recipe's blocks are put.
SERVER = r"""
server {
    listen 127.0.0.1:PORT;
    server_name www.example.com localhost;
    root FILES;
    index index.php index.html;
    include gatehouse/mount.conf;
    location / {
        try_files $uri $uri/ =404;
    }
    location ~ \.php$ {
        include snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php-fpm.sock;
    }
RECIPE
}
"""
NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
# What a visitor may say of themselves, for applications, PHP and CGI.
FORGED = {name: "admin" for name in ("Remote-User", "Remote_User", "X-Remote-User", "X_Remote_User", "PHP-Auth-User",
                                     "PHP_AUTH_USER", "Redirect-Remote-User", "X-Forwarded-User")
          } | {"Authorization": "Basic YWRtaW46YWRtaW4="}
ROLE = "member"


class HostFront(Front):
    """nginx's own snippets lie beside those of Gatehouse, as on a host."""

    def write(self):
        super().write()
        for name in ("snippets", "fastcgi.conf", "fastcgi_params", "uwsgi_params"):
            link = self.conf.parent / name
            link.unlink(missing_ok=True)
            os.symlink(f"/etc/nginx/{name}", link)


class RecipeFront(HostFront):
    """Its nginx runs in the unpacked host."""

    def __init__(self, host, *arguments, **more):
        super().__init__(*arguments, **more)
        self._host = host

    def _argv(self, *more):
        return self._host.inside(super()._argv(*more))

    def printed(self):
        """What nginx -T prints."""
        return self._host.run(*Front._argv(self, "-T"))


class RecipeSite:
    """A context manager. `prepare(site)` writes what a package's own scripts and the application's administrator would
    write; it runs before nginx. Each `gatehouse:*` of the recipe demands ROLE, which `person()` gives. `edits` are
    further (text, other text) of its nginx blocks. `make_account(name)` makes the account of a person in the application,
    where it does not make one itself."""

    def __init__(self, stack, port, name, prepare, php=True, edits=(), make_account=None):
        if not ROOT:
            pytest.skip("GATEHOUSE_TEST_APPLICATIONS is not set")
        self.stack, self.recipe = stack, Recipe(name)
        self._port, self._prepare, self._php, self._edits = port, prepare, php, edits
        self._make_account = make_account
        self._ends = contextlib.ExitStack()
        self._people = 0

    def __enter__(self):
        with contextlib.ExitStack() as ends:
            self.gatehouse = ends.enter_context(Instance(self.stack, f"recipe-{self.recipe.name}", self.recipe.settings))
            self.gatehouse.wait_until_serving(allow(10))
            self.folder = self.stack.dir / f"recipe-{self.recipe.name}"
            self.folder.mkdir()
            self.host = ends.enter_context(UnpackedHost(self.folder))
            if self._php:
                self.host.start_php(self.stack.database.socket)
            self._prepare(self)
            self.front = ends.enter_context(self._make_front())
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *_):
        self._ends.close()

    def _make_front(self):
        edits = {"upstream.conf": [(self.stack.fcgi_socket, self.gatehouse.place)]}
        return RecipeFront(self.host, self.stack, self._port, SERVER.replace("RECIPE", self._put(self.recipe.server)),
                           http=self._put(self.recipe.http), name=f"recipe-{self.recipe.name}", edits=edits)

    def _put(self, text):
        for old, new in (("gatehouse:*;", f"gatehouse:{ROLE};"), *self._edits):
            text = text.replace(old, new)
        return text

    @property
    def base(self):
        """With a name, so that a browser keeps the cookies for it."""
        return f"http://localhost:{self._port}"

    def database(self, name, sql, options=""):
        """A database and an account of this name, with the password `x`, for the application; `sql` runs in it."""
        # Thousands of rows would wait for the disk one by one.
        self.stack.database.run(f"CREATE DATABASE {name} {options}; CREATE USER {name}@localhost IDENTIFIED BY 'x'; "
                                f"GRANT ALL ON {name}.* TO {name}@localhost; USE {name};"
                                f"SET GLOBAL innodb_flush_log_at_trx_commit = 0; SET autocommit = 0; {sql}; COMMIT;"
                                "SET GLOBAL innodb_flush_log_at_trx_commit = 1")

    def verb(self, *words):
        done = run_verb(self.stack, *words, config=self.gatehouse.config)
        assert done.returncode == 0, done.stdout + done.stderr

    def person(self, name=None):
        """The name of a new user with ROLE, whose password is the name."""
        if name is None:
            self._people += 1
            name = f"{re.sub('[^a-z]', '', self.recipe.name)}{self._people}"
        self.stack.add_user(name, name)
        self.verb("user", "role", "add", name, ROLE)
        if self._make_account:
            self._make_account(name)
        return name

    @contextlib.contextmanager
    def browser(self, name=None):
        """A Browser, in which this person is logged in."""
        with self.front.site.session() as session:
            browser = Browser(session, self.base)
            if name:
                browser.log_in(name)
            yield browser

    def check_nginx(self):
        """(exit code, words) of `gatehouse check-nginx` about the site."""
        done = subprocess.run(self.host.inside([self.stack.env["GATEHOUSE"], "check-nginx", "--file", "-"]), capture_output=True,
                              input=self.front.printed(), text=True, timeout=allow(60), check=False)
        return done.returncode, done.stdout + done.stderr


class Browser:
    """Keeps cookies, and says of each page that somebody is about to look at it."""

    def __init__(self, session, base):
        self.session, self.base = session, base

    @property
    def cookies(self):
        return {cookie.name: cookie.value for cookie in self.session.cookies}

    def get(self, path, follow=True, method="GET", **how):
        """`path` may be a whole address of the site, as in a Location."""
        how["headers"] = {**NAVIGATION, **how.get("headers", {})}
        url = path if path.startswith("http") else self.base + path
        return self.session.request(method, url, allow_redirects=follow, timeout=allow(60), **how)

    def post(self, path, **how):
        return self.get(path, method="POST", **how)

    def log_in(self, name, password=None):
        """The password of person() is the name."""
        answer = self.session.post(self.base + "/gatehouse/login", json={"username": name, "password": password or name},
                                   timeout=allow(60))
        assert answer.status_code == 200, answer.text

    def log_out(self):
        assert self.session.post(self.base + "/gatehouse/logout", timeout=allow(60)).ok

    def lose_session(self):
        """Gatehouse's session runs out, and the application's cookies stay."""
        self.session.cookies.clear(domain="localhost.local", path="/", name="gatehouse")

    def asked_to_log_in(self, path):
        """Whether the page leads to the login page."""
        answer = self.get(path, follow=False)
        return answer.status_code == 303 and "/gatehouse/login" in answer.headers["Location"]


# --- What each recipe promises. `who(answer)` is the name that the application's page says it is for.


def check_strangers(site, paths, inside):
    """Nobody gets in without a session, whatever they send; `inside` stands in no answer."""
    for path in paths:
        for headers, status in ((NAVIGATION, 303), ({}, 401), (FORGED, 401), ({**FORGED, **NAVIGATION}, 303)):
            answer = site.front.ask(path, headers=headers)
            assert answer.status_code == status, (path, headers, answer.status_code)
            assert inside not in answer.text and not answer.cookies


def check_ways_around(site, paths, inside):
    """Other spellings of its addresses lead past no location."""
    for path in paths:
        status = site.front.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nRemote-User: admin\r\n"
                                "Accept: */*\r\nConnection: close\r\n\r\n")
        assert re.match(r"HTTP/1.1 (301|303|400|401|403|404)", status), (path, status)
        answer = site.front.ask(path, headers=FORGED)
        assert inside not in answer.text, path


def check_identity(site, path, who):
    """The application says the name that Gatehouse let in, whatever else the visitor claims."""
    name = site.person()
    with site.browser(name) as browser:
        assert who(browser.get(path, headers=FORGED)) == name
        assert who(browser.get(path)) == name
    return name


def check_next_person(site, path, who, by):
    """Somebody else at the same browser: after a logout, or because the session ran out."""
    one, other = site.person(), site.person()
    with site.browser(one) as browser:
        assert who(browser.get(path)) == one
        if by == "a logout":
            browser.log_out()
            assert browser.asked_to_log_in(path)
        else:
            browser.lose_session()
        browser.log_in(other)
        assert who(browser.get(path)) == other


def check_disabled(site, path, who):
    name = site.person()
    with site.browser(name) as browser:
        assert who(browser.get(path)) == name
        site.verb("user", "disable", name)
        eventually(lambda: browser.asked_to_log_in(path), allow(40), every=0.2, what="the disabled user is out")


def check_role_taken(site, path, who):
    name = site.person()
    with site.browser(name) as browser:
        assert who(browser.get(path)) == name
        site.verb("user", "role", "remove", name, ROLE)
        eventually(lambda: browser.get(path, follow=False).status_code == 403, allow(40), every=0.2,
                   what="the role is gone")


def check_logout(site, path, who, click, choices=()):
    """`click(browser, answer)` is the application's own way out, which ends both sessions. No cookie of a session stays;
    those in `choices` keep what a visitor has chosen, such as a language."""
    name = site.person()
    with site.browser(name) as browser:
        answer = browser.get(path)
        assert who(answer) == name
        click(browser, answer)
        assert browser.asked_to_log_in(path)
        assert not set(browser.cookies) - {"gatehouse-device", "gatehouse_lang", *choices}, browser.cookies


def check_another_way(site, script):
    """A location without auth_request and without the identity lines, which sets REMOTE_USER as nginx's own files do."""
    claims = {"REMOTE_USER": "admin", "HTTP_REMOTE_USER": "admin", "HTTP_REMOTE_ID": "1"}
    place = str(site.host.path("/run/php/php-fpm.sock"))
    answer = fastcgi.ask(place, fastcgi.web("GET", "/", SCRIPT_FILENAME=script, SCRIPT_NAME="/index.php", **claims))
    assert answer.status == 403 and b"past Gatehouse" in answer.body and not answer.header("Set-Cookie"), answer.raw


def check_kept_cookie(site, path, who, cookie, still):
    """The application's cookie of one person, at the browser of another: `still` says whether the application takes them
    for the one before, which clear_cookies is there for."""
    one, other = site.person(), site.person()
    with site.browser(one) as browser:
        assert who(browser.get(path)) == one
        [kept] = [each for each in browser.session.cookies if each.name == cookie]
        browser.log_out()
        browser.log_in(other)
        assert cookie not in browser.cookies
        browser.session.cookies.set_cookie(kept)
        assert who(browser.get(path)) == (one if still else other)


def check_nginx_is_content(site):
    code, said = site.check_nginx()
    assert code == 0 and "warning" not in said, said
