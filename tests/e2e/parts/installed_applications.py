"""Applications that Debian packages, for tests/e2e/test_preset_installed.py: how each is installed, whom its own code
lets in, and what its preset says of them."""
import base64
import json
from dataclasses import dataclass, field

from debian_tree import DebianTree

PASSWORD = "roy's 42 Apples"
PHP = ("php8.4",)
WIKI = (*PHP, "/usr/share/mediawiki/maintenance/run.php")
RAILS = ("ruby", "-W0", "-C", "/usr/share/redmine", "-e", "load 'bin/rails'", "--")
RT = ("perl", "-I/usr/share/request-tracker5/lib")
PYTHON = ("python3", "-W", "ignore")


@dataclass(frozen=True)
class Application:
    """`install` are the commands that do it, `ask` the one that is told names and passwords and answers who gets in. The
    first of `names` gets in and has `roles`; the others are the same user, nobody, or users who are refused."""

    suite: str
    install: tuple
    ask: tuple
    names: tuple
    presets: tuple = ()
    roles: tuple = ()
    prefix: str = ""
    weak: tuple = ()
    changed: int = 200  # the answer to a new password
    key: bytes = b""  # of its password_transform
    prints_key: bool = False  # in base64, as the last command does
    files: dict = field(default_factory=dict)
    env: dict = field(default_factory=dict)
    schema_file: str = ""  # the application's, where it has no other installer
    charset: str = "utf8mb4"


def script(name, *before):
    """The two commands of a script in parts/installed."""
    return {"install": ((*before, f"/mnt/{name}", "install"),), "ask": (*before, f"/mnt/{name}", "ask")}


def devise(modules, *more):
    return Application("bookworm", **script("devise.rb", "ruby", "-W0"), env={"DEVISE": modules},
                       names=("roy@example.com", " ROY@Example.com ", "roy", *more))


def postfixadmin(table, *roles):
    return Application("trixie", **{**script("postfixadmin.php", *PHP),
                                    "ask": (*PHP, "/mnt/postfixadmin.php", "ask", table)},
                       names=("roy@example.com", "ROY@example.com", "roy", "dora@example.com"), roles=roles,
                       presets=("postfixadmin", "postfixadmin-admins"), weak=("md5crypt",), changed=409)


