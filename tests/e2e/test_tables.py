"""`gatehouse tables`: it names the applications of a server, and what it proposes logs in as it stands."""
import base64
import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from instance import Instance
from verbs import run_verb
from visitor import auth_request
from waiting import allow

PASSWORD = "foo"
BCRYPT = "$2y$07$BCryptRequires22ChrctebndVSCBWoNHCN6y9oPwSuMaS44mxyN6"  # of PASSWORD
DJANGO = "pbkdf2_sha256$1000$salt$" + base64.b64encode(
    hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt", 1000)).decode()
TABLES = Path(__file__).parent.joinpath("parts/ten_applications.sql").read_text(encoding="utf-8")
# Its name, its table, and roy's roles.
APPLICATIONS = {
    "app_django": ("Django", "auth_user", {"staff", "night-shift"}),
    "app_drupal": ("Drupal", "users_field_data", {"editor"}),
    "app_joomla": ("Joomla", "j4_users", {"public", "super-users"}),
    "app_laravel": ("Laravel", "users", {"night-shift"}),
    "app_model": ("Django", "club_member", {"staff", "night-shift"}),
    "app_moodle": ("Moodle", "mdl_user", set()),
    "app_nextcloud": ("Nextcloud", "oc_users", {"admin"}),
    "app_phpbb": ("phpBB", "phpbb_users", {"global_moderators"}),
    "app_symfony": ("Symfony", "user", {"ROLE_ADMIN"}),
    "app_wordpress": ("WordPress", "x7_users", {"shop_manager"}),
}


def run_tables(stack, *words):
    return run_verb(stack, "tables", *words)


def found(stack, *words):
    done = run_tables(stack, "--json", *words)
    assert done.returncode == 0, done.stderr
    return {one["schema"]: one for one in json.loads(done.stdout)["applications"]
            if one["schema"].startswith("app_")}


@pytest.fixture(scope="module")
def ten(stack):
    stack.database.run(TABLES.replace("DJANGO", DJANGO).replace("HASH", BCRYPT))
    yield found(stack)
    stack.database.run("".join(f"DROP DATABASE {name};" for name in [*APPLICATIONS, "app_decoys"]))


def test_each_application_is_named_and_the_decoys_are_not(ten):
    assert {schema: (one["application"], one["table"]) for schema, one in ten.items()} == {
        schema: (name, table) for schema, (name, table, _) in APPLICATIONS.items()}
    assert {one["rows"]["able"] for one in ten.values()} == {1}
    assert not any(one["rows"]["estimated"] for one in ten.values())
    assert ten["app_wordpress"]["prefix"] == "x7_"
    rows = ten["app_wordpress"]["rows"]
    assert (rows["total"], rows["disabled"], rows["without_password"]) == (3, 1, 1)
    assert ten["app_joomla"]["schemes"] == ["bcrypt"]


@pytest.mark.parametrize("schema", APPLICATIONS)
def test_a_proposal_logs_in_as_it_stands(stack, ten, schema):
    one = ten[schema]
    stack.database.run(";".join(one["grants"]) + ";")
    with Instance(stack, schema, tomllib.loads(one["section"])) as service:
        service.wait_until_serving(allow(10))
        login = service.login("roy", PASSWORD)
        assert login.status == 200, service.log()
        assert service.login("roy", "x" + PASSWORD).status == 400
        assert service.login("ann", PASSWORD).status == 400
        groups = service.ask(auth_request(login.cookie)).header("Remote-Groups") or ""
        assert set(filter(None, groups.split(","))) == APPLICATIONS[schema][2]
