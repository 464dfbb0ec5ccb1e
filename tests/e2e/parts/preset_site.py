"""A Gatehouse with the settings of a preset, and what a visitor finds there."""
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastcgi import web
from instance import Instance
from preset import columns_of, put
from visitor import login_request
from waiting import allow

KEY_FILE = "application.key"


class PresetSite:
    """The service, whose tables are in the preset's schema already. `key` is the application's own; `weak` are schemes
    that are allowed."""

    def __init__(self, stack, preset, key="", weak=()):
        self.preset, self.database = preset, stack.database
        self.user = preset.settings(stack.database)
        if "key_file" in self.user:
            key_file = Path(stack.env["GATEHOUSE_CONF"]).with_name(KEY_FILE)
            key_file.write_text(key + "\n", encoding="utf-8")
            key_file.chmod(0o600)
        self.service = Instance(stack, "preset", {
            "mysql": {"database": preset.schema}, "user": self.user, "session": {"store": "memory"},
            "password": {"allow_weak": list(weak)}, "guard": {"address_free_guesses": 1000},
            "server": {"login_threads": 2, "login_nice": 0}})

    def select(self, query, **values):
        """The rows of a query of the preset, each a list of texts."""
        found = self.database.run(f"USE {self.preset.schema}; {put(query, **values)}")
        return [line.split("\t") for line in found.splitlines()]

    def logins(self, names, password):
        """The answers to logins that come at once; the last waits until those before it are hashed."""
        def login(name):
            return self.service.ask(*login_request(name, password), timeout=allow(30))

        with ThreadPoolExecutor(len(names) or 1) as pool:
            return list(pool.map(login, names))

    def auth(self, cookie):
        """What nginx is told of the visitor."""
        asked = web("GET", "/auth", headers={"Cookie": cookie}, GATEHOUSE_INTERNAL="1", GATEHOUSE_REQUIRE="*")
        answer = self.service.ask(asked)
        assert answer.status < 300, answer
        return answer

    def roles_of(self, cookie):
        answer = self.auth(cookie)
        return [role for role in (answer.header("Remote-Groups") or "").split(",") if role]

    def change_password(self, cookie, current, new):
        body = json.dumps({"current": current, "new": new}).encode()
        return self.service.ask(web("POST", "/password", body, headers={"Cookie": cookie}), body, timeout=allow(30))

    @property
    def labels(self):
        """Those of the columns behind the hash."""
        return re.findall(r"\bAS (salt|scheme|email|name)\b", self.user["query"])

    def stored(self, name):
        """The hash of the row that a name finds."""
        return self.select(self.user["query"], name=name)[0][2]

    def check_identification(self):
        """The tables are those by which the preset knows its application."""
        for name, columns, absent in self.preset.tables:
            there = columns_of(self.database, self.preset.schema, name)
            assert set(columns) <= set(there), name
            assert not set(absent) & set(there), name
