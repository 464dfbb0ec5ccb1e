"""One login over HTTP for each application of tests/data/applications.tsv, with its steps and its scheme."""
import re
from pathlib import Path

import pytest

from application_vectors import extras, lines, with_bytes
from instance import Instance
from waiting import allow

WEAK = ["nested-digest", "raw-md5", "openmage-sha", "ttrss-salted", "bugzilla", "xwiki"]


def split(steps):
    return [] if steps == "-" else re.split(r",\s*(?![^(]*\))", steps)


def one_row_each():
    """The first row of each application that depends on steps, a key or a column; else its first row."""
    shapes = {(app, form): (transform, scheme) for app, form, transform, scheme in lines("application_shapes.tsv")}
    chosen = {}
    for app, _, form, weak, name, other, typed, stored, *_ in lines("applications.tsv"):
        transform, scheme = shapes[app, form]
        special = (transform != "-") + (scheme != "-") + (other != "-")
        if app not in chosen or special > chosen[app][0]:
            chosen[app] = (special, transform, scheme, name, extras(other), with_bytes(typed), with_bytes(stored), weak)
    return chosen


ROWS = one_row_each()


def quoted(text):
    return "x'" + text.encode().hex() + "'"


def put_row(database, number, name, stored, other):
    database.run(
        "CREATE TABLE IF NOT EXISTS application_user (id int PRIMARY KEY, name varchar(60), hash varbinary(1000),"
        " salt varbinary(400), scheme varbinary(60)) CHARSET utf8mb4;"
        f" REPLACE INTO application_user VALUES ({number}, CONVERT({quoted(name)} USING utf8mb4), {quoted(stored)},"
        f" {quoted(other['salt'])}, {quoted(other['scheme'])});"
        f" DELETE FROM application_user WHERE id <> {number};"
        " GRANT SELECT ON application_user TO gatehouse@localhost")


@pytest.mark.parametrize("application", ROWS, ids=lambda name: re.sub(r"\W+", "-", name))
def test_a_user_of_the_application_logs_in(stack, application):
    _, transform, scheme, name, other, typed, stored, _ = ROWS[application]
    name = "Roy" if name == "-" else name
    number = 2_000_000 + list(ROWS).index(application)  # beside those of the stack's other tables
    put_row(stack.database, number, name, stored, other)
    user = {"query": "SELECT id, name, hash, salt AS salt, scheme AS scheme FROM application_user WHERE name = :name",
            "census_query": "SELECT hash FROM application_user",
            "password_transform": split(transform), "scheme": split(scheme)}
    if other["key"]:
        key_file = Path(stack.env["GATEHOUSE_CONF"]).with_name("application.key")
        key_file.write_text(other["key"] + "\n", encoding="utf-8")
        key_file.chmod(0o600)
        user["key_file"] = key_file.name
    with Instance(stack, "application", {"user": user, "password": {"allow_weak": WEAK}}) as service:
        service.wait_until_serving(allow(10))
        assert service.login(name, typed).status == 200
        assert service.login(name, "x" + typed[1:]).status == 400
