"""A file of auth_basic becomes rows of the user table, by the line that README.md prints, and who can log in with them."""
import re
import subprocess

import pytest

from instance import Instance, write_config
from printed import ROOT
from terminal import run_at_terminal
from verbs import run_verb
from waiting import allow, eventually

DATABASE = "from_htpasswd"
PASSWORD = "password"
PASSWORD_OF_HIS_OWN = "a long and good one"
BCRYPT = "$2b$05$B9aZNwirJRxO4Hl/Ixjrb.Wg6uQICCYuGY7l3lUDR6Juqe3q8caC2"
STRONG = r"\$2[aby]\$12\$"
# Of `htpasswd -B`, `htpasswd`, `htpasswd -s` and nginx's own, and a row with the comment that nginx allows.
FILE = f"""\
anna:{BCRYPT}
bert:$apr1$k1Ud5dzh$iAAH445q.kmq5iSpUL9P20
carl:{{SHA}}W6ph5Mm5Pz8GgiULbPgzG37mj9g=
dora:{BCRYPT}:of the office
emil:{{PLAIN}}{PASSWORD}
"""
EVERYBODY = ["anna", "bert", "carl", "dora", "emil"]


@pytest.fixture
def settings(stack, tmp_path):
    """A service whose users are those of the file."""
    stack.database.run(f"CREATE DATABASE {DATABASE}; USE {DATABASE}; {(ROOT / 'sql/schema.sql').read_text()};"
                       f"GRANT SELECT, UPDATE (password) ON {DATABASE}.user TO gatehouse@localhost")
    (tmp_path / "htpasswd").write_text(FILE)
    [load] = re.findall(r"LOAD DATA LOCAL INFILE [^\"]*", (ROOT / "README.md").read_text())
    load = load.replace("/etc/nginx/htpasswd", str(tmp_path / "htpasswd"))
    subprocess.run(["mariadb", "--no-defaults", "--local-infile", "-uroot", "-S", stack.env["MYSQL_SOCKET"], DATABASE],
                   input=load, text=True, check=True)
    yield {"mysql": {"database": DATABASE}, "session": {"database": stack.env["MYSQL_DATABASE"], "realm": "htpasswd"}}
    stack.database.run(f"DROP DATABASE {DATABASE}; REVOKE ALL ON {DATABASE}.user FROM gatehouse@localhost")


def hash_of(stack, name):
    return stack.database.run(f"SELECT password FROM {DATABASE}.user WHERE username = '{name}'").strip()


def who_comes_in(stack, settings):
    with Instance(stack, "htpasswd", settings) as service:
        service.wait_until_serving(allow(5))
        return [name for name in EVERYBODY if service.login(name, PASSWORD).status == 200]


def test_bcrypt_comes_in_and_what_is_weak_only_if_it_is_named(stack, settings):
    config = write_config(stack, "htpasswd-verbs", settings)
    census = run_verb(stack, "password", "census", config=config)
    assert re.search(r"(?m)^ *1 +apr1 .* weak, waiting for password\.allow_weak", census.stdout), census.stdout
    narrow = run_at_terminal(stack, "password", "census", config=config, columns=60).out
    assert "weak: refused" in narrow and "weak, waiting" not in narrow, narrow
    assert who_comes_in(stack, settings) == ["anna", "dora"]
    settings["password"] = {"allow_weak": ["apr1", "ldap-SHA"]}
    assert who_comes_in(stack, settings) == ["anna", "bert", "carl", "dora"]


def test_a_login_writes_bcrypt_in_the_place_of_what_was_weak(stack, settings):
    settings["user"] = {"update_query": "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash"}
    assert who_comes_in(stack, settings) == ["anna", "dora"]
    eventually(lambda: re.match(STRONG, hash_of(stack, "anna")), allow(5))
    settings["password"] = {"allow_weak": ["apr1", "ldap-SHA"], "write": "bcrypt"}
    assert who_comes_in(stack, settings) == ["anna", "bert", "carl", "dora"]
    eventually(lambda: all(re.match(STRONG, hash_of(stack, name)) for name in EVERYBODY[:4]), allow(5))
    assert hash_of(stack, "emil") == f"{{PLAIN}}{PASSWORD}"
    del settings["password"]
    assert who_comes_in(stack, settings) == ["anna", "bert", "carl", "dora"]
    done = run_verb(stack, "user", "password", "--password-stdin", "--admin-user", "root", "emil", given=PASSWORD_OF_HIS_OWN,
                    config=write_config(stack, "htpasswd-verbs", settings))
    assert done.returncode == 0, done.stderr
    with Instance(stack, "htpasswd", settings) as service:
        service.wait_until_serving(allow(5))
        assert service.login("emil", PASSWORD_OF_HIS_OWN).status == 200
