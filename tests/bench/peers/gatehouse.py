"""Gatehouse itself, as it is installed: a process of its own beside the stack's."""

import json
import os
import sys

from arena import ADDRESS_HEADER, BUILD, HONEST, ROOT

from . import front, tokens
from .database import PASSWORD, user
from .peer import BCRYPT, PBKDF2, Peer, Request, first_line

sys.path.insert(0, str(ROOT / "tests/e2e/parts"))
import fastcgi  # noqa: E402  (helpers of the end-to-end tests)
from instance import write_config  # noqa: E402

FROM = {ADDRESS_HEADER: HONEST}


class Gatehouse(Peer):
    name = "gatehouse"
    advice = "systemd/gatehouse.toml as it is installed, and the project's own nginx files; connections of nginx are kept"
    page = Request("/", headers=FROM)
    file = Request("/files/file.html", headers=FROM)

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = write_config(self.arena, "peer", {"server": {"listen": f"unix:{self.socket}"}})

    def server(self):
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                include gatehouse/mount.conf;
                include gatehouse/snippets/auth-cached.conf;
                location / {{ include gatehouse/api.conf; }}
                location ^~ /files/ {{ auth_request gatehouse:*; }}
                location ^~ /cached/ {{ auth_request gatehouse-cached:*; }}
                location ^~ /open/ {{ }}
            }}
        """

    def command(self):
        return [BUILD / "fcgi/gatehouse", "serve", "--config", self.config]

    def version(self):
        return first_line([BUILD / "fcgi/gatehouse", "--version"])

    def settings(self):
        return {"threads": "its defaults: half of the cores answer, all of them hash"}

    def login_request(self, user, password):
        body = json.dumps({"username": user, "password": password})
        return Request("/login", "POST", {"Content-Type": "application/json", **FROM}, body)

    def session_of(self, answer):
        token = answer.cookie("gatehouse") if answer.status == self.accepted else None
        return {"Cookie": f"gatehouse={token}"} if token else None

    def many_sessions(self, count):
        return tokens.many(self, count)


class Cached(Gatehouse):
    """The same through the cache of a second that nginx may have."""

    name = "gatehouse-cached"
    advice = "the same, with snippets/auth-cached.conf"
    page = None
    file = Request("/cached/file.html", headers=FROM)
    login_request = Peer.login_request

    def prepare(self):
        pass

    def command(self):
        return []


class Unkept(Cached):
    """The same, with a new connection for each request: as nginx asks the peers whose workers serve one connection."""

    name = "gatehouse-unkept"
    advice = "the same, but nginx closes its connection after each answer, as it does with PHP-FPM, uWSGI and gunicorn"
    page = Request("/", headers=FROM)
    file = Request("/files/file.html", headers=FROM)

    def server(self):
        front.backend(self.arena, "unkept", self.arena.folder / "peers/gatehouse/socket", kept=False)
        return f"""
            include gatehouse/upstream-unkept.conf;
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                location / {{ include gatehouse/api-unkept.conf; }}
                location ^~ /files/ {{ auth_request /unkept-auth/*; }}
                location ^~ /unkept-auth/ {{
                    fastcgi_split_path_info ^(/unkept-auth)/(.*)$;
                    include gatehouse/snippets/auth-params-unkept.conf;
                }}
                location @gatehouse_error {{ include gatehouse/error.conf; }}
            }}
        """


class Pbkdf2(Cached):
    """The same program, whose users have Werkzeug's hashes: for the login, beside Flask."""

    name = "gatehouse-pbkdf2"
    advice = "the same, with users whose hashes are Werkzeug's"
    hash = PBKDF2
    page = Request("/", headers=FROM)
    file = Request("/files/file.html", headers=FROM)
    login_request = Gatehouse.login_request


class Before(Gatehouse):
    """Another build of it, GATEHOUSE_BENCH_BEFORE: what the present one is compared with."""

    name = "gatehouse-before"
    advice = "the same, of the build GATEHOUSE_BENCH_BEFORE"
    PROGRAM = os.environ.get("GATEHOUSE_BENCH_BEFORE", "")
    page = Request("/", headers=FROM)
    file = None

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = write_config(self.arena, self.name, {"server": {"listen": f"unix:{self.socket}"}})

    def server(self):
        front.backend(self.arena, self.name, self.socket)
        return f"""
            include gatehouse/upstream-{self.name}.conf;
            server {{
                listen 127.0.0.1:{self.port};
                location / {{ include gatehouse/api-{self.name}.conf; }}
                location @gatehouse_error {{ include gatehouse/error.conf; }}
            }}
        """

    def command(self):
        return [self.PROGRAM, "serve", "--config", self.config]

    def version(self):
        return first_line([self.PROGRAM, "--version"])


def answer_to(gatehouse, path, **parameters):
    """The bytes that Gatehouse gives somebody who is logged in, as they stand in its STDOUT records; and the token."""
    session = gatehouse.log_in(user(BCRYPT), PASSWORD)
    if session is None:
        raise SystemExit("gatehouse lets nobody in")
    answer = fastcgi.ask(str(gatehouse.socket), fastcgi.web("GET", path, headers=session, **parameters))
    if answer.status not in (200, 204):
        raise SystemExit(f"{path} answers {answer.status}")
    return answer.raw, session["Cookie"].partition("=")[2]
