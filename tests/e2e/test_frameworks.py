"""Hashes of real frameworks: Gatehouse reads what they wrote, and they read what it writes."""
import json
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from instance import Instance
from visitor import home_request
from waiting import allow, eventually

UPDATE = "UPDATE user SET password = :hash WHERE id = :id AND password = :old_hash"
WEAK = ["werkzeug-legacy-md5", "werkzeug-legacy-sha1", "werkzeug-legacy-sha256", "werkzeug-legacy-sha512",
        "django-md5", "django-sha1", "raw-md5"]
PASSWORD = "geheimer Schlüssel"


class Framework:
    """A framework's own functions, each call in a process of its own."""

    def __init__(self, interpreter, script):
        self._argv = [interpreter, str(Path(__file__).with_name("parts") / "frameworks" / script)]

    def hash(self, password, **how):
        return self._ask(password=password, **how)

    def accepts(self, stored, password):
        return self._ask(hash=stored, password=password)

    def _ask(self, **asked):
        done = subprocess.run(
            self._argv, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout)


FLASK = Framework("/usr/bin/python3", "werkzeug_password.py")
DJANGO = Framework("/usr/bin/python3", "django_password.py")
PHP = Framework("/usr/bin/php", "password.php")

QUICK_ARGON2 = {"memory_cost": 1024, "time_cost": 1}

# Who wrote a hash, how, and how the one begins that takes its place.
REWRITTEN = {
    "flask": (FLASK, {}, "pbkdf2:sha256:600000$"),
    "flask-sha256": (FLASK, {"method": "pbkdf2:sha256:1000"}, "pbkdf2:sha256:600000$"),
    "flask-sha1": (FLASK, {"method": "pbkdf2:sha1:1000"}, "pbkdf2:sha256:600000$"),
    "flask-sha512": (FLASK, {"method": "pbkdf2:sha512:1000"}, "pbkdf2:sha512:210000$"),
    "flask-salted-md5": (FLASK, {"method": "md5"}, "pbkdf2:sha256:600000$"),
    "flask-salted-sha1": (FLASK, {"method": "sha1"}, "pbkdf2:sha256:600000$"),
    "flask-salted-sha256": (FLASK, {"method": "sha256"}, "pbkdf2:sha256:600000$"),
    "flask-salted-sha512": (FLASK, {"method": "sha512"}, "pbkdf2:sha256:600000$"),
    "django": (DJANGO, {}, "pbkdf2_sha256$600000$"),
    "django-sha256": (DJANGO, {"settings": {"iterations": 1000}}, "pbkdf2_sha256$600000$"),
    "django-sha1": (DJANGO, {"hasher": "pbkdf2_sha1", "settings": {"iterations": 1000}},
                    "pbkdf2_sha1$1300000$"),
    "django-argon2": (DJANGO, {"hasher": "argon2", "settings": QUICK_ARGON2},
                      "argon2$argon2id$v=19$m=19456,t=2,p=1$"),
    "django-bcrypt-sha256": (DJANGO, {"hasher": "bcrypt_sha256", "settings": {"rounds": 4}},
                             "bcrypt_sha256$$2b$12$"),
    "django-bcrypt": (DJANGO, {"hasher": "bcrypt", "settings": {"rounds": 4}}, "bcrypt$$2b$12$"),
    "django-salted-md5": (DJANGO, {"hasher": "md5"}, "pbkdf2_sha256$600000$"),
    "django-salted-sha1": (DJANGO, {"hasher": "sha1"}, "pbkdf2_sha256$600000$"),
    "php": (PHP, {"algo": "2y"}, "$2y$12$"),
    "php-bcrypt": (PHP, {"algo": "2y", "options": {"cost": 4}}, "$2y$12$"),
    "php-argon2id": (PHP, {"algo": "argon2id", "options": QUICK_ARGON2}, "$argon2id$v=19$m=19456,t=2,p=1$"),
    "php-argon2i": (PHP, {"algo": "argon2i", "options": QUICK_ARGON2}, "$argon2i$v=19$m=19456,t=2,p=1$"),
}

