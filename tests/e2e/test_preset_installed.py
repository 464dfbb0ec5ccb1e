"""Applications of Debian's packages, all on one server: their own code made the tables and the users, and says who gets
in. `gatehouse tables` names them, and its proposals let the same people in. tests/support/installed.sh fetches them."""
import json
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from debian_tree import DebianTree
from fastcgi import web
from installed_applications import APPLICATIONS, PASSWORD, Installed
from instance import Instance
from preset import FOLDER, Preset, Tables, names
from preset_site import KEY_FILE, PresetSite
from test_preset_packages import PACKAGES
from verbs import run_verb
from visitor import auth_request, login_request
from waiting import allow

ROOT = os.environ.get("GATEHOUSE_TEST_INSTALLED", "")
FRESH = "another 77 Horses!"
HASHERS = ("laravel", "symfony")
DECOYS = """
    CREATE DATABASE app_decoys;
    CREATE TABLE app_decoys.blog_users (ID bigint PRIMARY KEY, user_login varchar(60), user_pass varchar(255));
    CREATE TABLE app_decoys.blog_usermeta LIKE app_wordpress.blog_usermeta;
    CREATE TABLE app_decoys.auth_user LIKE app_django.auth_user;
    CREATE TABLE app_decoys.auth_group LIKE app_django.auth_group;
    CREATE TABLE app_decoys.auth_user_groups LIKE app_django.auth_user_groups;
    INSERT INTO app_decoys.auth_user SELECT * FROM app_django.auth_user;
    UPDATE app_decoys.auth_user SET password = 'in plain letters';
    CREATE VIEW app_decoys.matomo_user AS SELECT * FROM app_matomo.matomo_user;
    CREATE TABLE app_decoys.matomo_access LIKE app_matomo.matomo_access;
"""


def found(stack):
    done = run_verb(stack, "tables", "--json", "--presets", str(FOLDER))
    assert done.returncode == 0, done.stderr
    return [one for one in json.loads(done.stdout)["applications"] if one["schema"].startswith("app_")]


class Server:
    """The stack's server, and each of them on it once a test wants it."""

    def __init__(self, stack):
        self._stack, self._installed = stack, {}

    def with_application(self, name):
        if name not in self._installed:
            folder = self._stack.dir / "installed" / name
            self._installed[name] = Installed(name, ROOT, folder, self._stack.database)
        return self._installed[name]

    def with_all(self):
        return [self.with_application(name) for name in APPLICATIONS]

    def drop_all(self):
        self._stack.database.run("".join(f"DROP DATABASE {one.schema};" for one in self._installed.values()))


@pytest.fixture(scope="module")
def server(stack):
    if not ROOT:
        pytest.skip("GATEHOUSE_TEST_INSTALLED is not set")
    if os.geteuid() != 0:
        pytest.skip("only root can enter the folders")
    server = Server(stack)
    # The roles of the stack's own users would be added to those of users with the same ids.
    stack.database.run("CREATE TABLE kept_role AS SELECT * FROM user_role; DELETE FROM user_role")
    yield server
    stack.database.run("INSERT INTO user_role SELECT * FROM kept_role; DROP TABLE kept_role")
    server.drop_all()


@pytest.fixture
def site(request, stack, server):
    """The application, and a Gatehouse with its proposal, to which nothing is added but what its note asks for: a key
    file, and the weak schemes."""
    installed = server.with_application(request.param)
    one, = (one for one in found(stack) if one["schema"] == installed.schema and one["preset"] == installed.name)
    settings = tomllib.loads(one["section"])
    if one["update_query"]:
        settings["user"]["update_query"] = one["update_query"]
    settings["password"] = {"allow_weak": list(installed.application.weak)}
    settings["guard"] = {"address_free_guesses": 1000}
    settings["session"] = {"store": "memory"}
    if installed.key:
        key_file = Path(stack.env["GATEHOUSE_CONF"]).with_name(KEY_FILE)
        key_file.write_bytes(installed.key)
        key_file.chmod(0o600)
    stack.database.run(";".join(one["grants"]) + f";GRANT UPDATE ON {installed.schema}.* TO gatehouse@localhost")
    with Instance(stack, "installed", settings) as service:
        service.wait_until_serving(allow(10))
        yield installed, service


