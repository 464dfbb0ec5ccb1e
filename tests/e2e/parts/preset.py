"""The presets of sql/presets, and for each the tables and users of tests/data/presets."""
import re
import tomllib
from pathlib import Path

from application_vectors import vector

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "sql/presets"
PREFIX = "x7_"
MODEL = "member"


def names():
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


class Tables:
    """Tables with users of an application, from tests/data/presets/NAME.sql. Its first lines say whose hash they have
    (@hash, @salt, @scheme and @key in the rest), who logs in, whom nobody is, who is refused with the right password,
    and which roles the first one has."""

    def __init__(self, name):
        self._path = ROOT / f"tests/data/presets/{name}.sql"
        self._text = self._path.read_text(encoding="utf-8")
        self._said = dict(re.findall(r"^-- ([a-z ]+):(.*)$", self._text, re.MULTILINE))
        self.vector = vector(*self._said["vector"].strip().split("; ", 1))
        self.logging_in = self._names("logs in")
        self.nobody = self._names("finds nobody")
        self.refused = self._names("refused")
        self.roles = self._names("roles")
        self.changing = self._names("changes")
        self.rewritten = self._said.get("rewritten", "").strip()

    def _names(self, line):
        """Names with commas between, in quotes where there are blanks at their ends; a reason may follow in
        parentheses."""
        found = re.findall(r'"([^"]*)"|([^\s,"(][^,"(]*?)(?:\s*\([^)]*\))?(?=,|$)', self._said.get(line, "").strip())
        return [quoted or plain for quoted, plain in found]

    def make(self, database, schema):
        values = {"hash": self.vector.stored, "salt": self.vector.salt, "scheme": self.vector.scheme,
                  "key": self.vector.key}
        database.run(
            f"DROP DATABASE IF EXISTS {schema}; CREATE DATABASE {schema} DEFAULT CHARSET utf8mb4; USE {schema};"
            "SET NAMES utf8mb4; SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';"
            + "".join(f"SET @{name} = CONVERT({quoted(value)} USING utf8mb4);" for name, value in values.items())
            + self._text + f"; GRANT SELECT, UPDATE ON {schema}.* TO gatehouse@localhost")


class Preset:
    """A preset, for tables whose names begin with that prefix."""

    def __init__(self, name, prefix=PREFIX):
        self.name, self._prefix = name, prefix
        self.schema = "preset_" + re.sub(r"\W", "_", name)
        with open(FOLDER / f"{name}.toml", "rb") as file:
            self.data = tomllib.load(file)

    @property
    def application(self):
        return self.data["application"]

    @property
    def tables(self):
        """[(name, columns that it must have, columns that it must not have)]"""
        for table in self.data["table"]:
            name = table["name"] if isinstance(table["name"], str) else table["name"][0]
            columns = [self._filled(column, {}) for column in table["columns"] + table.get("optional_columns", [])]
            yield self._filled(name, {}), columns, table.get("absent", [])

    @property
    def allow_weak(self):
        """The schemes that its note says an administrator has to allow before anybody gets in."""
        found = re.search(r"password\.allow_weak = (\[[^]]*\]) lets (?:its|these)", self.application.get("note", ""))
        return tomllib.loads("names = " + found[1])["names"] if found else []

    def settings(self, database):
        """The section [user] for the tables that Tables.make() made."""
        bare = {name: self._first_of(database, columns)
                for name, columns in self.data.get("choices", {}).items()}
        for name, values in self.data.get("values", {}).items():
            bare[name] = self._query_of(database, values)
        return {key: self._filled(value, bare) if key.endswith("query") else value
                for key, value in self.data["user"].items()}

    def _filled(self, text, bare):
        text = text.replace("{prefix}", self._prefix).replace("{model}", MODEL)
        if "{table}" in text:
            text = text.replace("{table}", next(iter(self.tables))[0])
        for name, value in bare.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _first_of(self, database, columns):
        there = columns_of(database, self.schema, next(iter(self.tables))[0])
        return next("NULL" if column == "NULL" else f"`{column}`" for column in columns if column in [*there, "NULL"])

    def _query_of(self, database, values):
        found = set(values.get("always", []))
        if "sql" in values:
            found.update(database.run(f"USE {self.schema}; {self._filled(values['sql'], {})}").split())
        return " UNION ALL ".join(f"SELECT '{value}' AS value" for value in sorted(found))


def quoted(text):
    return "x'" + text.encode().hex() + "'"


def columns_of(database, schema, table):
    return database.run("SELECT column_name FROM information_schema.columns "
                        f"WHERE table_schema = '{schema}' AND table_name = '{table}'").split()


def put(query, **values):
    """The query with these texts in place of :name and the like."""
    return re.sub(r":(name|id|after)\b", lambda found: f"_utf8mb4 {quoted(values[found[1]])}", query)