# As strong as the policy asks for; or nothing in them tells whose they are.
LEFT = {
    "flask-strong": (FLASK, {"method": "pbkdf2:sha256:600000"}),
    "django-strong": (DJANGO, {"settings": {"iterations": 600_000}}),
    "django-default-argon2": (DJANGO, {"hasher": "argon2"}),
    "django-default-bcrypt": (DJANGO, {"hasher": "bcrypt_sha256"}),
    "django-unsalted-md5": (DJANGO, {"hasher": "unsalted_md5"}),
    "django-unsalted-sha1": (DJANGO, {"hasher": "unsalted_sha1"}),
    "php-strong": (PHP, {"algo": "2y", "options": {"cost": 12}}),
    "php-default-argon2id": (PHP, {"algo": "argon2id"}),
}

# The scheme that all is to be written in, who wrote the hash, and who reads what takes its place.
CROSSING = {
    "argon2id": (FLASK, {"method": "pbkdf2:sha256:1000"}, PHP),
    "bcrypt": (DJANGO, {"settings": {"iterations": 1000}}, PHP),
    "django-pbkdf2-sha256": (PHP, {"algo": "2y", "options": {"cost": 4}}, DJANGO),
    "werkzeug-pbkdf2": (PHP, {"algo": "argon2id", "options": QUICK_ARGON2}, FLASK),
}

CHEAP = {
    "flask": (FLASK, {"method": "pbkdf2:sha256:1000"}),
    "django": (DJANGO, {"hasher": "argon2", "settings": QUICK_ARGON2}),
    "php": (PHP, {"algo": "argon2id", "options": QUICK_ARGON2}),
}
PEOPLE = [
    ("Zoë Müller", "pässwörd mit Straße"),
    ("Дмитрий", "пароль с пробелами"),
    ("花子", "秘密の言葉"),
    ("ליאת", "סיסמה 'שלי'"),
    ("d'Artagnan", "it's \"quoted\" `twice`"),
    ("emoji \U0001f600", "\U0001f511 \\ \U0001f512"),
    ("blanks", "  two before, one after "),
    ("100%_", "$2y$04$ :hash :id ? -- ; /* */"),
]


@pytest.fixture(scope="module")
def writable(stack):
    """The stack, whose account may rewrite hashes. The rows go at the end: a gatehouse of another
    test would find dear hashes in its census, and fail logins at their price."""
    account = "'gatehouse'@'localhost'"
    newest = stack.database.run("SELECT MAX(id) FROM user").strip()
    stack.database.run(f"GRANT UPDATE (password) ON user TO {account}")
    yield stack
    stack.database.run(f"REVOKE UPDATE (password) ON user FROM {account};"
                       f"DELETE FROM user WHERE id > {newest}")


@contextmanager
def rewriting_service(stack, **password):
    """A gatehouse that writes, with these settings of [password]."""
    changes = {"user": {"update_query": UPDATE}, "password": {"allow_weak": WEAK, **password}}
    with Instance(stack, "rewriting", changes) as service:
        service.wait_until_serving(allow(5))
        yield service


@pytest.fixture(scope="module")
def rewriting(writable):
    with rewriting_service(writable) as service:
        yield service


def row(stack, name):
    """The hash that stands there now."""
    key = name.encode().hex()
    return stack.database.run(
        f"SELECT password FROM user WHERE username = CONVERT(X'{key}' USING utf8mb4)").rstrip("\n")


def rewritten(stack, name, old):
    """The hash that takes the place of `old`."""
    def other():
        stored = row(stack, name)
        return stored if stored != old else None
    return eventually(other, allow(20), every=0.1, what=f"the row of {name} is rewritten")


