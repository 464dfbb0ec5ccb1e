"""Each preset of sql/presets, with tables of that application: who logs in, who is refused, roles, new hashes."""
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fastcgi import web
from instance import Instance
from preset import FOLDER, Preset, Tables, columns_of, names, put
from preset_readers import reads
from waiting import allow, eventually

FRESH = "another horse entirely"
KEY_FILE = "application.key"


class Site:
    """A Gatehouse with the settings of a preset, and the tables that it works with."""

    def __init__(self, stack, name):
        self.preset, self.tables = Preset(name), Tables(name)
        self.database = stack.database
        self.tables.make(stack.database, self.preset.schema)
        self.user = self.preset.settings(stack.database)
        if "key_file" in self.user:
            key_file = Path(stack.env["GATEHOUSE_CONF"]).with_name(KEY_FILE)
            key_file.write_text(self.tables.vector.key + "\n", encoding="utf-8")
            key_file.chmod(0o600)
        self.service = Instance(stack, "preset", {
            "mysql": {"database": self.preset.schema}, "user": self.user, "session": {"store": "memory"},
            "password": {"allow_weak": self.preset.allow_weak}, "guard": {"address_free_guesses": 1000},
            "server": {"login_threads": 2, "login_nice": 0}})

    def select(self, query, **values):
        """The rows of a query of the preset, each a list of texts."""
        found = self.database.run(f"USE {self.preset.schema}; {put(query, **values)}")
        return [line.split("\t") for line in found.splitlines()]

    def login(self, name, password=None):
        return self.service.login(name, password or self.tables.vector.typed)

    def logins(self, names):
        """The answers to logins that come at once."""
        with ThreadPoolExecutor(len(names) or 1) as pool:
            return list(pool.map(self.login, names))

    def roles_of(self, cookie):
        asked = web("GET", "/auth", headers={"Cookie": cookie}, GATEHOUSE_INTERNAL="1", GATEHOUSE_REQUIRE="*")
        answer = self.service.ask(asked)
        assert answer.status < 300, answer
        return [role for role in (answer.header("Remote-Groups") or "").split(",") if role]

    def change_password(self, cookie, current, new):
        body = json.dumps({"current": current, "new": new}).encode()
        return self.service.ask(web("POST", "/password", body, headers={"Cookie": cookie}), body)

    def stored(self, name):
        """The hash of the row that a name finds."""
        return self.select(self.user["query"], name=name)[0][2]


@pytest.fixture(params=names())
def site(request, stack):
    site = Site(stack, request.param)
    with site.service:
        site.service.wait_until_serving(allow(10))
        yield site
    stack.database.run(f"REVOKE ALL ON {site.preset.schema}.* FROM gatehouse@localhost;"
                       f"DROP DATABASE {site.preset.schema}")


def test_a_preset_knows_its_application_and_its_users(site):
    check_identification(site)
    cookies = check_logins(site)
    check_refusals(site)
    assert site.roles_of(cookies[0]) == sorted(site.tables.roles)
    check_census(site)
    check_new_password(site, cookies)


def test_the_list_in_the_documentation_is_that_of_the_files():
    rows = []
    for name in names():
        said = Preset(name).application
        rows.append(f"| `{name}` | {said['name']} | {said['versions']} | {said['tested']} | {said['writes']} |")
    listed = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]
    assert listed == rows


def check_identification(site):
    for name, columns, absent in site.preset.tables:
        there = columns_of(site.database, site.preset.schema, name)
        assert set(columns) <= set(there), name
        assert not set(absent) & set(there), name


def check_logins(site):
    """Gives the cookies."""
    names = site.tables.logging_in
    answers = site.logins(names)
    assert dict(zip(names, (answer.status for answer in answers))) == dict.fromkeys(names, 200)
    return [answer.cookie for answer in answers]


def check_refusals(site):
    """Whoever is refused has the right password: either the lookup leaves the row out, or disabled_query gives one."""
    names = site.tables.nobody + site.tables.refused
    statuses = dict(zip(names, (answer.status for answer in site.logins(names))))
    assert statuses == dict.fromkeys(names, 400)
    for name in site.tables.nobody:
        assert not site.select(site.user["query"], name=name), name
    for name in site.tables.refused:
        for row in site.select(site.user["query"], name=name):
            assert site.select(site.user["disabled_query"], id=row[0]), name


def check_census(site):
    """It is read in pieces; and Gatehouse reads it."""
    census = site.user["census_query"]
    every = site.select(census, after="")
    after_the_first = site.select(census, after=every[0][0])
    assert len(after_the_first) < len(every) and re.search(r"LIMIT 1000\s*$", census)
    said = f"the user table has {len(every)} hashes"
    eventually(lambda: said in site.service.log(), allow(10), what=said)


def check_new_password(site, cookies):
    first, typed = site.tables.logging_in[0], site.tables.vector.typed
    answer = site.change_password(cookies[0], typed, FRESH)
    if site.preset.application["writes"] == "no":
        assert answer.status == 404  # there is no update_query
        return
    if site.tables.rewritten == "nothing":
        assert answer.status == 409  # of a form in which there is nothing strong
        return
    assert answer.status == 200, answer.json()
    new = site.stored(first)
    assert re.match(site.tables.rewritten, new), new
    assert site.login(first, FRESH).status == 200
    assert site.login(first).status == 400
    assert reads(site.preset.name, new, FRESH, site.tables.vector.key) is not False
