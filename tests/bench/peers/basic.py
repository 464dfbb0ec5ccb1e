"""nginx's own auth_basic: no login and no session, the password with each request, checked by each."""

import base64
import subprocess

from arena import accepts

from . import database
from .peer import BCRYPT, Peer, Request, first_line


def crypt_apr1(password):
    done = subprocess.run(["openssl", "passwd", "-apr1", password], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Basic(Peer):
    name = "auth-basic"
    advice = "nginx's manual: auth_basic_user_file, with the same bcrypt hashes (by the system's crypt())"
    file = Request("/files/file.html")
    gives_cookie = False

    def stored(self):
        return database.BCRYPT_HASH

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        line = self.stored()
        (self.folder / "users").write_text("".join(
            f"{database.user(BCRYPT, number)}:{line}\n" for number in range(1, database.USERS + 1)))

    def server(self):
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                location ^~ /files/ {{
                    auth_basic files;
                    auth_basic_user_file {self.folder}/users;
                }}
            }}
        """

    def ready(self):
        return accepts(self.port)

    def version(self):
        return first_line(["nginx", "-v"])

    def settings(self):
        return {"hash": self.stored()[:7], "users": database.USERS}

    def login_request(self, user, password):
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return Request(self.file.path, headers={"Authorization": f"Basic {pair}"})

    def log_in(self, user, password):
        request = self.login_request(user, password)
        return request.headers if self.send(request).status == self.accepted else None


class BasicApr1(Basic):
    name = "auth-basic-apr1"
    advice = "the same with the hash of its manual's example, apr1: a thousand rounds of MD5, which no one should use"

    def stored(self):
        return crypt_apr1(database.PASSWORD)
