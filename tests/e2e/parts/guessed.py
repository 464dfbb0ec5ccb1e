"""The database server that passwords are guessed over: the stack's MariaDB, or, where GATEHOUSE_TEST_MYSQLD names a
mysqld (tests/support/mysql97.sh run), a MySQL of its own."""
import os
import subprocess
from contextlib import contextmanager

from instance import write_config
from stack import STACK_SH
from verbs import run_verb

MYSQLD = os.environ.get("GATEHOUSE_TEST_MYSQLD")
# One that takes many spellings for the same, one that keeps accents apart and yet ignores invisible characters, and one
# that compares bytes.
COLLATIONS = (("utf8mb4_0900_ai_ci", "utf8mb4_0900_as_ci", "utf8mb4_bin") if MYSQLD else
              ("utf8mb4_general_ci", "utf8mb4_uca1400_as_ci", "utf8mb4_bin"))
if os.environ.get("GATEHOUSE_LONG") != "1":
    COLLATIONS = COLLATIONS[:1]
SCRIPT = STACK_SH.parent / "support/mysql97.sh"


class Guessed:
    """Runs SQL as the server's administrator; `settings` are those of a service over it."""

    def __init__(self, socket, name, settings):
        self._command = ["mariadb", "--no-defaults", "-uroot", "-N", "-S", str(socket)]
        self._name = name
        self.settings = settings

    def run(self, sql, database=True):
        return subprocess.run([*self._command, *([self._name] if database else [])], input=sql, text=True,
                              capture_output=True, check=True).stdout

    def make_table(self, collation, rows):
        """The table `guessed`, with these names and this hash of each; and nobody has guessed or logged in yet."""
        values = ", ".join(f"({number}, '{name}', '{stored}')" for number, name, stored in rows)
        self.run("DROP TABLE IF EXISTS guessed;"
                 f" CREATE TABLE guessed (id int PRIMARY KEY, username varchar(45) COLLATE {collation},"
                 f" password varchar(255)) CHARACTER SET utf8mb4; INSERT INTO guessed VALUES {values};"
                 " DELETE FROM login_failure; DELETE FROM login_place; DELETE FROM login_event; DELETE FROM session")
        if not self.settings:
            self.run("GRANT SELECT, UPDATE (password) ON guessed TO gatehouse@localhost")


@contextmanager
def guessed(stack, folder):
    if not MYSQLD:
        yield Guessed(stack.database.socket, stack.database.name, {})
        return
    subprocess.run(["sh", SCRIPT, "up", folder], check=True)
    try:
        settings = {"mysql": {"socket": str(folder / "1.sock"), "user": "root", "database": "gatehouse",
                              "password_file": ""}}
        server = Guessed(folder / "1.sock", "gatehouse", settings)
        server.run("CREATE DATABASE gatehouse", database=False)
        done = run_verb(stack, "migrate", config=write_config(stack, "guessed-migrate", settings))
        assert done.returncode == 0, done.stderr
        yield server
    finally:
        subprocess.run(["sh", SCRIPT, "down", folder], check=True)
