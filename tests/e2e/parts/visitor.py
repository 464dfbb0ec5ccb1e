"""What a visitor does: over HTTP through nginx, or straight on the FastCGI socket."""
import json
from dataclasses import dataclass

import requests

import used_secrets
from fastcgi import web
from waiting import allow

ROY = {"username": "roy", "password": "roy"}

LOGGED_IN = {"message": "You are logged in successfully"}
ALREADY_IN = {"message": "You are already logged in", "username": "roy"}
LOGGED_OUT = {"message": "You successfully logged out"}
UNAUTHORIZED = {"message": "Unauthorized"}
INVALID_PASSWORD = {"message": "Bad Request - invalid password"}
INVALID_CREDENTIALS = {"message": "Bad Request - invalid credentials"}
INVALID_JSON = {"message": "Bad Request - invalid JSON"}
FORBIDDEN = {"message": "Forbidden"}

HOME = web("GET", "/")


def home_request(*cookies, **how):
    """Parameters of GET / with these `name=value` cookies."""
    headers = {"Cookie": "; ".join(cookies)} if cookies else {}
    return web("GET", "/", headers=headers, **how)


def auth_request(cookie):
    """Parameters of nginx's question whether the visitor with this cookie is logged in."""
    return web("GET", "/auth", headers={"Cookie": cookie}, GATEHOUSE_INTERNAL="1", GATEHOUSE_REQUIRE="*")


def login_request(username="roy", password="roy", **how):
    """Parameters and body of POST /login."""
    body = json.dumps({"username": username, "password": password}).encode()
    return web("POST", "/login", body, **how), body


@dataclass(frozen=True)
class Site:
    """One place at which the API is mounted."""

    base: str  # http://HOST:PORT, or https://…
    mount: str = ""
    certificate: str = ""  # the file that a TLS one is verified with

    @property
    def url(self):
        return self.base + self.mount

    @property
    def tls(self):
        return self.base.startswith("https:")

    @property
    def cookie_name(self):
        return "__Host-gatehouse" if self.tls else "gatehouse"

    def send(self, method, path, **how):
        """One request on its own: no cookie jar, no redirects followed."""
        how.setdefault("timeout", allow(30))
        with self.session() as session:
            return session.request(method, self.url + path, allow_redirects=False, **how)

    def session(self):
        session = requests.Session()
        session.verify = self.certificate or True
        session.trust_env = False
        session.hooks["response"].append(used_secrets.note_http)
        return session

    def home(self, *tokens, name=None, **how):
        """GET / with these tokens as cookies of `name`."""
        cookies = "; ".join(f"{name or self.cookie_name}={token}" for token in tokens)
        return self.send("GET", "/", headers={"Cookie": cookies} if tokens else {}, **how)

    def login(self, username="roy", password="roy", **how):
        return self.send("POST", "/login", json={"username": username, "password": password}, **how)

    def token(self, username="roy", password=None):
        """The token of a new session of roy's, or of another whose password is their name."""
        answer = self.login(username, password or username)
        assert answer.status_code == 200, answer.text
        return answer.cookies[self.cookie_name]


def form(site, query, username="roy", password="roy"):
    """The answer to a login by the form of the login page."""
    return site.send("POST", "/gatehouse/login" + query, data={"username": username, "password": password})
