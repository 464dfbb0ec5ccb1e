"""Presets with the schemas that Debian's packages of the applications bring, and the users that these make.
tests/support/applications.sh fetches them."""
import gzip
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from preset import Preset
from preset_site import PresetSite
from waiting import allow

ROOT = Path(os.environ.get("GATEHOUSE_TEST_APPLICATIONS", "/nonexistent"))


@dataclass(frozen=True)
class Package:
    """What a package brings: files of SQL, of which only the INSERTs into `tables` are run if that is not empty; and a
    user that the application itself puts in."""

    prefix: str
    schema: str
    data: str = ""
    tables: str = ""
    user: str = ""
    password: str = ""
    weak: tuple = ()
    roles: tuple = ()
    refusals: tuple = ()  # what makes the application refuse the user: SQL, and SQL that takes it back


PACKAGES = {
    "cacti": Package("", "usr/share/cacti/conf_templates/cacti.sql", user="admin", password="admin", weak=("raw-md5",),
                     refusals=(("UPDATE user_auth SET enabled = ''", "UPDATE user_auth SET enabled = 'on'"),
                               ("UPDATE user_auth SET locked = 'on'", "UPDATE user_auth SET locked = ''"),
                               ("UPDATE user_auth SET realm = 2", "UPDATE user_auth SET realm = 0"))),
    "icingaweb": Package("icingaweb_", "usr/share/icingaweb2/schema/mysql.schema.sql"),
    "tt-rss": Package("ttrss_", "usr/share/tt-rss/schema/ttrss_schema_mysql.sql", user="admin", password="password",
                      weak=("ttrss-SHA1",), roles=("admin", "power-user"),
                      refusals=(("UPDATE ttrss_users SET access_level = -2", "UPDATE ttrss_users SET access_level = 10"),)),
    "zabbix": Package("", "usr/share/zabbix-server-mysql/schema.sql.gz", "usr/share/zabbix-server-mysql/data.sql.gz",
                      "users|role|usrgrp|users_groups", "Admin", "zabbix",
                      roles=("super-admin-role", "zabbix-administrators"),
                      refusals=(("UPDATE usrgrp SET users_status = 1", "UPDATE usrgrp SET users_status = 0"),
                                ("UPDATE usrgrp SET gui_access = 3", "UPDATE usrgrp SET gui_access = 0"))),
}


def text_of(file):
    """The file's text, or the test is skipped where this release has no such package."""
    path = ROOT / file
    if not path.exists():
        pytest.skip(f"there is no {path}")
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")


@pytest.fixture(params=PACKAGES)
def installed(request, stack):
    """The site, and the package."""
    package, preset = PACKAGES[request.param], Preset(request.param, PACKAGES[request.param].prefix)
    sql = text_of(package.schema)
    if package.data:
        inserts = re.compile(rf"^INSERT INTO `({package.tables})` .*$", re.MULTILINE)
        sql += "\n" + "\n".join(found[0] for found in inserts.finditer(text_of(package.data)))
    collation = "utf8mb4_bin" if request.param == "zabbix" else "utf8mb4_general_ci"
    stack.database.run(f"CREATE DATABASE {preset.schema} DEFAULT CHARSET utf8mb4 COLLATE {collation};"
                       f"USE {preset.schema}; SET FOREIGN_KEY_CHECKS = 0; {sql};"
                       f"GRANT SELECT, UPDATE ON {preset.schema}.* TO gatehouse@localhost")
    site = PresetSite(stack, preset, weak=package.weak)
    with site.service:
        site.service.wait_until_serving(allow(10))
        yield site, package
    stack.database.run(f"REVOKE ALL ON {preset.schema}.* FROM gatehouse@localhost; DROP DATABASE {preset.schema}")


def test_a_preset_fits_the_schema_of_the_package_and_lets_its_user_in(installed):
    site, package = installed
    site.check_identification()
    if not package.user:
        assert site.service.login("nobody", "knows").status == 400  # and not 503: the queries run
        return
    answer = site.service.login(package.user, package.password)
    assert answer.status == 200
    assert site.roles_of(answer.cookie) == list(package.roles)
    for refuse, take_back in package.refusals:
        site.database.run(f"USE {site.preset.schema}; {refuse}")
        assert site.service.login(package.user, package.password).status == 400, refuse
        site.database.run(f"USE {site.preset.schema}; {take_back}")
        assert site.service.login(package.user, package.password).status == 200, take_back
