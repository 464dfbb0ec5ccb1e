"""Each preset of sql/presets, with tables of that application: who logs in, who is refused, roles, new hashes."""
import re

import pytest

from preset import FOLDER, Preset, Tables, names
from preset_readers import reads
from preset_site import PresetSite
from waiting import allow, eventually

FRESH = "another horse entirely"


@pytest.fixture(params=names())
def site(request, stack):
    preset, tables = Preset(request.param), Tables(request.param)
    tables.make(stack.database, preset.schema)
    site = PresetSite(stack, preset, tables.vector.key, preset.allow_weak)
    site.tables = tables
    with site.service:
        site.service.wait_until_serving(allow(10))
        yield site
    stack.database.run(f"REVOKE ALL ON {preset.schema}.* FROM gatehouse@localhost; DROP DATABASE {preset.schema}")


def test_a_preset_knows_its_application_and_its_users(site):
    site.check_identification()
    cookies = check_logins(site)
    check_refusals(site)
    assert site.roles_of(cookies[0]) == sorted(site.tables.roles)
    check_attributes(site, cookies[0])
    check_census(site)
    check_new_password(site, cookies)


def test_the_list_in_the_documentation_is_that_of_the_files():
    rows = []
    for name in names():
        said = Preset(name).application
        rows.append(f"| `{name}` | {said['name']} | {said['versions']} | {said['tested']} | {said['writes']} |")
    listed = [line for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]
    assert listed == rows


def check_logins(site):
    """Gives the cookies."""
    names = site.tables.logging_in
    answers = site.logins(names, site.tables.vector.typed)
    assert dict(zip(names, (answer.status for answer in answers))) == dict.fromkeys(names, 200)
    return [answer.cookie for answer in answers]


def check_refusals(site):
    """Whoever is refused has the right password: either the lookup leaves the row out, or disabled_query gives one."""
    names = site.tables.nobody + site.tables.refused
    answers = site.logins(names, site.tables.vector.typed)
    assert dict(zip(names, (answer.status for answer in answers))) == dict.fromkeys(names, 400)
    for name in site.tables.nobody:
        assert not site.select(site.user["query"], name=name), name
    for name in site.tables.refused:
        for row in site.select(site.user["query"], name=name):
            assert site.select(site.user["disabled_query"], id=row[0]), name


def check_attributes(site, cookie):
    """Those of the row, of which none is empty here."""
    row = site.select(site.user["query"], name=site.tables.logging_in[0])[0]
    wanted = {label: value for label, value in zip(site.labels, row[3:]) if label in ("email", "name")}
    answer = site.auth(cookie)
    assert {label: answer.header(f"Remote-{label.title()}") for label in wanted} == wanted
    assert "" not in wanted.values() and "NULL" not in wanted.values(), wanted


def test_most_presets_tell_a_mail_address_or_a_name():
    """Those of the others stand in tables that the preset does not read, or nowhere."""
    without = {name for name in names() if not re.search(r" AS (?:email|name)\b", Preset(name).data["user"]["query"])}
    assert without == {"cakephp2", "icingaweb", "processwire"}


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
    assert [answer.status for answer in site.logins([first], FRESH) + site.logins([first], typed)] == [200, 400]
    assert reads(site.preset.name, new, FRESH, site.tables.vector.key) is not False