def each():
    return pytest.mark.parametrize("site", APPLICATIONS, indirect=True)


def test_all_are_named_and_no_decoy_is(stack, server):
    everything = server.with_all()
    stack.database.run(DECOYS)
    try:
        said = found(stack)
    finally:
        stack.database.run("DROP DATABASE app_decoys")
    assert {(one["schema"], one["preset"], one["prefix"]) for one in said} == {
        (installed.schema, preset, installed.application.prefix)
        for installed in everything for preset in installed.presets}
    assert len(everything) >= 8
    able = {one["preset"]: one["rows"]["able"] for one in said}
    unedited = [one.name for one in everything if not one.application.weak and not one.key]
    assert len(unedited) >= 6 and all(able[name] for name in unedited)


@each()
def test_the_same_people_get_in(site):
    installed, service = site
    pairs = [(name, PASSWORD) for name in installed.application.names]
    pairs += [(installed.application.names[0], wrong) for wrong in (PASSWORD + "x", PASSWORD.upper(), " " + PASSWORD)]
    own = dict(zip(pairs, installed.lets_in(pairs)))
    assert own[pairs[0]] and not all(own.values())
    assert {pair: service.ask(*login_request(*pair), timeout=allow(30)).status == 200 for pair in pairs} == own


@each()
def test_the_first_has_the_roles_of_the_application(site):
    installed, service = site
    login = service.ask(*login_request(installed.application.names[0], PASSWORD), timeout=allow(30))
    asked = service.ask(auth_request(login.cookie))
    roles = [role for role in (asked.header("Remote-Groups") or "").split(",") if role]
    assert roles == sorted(installed.application.roles)


@each()
def test_the_application_reads_a_password_that_was_changed_here(site):
    installed, service = site
    name, expected = installed.application.names[0], installed.application.changed
    login = service.ask(*login_request(name, PASSWORD), timeout=allow(30))
    body = json.dumps({"current": PASSWORD, "new": FRESH}).encode()
    asked = web("POST", "/password", body, headers={"Cookie": login.cookie})
    assert service.ask(asked, body, timeout=allow(30)).status == expected
    assert installed.lets_in([(name, FRESH), (name, PASSWORD)]) == [expected == 200, expected != 200]


@pytest.mark.parametrize("name", HASHERS)
def test_a_hash_of_the_framework_s_own_hasher_lets_its_user_in(stack, name):
    """Its tables are the site's own."""
    if not ROOT or os.geteuid() != 0:
        pytest.skip("GATEHOUSE_TEST_INSTALLED is not set, or this is not root")
    tree = DebianTree(f"{ROOT}/trixie/root", stack.dir / "hasher" / name, stack.database.socket)
    stored = tree.run("php8.4", "/mnt/hasher.php", name, PASSWORD).strip()
    preset, tables = Preset(name), Tables(name)
    tables.vector = replace(tables.vector, stored=stored)
    tables.make(stack.database, preset.schema)
    with PresetSite(stack, preset).service as service:
        service.wait_until_serving(allow(10))
        assert service.login(tables.logging_in[0], PASSWORD).status == 200
        assert service.login(tables.logging_in[0], PASSWORD + "x").status == 400
    stack.database.run(f"REVOKE ALL ON {preset.schema}.* FROM gatehouse@localhost; DROP DATABASE {preset.schema}")


def test_code_is_said_of_those_whose_code_wrote_a_hash():
    own = {name for name in names() if Preset(name).application["tested"] == "code"}
    assert own == set(APPLICATIONS) | {name for name, package in PACKAGES.items() if package.user} | set(HASHERS)
