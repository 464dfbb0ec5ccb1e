"""A table that many applications have written: each family logs in by itself, the weak ones once the
site says so, and the census tells how far the upgrades are."""
import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from instance import Instance, write_config
from visitor import INVALID_PASSWORD
from waiting import allow, eventually

KNOWN_HASHES = Path(__file__).resolve().parent.parent / "data/passwords.tsv"

# The parameters of the known hashes of each scheme, in the order of the file, and the scheme and
# parameters to which a login brings them (none: they are left).
FAMILIES = {
    "werkzeug-pbkdf2": (["sha256, 150000 rounds", "sha256, 50000 rounds", "sha256, 1 rounds"],
                        ("werkzeug-pbkdf2", "sha256, 600000 rounds")),
    "werkzeug-scrypt": (["N=32768 r=8 p=1"] * 2, ("werkzeug-scrypt", "N=32768 r=8 p=3")),
    "django-pbkdf2-sha256": (["sha256, 10000 rounds", "sha256, 390000 rounds"],
                             ("django-pbkdf2-sha256", "sha256, 600000 rounds")),
    "django-bcrypt-sha256": (["cost 8 over SHA-256"], ("django-bcrypt-sha256", "cost 12 over SHA-256")),
    "bcrypt": (["cost 4", "cost 10", "cost 8", "cost 5"], ("bcrypt", "cost 12")),
    "argon2id": (["m=65536 t=2 p=1", "m=65536 t=3 p=1"], None),
    "sha512crypt": (["5000 rounds"], ("sha512crypt", "200000 rounds")),
    "yescrypt": (["N=4096 r=32 p=1 t=0"] * 2, None),
    "phpass-P": (["2^13 rounds", "2^11 rounds"], None),
    "drupal7-S": (["2^14 rounds"], None),
    "spring-bcrypt": (["cost 10"], ("spring-bcrypt", "cost 12")),
    "passlib-pbkdf2-sha512": (["sha512, 25000 rounds"], ("passlib-pbkdf2-sha512", "sha512, 210000 rounds")),
    "ldap-PBKDF2-SHA256": (["sha256, 1212 rounds"], ("ldap-PBKDF2-SHA256", "sha256, 600000 rounds")),
    "dovecot-PBKDF2": (["sha1, 5000 rounds"], ("dovecot-PBKDF2", "sha1, 1300000 rounds")),
    "werkzeug-legacy-sha256": (["sha256"], ("werkzeug-pbkdf2", "sha256, 600000 rounds")),
    "raw-md5": (["md5"], None),
    "mysql41": (["sha1"], None),
    "ldap-SSHA": (["sha1"], None),
    "joomla-md5salt": (["md5"], None),
    "md5crypt": (["1000 rounds"], None),
    "apr1": (["1000 rounds"], None),
}

TABLE = {"query": "SELECT uid, login, pass FROM family_user WHERE login = :name",
         "census_query": "SELECT pass FROM family_user"}
UPDATE = "UPDATE family_user SET pass = :hash WHERE uid = :id AND pass = :old_hash"


@dataclass(frozen=True)
class Row:
    uid: int
    scheme: str
    weak: bool
    password: str
    stored: str

    @property
    def login(self):
        return f"{self.scheme} {self.uid}"


def known_rows(schemes):
    lines = KNOWN_HASHES.read_text(encoding="utf-8").splitlines()
    fields = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Row(uid, scheme, weak == "weak", password, stored)
            for uid, (scheme, weak, password, stored, _) in enumerate(fields, 7001)
            if scheme in schemes and "m=4096" not in stored]  # of argon2, those that are left as they are


ROWS = known_rows(FAMILIES)
STRONG = [row for row in ROWS if not row.weak]
WEAK = [row for row in ROWS if row.weak]
WEAK_SCHEMES = sorted({row.scheme for row in WEAK})