APPLICATIONS = {
    "devise": devise(""),
    "devise-confirmable": devise("confirmable", "wendy@example.com"),
    "devise-lockable": devise("confirmable,lockable", "wendy@example.com", "lora@example.com"),
    "django": Application("trixie", **script("django_users.py", *PYTHON), roles=("night-shift", "staff"),
                          names=("roy", "ROY", " roy", "roy@example.com", "dora", "nopass")),
    "flask-security": Application(
        "trixie", **script("flask_security_users.py", *PYTHON), roles=("editor",),
        names=("roy@example.com", "ROY@example.com", "dora@example.com"),
        key=b"146585145368132386173505678016728509634",
        changed=409),  # bcrypt takes 72 of the 88 letters that the application hashes: only argon2 is written
    "icingaweb": Application(
        "trixie", **script("icingaweb.php", *PHP), names=("roy", "ROY", " roy", "dora"), roles=("night-shift",),
        prefix="icingaweb_", schema_file="usr/share/icingaweb2/schema/mysql.schema.sql"),
    "kanboard": Application("sid", **script("kanboard.php", *PHP), roles=("app-manager", "night-shift"),
                            names=("roy", "ROY", " roy", "roy@example.com", "dora", "fay", "lea")),
    "matomo": Application("trixie", **script("matomo.php", *PHP), prefix="matomo_", roles=("view", "view-1"),
                          names=("roy", "ROY", "roy@example.com", "ROY@example.com", "roy ")),
    "mediawiki": Application(
        "trixie", prefix="mw_", charset="binary", roles=("bureaucrat",),
        install=((*WIKI, "install", "--dbtype", "mysql", "--dbserver", "localhost:/run/mysqld/mysqld.sock",
                  "--dbname", "SCHEMA", "--dbuser", "root", "--dbpass", "", "--dbprefix", "mw_", "--confpath",
                  "/var/lib/mediawiki", "--server", "http://localhost", "--pass", PASSWORD, "Wiki", "Boss"),
                 (*WIKI, "createAndPromote", "--bureaucrat", "Roy s", PASSWORD)),
        ask=(*WIKI, "/mnt/mediawiki.php"), names=("Roy s", "roy_s", "roy  s", " roy s", "Roy S", "ROY s")),
    "postfixadmin": postfixadmin("mailbox", "example.com"),
    "postfixadmin-admins": postfixadmin("admin", "example.com", "superadmin"),
    "redmine": Application(
        "bookworm", install=((*RAILS, "db:migrate"), (*RAILS, "runner", "/mnt/redmine.rb", "install")),
        ask=(*RAILS, "runner", "/mnt/redmine.rb", "ask"), roles=("night-shift",), weak=("nested-digest",), changed=404,
        names=("roy", "ROY", " roy ", "roy@example.com", "dora", "wendy", "lea"),
        env={"RAILS_ENV": "production", "SECRET_KEY_BASE": "x", "SCHEMA_DUMP": "0"},
        files={"/var/lib/redmine/default/config/database.yml":
               "production:\n  adapter: mysql2\n  socket: /run/mysqld/mysqld.sock\n  username: root\n"
               "  database: SCHEMA\n", "/var/lib/redmine/default/log/mark": ""}),
    "request-tracker": Application(
        "trixie", install=((*RT, "/usr/sbin/rt-setup-database-5", "--action", "init", "--skip-create", "--dba", "root",
                            "--dba-password", ""), (*RT, "/mnt/request_tracker.pl", "install")),
        ask=(*RT, "/mnt/request_tracker.pl", "ask"), names=("roy", "ROY", " roy", "roy@example.com", "dora"),
        roles=("night-shift",),
        files={"/etc/request-tracker5/RT_SiteConfig.pm":
               "Set($DatabaseType, 'mysql'); Set($DatabaseHost, 'localhost'); Set($DatabaseUser, 'root');"
               "Set($DatabasePassword, ''); Set($DatabaseName, 'SCHEMA'); Set($rtname, 'example.com');"
               "Set($LogToSyslog, undef); 1;\n"}),
    "spip": Application("trixie", **script("spip.php", *PHP), prefix="spip_", roles=("admin",), prints_key=True,
                        names=("royce", "ROYCE", "royce@example.com", "ROYCE@example.com", "royce's name", "dora",
                               "verena")),
    "wordpress": Application("trixie", **script("wordpress.php", *PHP), prefix="blog_", roles=("editor",),
                             names=("roy", "ROY", " roy ", "roy@example.com", " roy@example.com", "nobody")),
}


class Installed:
    """An application that is installed in a database of its own, `app_NAME`."""

    def __init__(self, name, root, folder, database):
        self.name, self.application = name, APPLICATIONS[name]
        self.schema = "app_" + name.replace("-", "_")
        self._env = {"SCHEMA": self.schema, "PASSWORD": PASSWORD, **self.application.env}
        self._tree = DebianTree(f"{root}/{self.application.suite}/root", folder, database.socket)
        for path, text in self.application.files.items():
            self._tree.write(path, self._filled(text))
        self._make_schema(root, database)
        printed = [self._run(command) for command in self.application.install]
        self.key = base64.b64decode(printed[-1]) if self.application.prints_key else self.application.key

    @property
    def presets(self):
        return self.application.presets or (self.name,)

    def lets_in(self, pairs):
        """What the application's own code says to these names and passwords."""
        return json.loads(self._run(self.application.ask, json.dumps(pairs)).splitlines()[-1])

    def _make_schema(self, root, database):
        sql = f"CREATE DATABASE {self.schema} DEFAULT CHARSET {self.application.charset};"
        if self.application.schema_file:
            with open(f"{root}/{self.application.suite}/root/{self.application.schema_file}", encoding="utf-8") as file:
                sql += f"USE {self.schema};{file.read()}"
        database.run(sql)

    def _run(self, command, given=""):
        return self._tree.run(*map(self._filled, command), given=given, **self._env)

    def _filled(self, text):
        return text.replace("SCHEMA", self.schema)