@pytest.mark.parametrize("case", REWRITTEN)
def test_a_weaker_hash_is_rewritten_so_that_its_own_framework_reads_it(writable, rewriting, case):
    framework, how, beginning = REWRITTEN[case]
    old = framework.hash(PASSWORD, **how)
    writable.add_row(case, old)
    assert rewriting.login(case, PASSWORD + "x").status == 400
    login = rewriting.login(case, PASSWORD)
    assert login.status == 200

    new = rewritten(writable, case, old)
    assert new.startswith(beginning)
    assert framework.accepts(new, PASSWORD)
    assert not framework.accepts(new, PASSWORD + "x")
    assert rewriting.login(case, PASSWORD).status == 200
    assert rewriting.login(case, PASSWORD + "x").status == 400
    assert rewriting.ask(home_request(login.cookie)).status == 200


@pytest.mark.parametrize("framework", CHEAP)
@pytest.mark.parametrize("name, password", PEOPLE, ids=[name for name, _ in PEOPLE])
def test_names_and_passwords_of_any_script_come_through(writable, rewriting, framework, name, password):
    framework, how = CHEAP[framework]
    old = framework.hash(password, **how)
    writable.add_row(name, old)
    assert rewriting.login(name, password).status == 200
    new = rewritten(writable, name, old)
    assert framework.accepts(new, password)
    assert not framework.accepts(new, password.strip() + "x")
    login = rewriting.login(name, password)
    assert rewriting.ask(home_request(login.cookie)).json()["username"] == name


def after_logins(stack, rows, **password):
    """What stands in these rows (names and hashes) when each has logged in and what there was to
    write has been written: a row that is weaker comes last, and the service has ended."""
    weaker = FLASK.hash(PASSWORD, method="pbkdf2:sha256:1000")
    for name, stored in {**rows, "weaker": weaker}.items():
        stack.add_row(name, stored)
    with rewriting_service(stack, **password) as service:
        for name in (*rows, "weaker"):
            assert service.login(name, PASSWORD).status == 200, name
        rewritten(stack, "weaker", weaker)
    return {name: row(stack, name) for name in rows}


def test_a_hash_that_is_strong_enough_or_of_nobody_in_particular_is_left(writable):
    rows = {name: framework.hash(PASSWORD, **how) for name, (framework, how) in LEFT.items()}
    assert after_logins(writable, rows) == rows


@pytest.mark.parametrize("reader, scheme", [(DJANGO, "django-sha1"), (FLASK, "werkzeug-legacy-sha1")],
                         ids=["django", "flask"])
def test_a_hash_that_two_frameworks_write_alike_stays_one_that_the_allowed_one_reads(
        writable, reader, scheme):
    rows = {"unsalted": DJANGO.hash(PASSWORD, hasher="unsalted_sha1")}
    assert reader.accepts(rows["unsalted"], PASSWORD)
    stored = after_logins(writable, rows, allow_weak=[scheme])["unsalted"]
    assert reader.accepts(stored, PASSWORD)
    assert not reader.accepts(stored, PASSWORD + "x")


def test_without_an_update_query_nothing_is_written(writable):
    old = FLASK.hash(PASSWORD, method="pbkdf2:sha256:1000")
    writable.add_row("read only", old)
    with Instance(writable, "reading") as service:
        service.wait_until_serving(allow(5))
        assert service.login("read only", PASSWORD).status == 200
        assert service.login("read only", PASSWORD).status == 200
    assert row(writable, "read only") == old


@pytest.mark.parametrize("scheme", CROSSING)
def test_another_scheme_may_be_asked_for_and_its_framework_reads_it(writable, scheme):
    writer, how, reader = CROSSING[scheme]
    old = writer.hash(PASSWORD, **how)
    writable.add_row("crossing", old)
    with rewriting_service(writable, write=scheme) as service:
        assert service.login("crossing", PASSWORD).status == 200
        new = rewritten(writable, "crossing", old)
        assert reader.accepts(new, PASSWORD)
        assert not reader.accepts(new, PASSWORD + "x")
        assert service.login("crossing", PASSWORD).status == 200