@pytest.fixture
def table(stack):
    """The stack with a table of these rows."""
    run = stack.database.run
    run("CREATE OR REPLACE TABLE family_user (uid INT PRIMARY KEY, login VARCHAR(45) UNIQUE,"
        " pass VARCHAR(255)) DEFAULT CHARSET = utf8mb4;"
        "GRANT SELECT, UPDATE (pass) ON family_user TO 'gatehouse'@'localhost'")
    fill(stack, ROWS)
    yield stack
    run("REVOKE SELECT, UPDATE (pass) ON family_user FROM 'gatehouse'@'localhost';"
        "DROP TABLE family_user")


def fill(stack, rows):
    values = ", ".join(f"({row.uid}, '{row.login}', '{row.stored}')" for row in rows)
    stack.database.run(f"INSERT INTO family_user VALUES {values}")


def hashes(stack):
    lines = stack.database.run("SELECT uid, pass FROM family_user").splitlines()
    return {int(uid): stored for uid, stored in (line.split("\t") for line in lines)}


def settings(allow_weak=(), **user):
    return {"user": {**TABLE, **user}, "password": {"allow_weak": list(allow_weak)}}


def census(stack, allow_weak=()):
    """How many rows there are of each scheme, parameters and state; and of all."""
    config = write_config(stack, "census", settings(allow_weak))
    done = subprocess.run(
        [stack.env["GATEHOUSE"], "password", "census", "--config", str(config), "--json"],
        stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    groups = Counter()
    for group in answer["groups"]:
        kind = group["scheme"], group["parameters"], group["state"]
        assert kind not in groups
        groups[kind] = group["rows"]
    return groups, answer["rows"]


def groups_before(weak_state):
    groups = Counter()
    for scheme, (all_parameters, goal) in FAMILIES.items():
        weak = scheme in WEAK_SCHEMES
        state = weak_state if weak else "upgradable" if goal else "fine"
        groups.update((scheme, parameters, state) for parameters in all_parameters)
    # WoltLab may have written it, with arithmetic that is not written anew: so nothing is promised.
    groups[("bcrypt", "cost 8", "upgradable")] -= 1
    groups[("bcrypt or woltlab-double-bcrypt", "cost 8", "fine")] += 1
    if weak_state != "weak, allowed":  # OpenMage's arithmetic is not allowed either
        groups[("joomla-md5salt", "md5", weak_state)] -= 1
        groups[("joomla-md5salt or openmage-md5", "md5", weak_state)] += 1
    return +groups


def groups_after():
    groups = Counter()
    for scheme, (all_parameters, goal) in FAMILIES.items():
        left = "weak, allowed" if scheme in WEAK_SCHEMES else "fine"
        groups.update((*goal, "fine") if goal else (scheme, parameters, left)
                      for parameters in all_parameters)
    return groups


def test_there_are_twelve_families_and_more():
    assert len({row.scheme for row in STRONG}) >= 12
    assert len(WEAK_SCHEMES) >= 6
    assert {row.scheme for row in ROWS} == set(FAMILIES)


def test_strong_ones_log_in_and_weak_ones_wait_and_the_log_says_for_what(table):
    with Instance(table, "families", settings()) as service:
        service.wait_until_serving(allow(5))
        for row in STRONG:
            assert service.login(row.login, row.password).status == 200, row
        for row in WEAK:
            answer = service.login(row.login, row.password)
            assert (answer.status, answer.json()) == (400, INVALID_PASSWORD), row
    waiting = [line for line in service.log().splitlines() if "allow_weak" in line]
    for row in WEAK:
        assert any(f'"{row.uid}"' in line and row.scheme in line for line in waiting), row
    assert hashes(table) == {row.uid: row.stored for row in ROWS}


def test_only_the_weak_ones_that_are_named_log_in(table):
    named = WEAK_SCHEMES[::2]
    with Instance(table, "families", settings(named)) as service:
        service.wait_until_serving(allow(5))
        for row in WEAK:
            expected = 200 if row.scheme in named else 400
            assert service.login(row.login, row.password).status == expected, row
            assert service.login(row.login, row.password + "x").status == 400, row


def test_the_census_tells_what_stands_in_the_table(table):
    assert census(table) == (groups_before("weak, waiting for password.allow_weak"), len(ROWS))
    assert census(table, WEAK_SCHEMES) == (groups_before("weak, allowed"), len(ROWS))


def test_the_census_tells_what_nobody_can_log_in_with(table):
    fill(table, [Row(1, "costly", False, "x", "$2y$17$" + "a" * 53),
                 Row(2, "cut", False, "x", ROWS[0].stored[:60]),
                 Row(3, "plain", False, "x", "secret")])
    groups, rows = census(table)
    assert rows == len(ROWS) + 3
    assert groups - groups_before("weak, waiting for password.allow_weak") == Counter([
        ("bcrypt", "cost 17", "over the cost limits"), ("werkzeug-pbkdf2", "", "unreadable"),
        ("unknown", "", "unreadable")])


def test_each_login_upgrades_its_row_and_a_second_census_shows_it(table):
    upgrades = {row.uid for row in ROWS if FAMILIES[row.scheme][1]}
    before = hashes(table)

    def changed():
        return {uid for uid, stored in hashes(table).items() if stored != before[uid]}

    with Instance(table, "families", settings(WEAK_SCHEMES, update_query=UPDATE)) as service:
        service.wait_until_serving(allow(5))
        for row in ROWS:
            assert service.login(row.login, row.password).status == 200, row
        eventually(lambda: changed() >= upgrades, allow(60), every=0.2, what="the rows are rewritten")
        assert census(table, WEAK_SCHEMES) == (groups_after(), len(ROWS))
        for row in ROWS:
            assert service.login(row.login, row.password).status == 200, row
    assert changed() == upgrades


@pytest.fixture(params=["django-md5", "django-sha1"])
def shared_form(request, table):
    """A table of one row, in a form that Werkzeug and Django fill with different arithmetic."""
    (row,) = known_rows([request.param])
    table.database.run("DELETE FROM family_user")
    fill(table, [row])
    return row


def test_a_form_that_two_applications_share_is_let_in_and_rewritten_as_its_own(table, shared_form):
    with Instance(table, "families", settings([shared_form.scheme], update_query=UPDATE)) as service:
        service.wait_until_serving(allow(5))
        assert service.login(shared_form.login, shared_form.password).status == 200
        eventually(lambda: hashes(table)[shared_form.uid].startswith("pbkdf2_sha256$600000$"), allow(20),
                   what="it is rewritten for Django")


def test_the_census_counts_a_shared_form_as_allowed_if_one_of_its_names_is(table, shared_form):
    ((_, _, state),), _ = census(table, [shared_form.scheme])
    assert state == "weak, allowed"


def test_the_log_names_both_schemes_that_a_shared_form_may_wait_for(table, shared_form):
    with Instance(table, "families", settings()) as service:
        service.wait_until_serving(allow(5))
        assert service.login(shared_form.login, shared_form.password).status == 400
    waiting = [line for line in service.log().splitlines() if f'"{shared_form.uid}" cannot log in until' in line]
    algorithm = shared_form.scheme.removeprefix("django-")
    for scheme in (shared_form.scheme, f"werkzeug-legacy-{algorithm}"):
        assert any(scheme in line for line in waiting), waiting


@pytest.fixture
def careless_database(table):
    """A server that cuts what does not fit, unless a session asks for better."""
    before = table.database.run("SELECT @@GLOBAL.sql_mode").strip()
    table.database.run("SET GLOBAL sql_mode = ''")
    yield
    table.database.run(f"SET GLOBAL sql_mode = '{before}'")


@pytest.mark.usefixtures("careless_database")
def test_a_column_too_narrow_for_the_new_hash_keeps_the_old_one(table):
    (row,) = (row for row in ROWS if row.stored.startswith("pbkdf2:sha256:1$"))
    table.database.run("DELETE FROM family_user; ALTER TABLE family_user MODIFY pass VARCHAR(100)")
    fill(table, [row])
    with Instance(table, "families", settings(update_query=UPDATE)) as service:
        service.wait_until_serving(allow(5))
        assert service.login(row.login, row.password).status == 200
        eventually(lambda: f'the hash of user id "{row.uid}" could not be made stronger' in service.log(), allow(20),
                   what="the log says so")
        assert hashes(table) == {row.uid: row.stored}
        assert service.login(row.login, row.password).status == 200
