"""A login service as small as one can be, which keeps the wire contract of Gatehouse; and with one hole at a time, of
those that were published in such services. Tests that say they would find a hole are tried on it."""
import json
import secrets
import sqlite3
import threading
import urllib.parse
from contextlib import contextmanager

from stand_ins import FastCgiHandler, UnixServer

REASONS = {200: "OK", 204: "No Content", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error"}
FORM = "application/x-www-form-urlencoded"


class Answer(Exception):
    """Raised where the answer is known. `status` None: without a status."""

    def __init__(self, status, message=None, headers=(), **more):
        super().__init__(status)
        self.status, self.headers = status, list(headers)
        self.body = {} if message is None else {"message": message, **more}

    def text(self, no_store=True):
        head = [] if self.status is None else [f"Status: {self.status} {REASONS[self.status]}"]
        head += ["Cache-Control: no-store"] if no_store else []
        head += [f"{name}: {value}" for name, value in self.headers]
        if self.status in (None, 204):
            return "\r\n".join(head) + "\r\n\r\n"
        return "\r\n".join([*head, "Content-Type: application/json"]) + "\r\n\r\n" + json.dumps(self.body)


def cookies(params, holes):
    """The values of the session's cookie, in their order, and that of the device's."""
    name = "__Host-gatehouse" if params.get("HTTPS") == "on" else "gatehouse"
    sessions, device = [], None
    for pair in params.get("HTTP_COOKIE", "").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name or ("cookie_prefix" in holes and key.lower().endswith("gatehouse")):
            sessions.append(value)
        elif key == name + "-device":
            device = value
    return sessions[:1] if "junk_cookie" in holes else sessions, device


class Backend:
    """`holes` are the names of those that are open."""

    def __init__(self):
        self.holes = set()
        self.sessions, self.devices = {}, set()
        self.lock = threading.Lock()
        self.rows = sqlite3.connect(":memory:", check_same_thread=False)
        self.rows.execute("CREATE TABLE user (name TEXT, password TEXT)")
        self.rows.execute("INSERT INTO user VALUES ('roy', 'roy')")

    def user(self, params):
        tokens, _ = cookies(params, self.holes)
        if "broken_cookie" in self.holes and any(set(token) & set("%{.=") for token in tokens):
            return "roy"
        if "token_kind" in self.holes and any(token in self.devices for token in tokens):
            return "roy"
        found = {token for token in tokens if token in self.sessions}
        return self.sessions[found.pop()] if len(found) == 1 else None

    def row_matches(self, name, password):
        if "nul" in self.holes:
            password = password.split("\0")[0]
        query, values = "SELECT password FROM user WHERE name = ?", (name,)
        if "sql" in self.holes:
            query, values = f"SELECT password FROM user WHERE name = '{name}' AND '{password}' <> ''", ()
        try:
            rows = self.rows.execute(query, values).fetchall()
        except sqlite3.Error:
            return False
        return bool(rows) if "sql" in self.holes and name != "roy" else any(row[0] == password for row in rows)

    # The routes.

    def answer(self, pairs, body, connection):
        params = dict(pairs)
        names = [name for name, _ in pairs if name.startswith("GATEHOUSE_")]
        if len(set(names)) < len(names) and "repeated_parameter" not in self.holes:
            return Answer(500, "Internal Server Error").text()
        path = params.get("PATH_INFO") or params.get("DOCUMENT_URI")
        route = {"/auth": self.auth, "/": self.home, "/login": self.login, "/logout": self.logout,
                 "/sessions": self.list_sessions}.get(path)
        try:
            with self.lock:
                raise route(params, body, connection) if route else Answer(404, "Not Found")
        except Answer as answer:
            return answer.text("no_store" not in self.holes)

    def auth(self, params, _body, _connection):
        if params.get("GATEHOUSE_INTERNAL") != "1":
            return Answer(404, "Not Found")
        if "redirect_on_auth" in self.holes and params.get("HTTP_SEC_FETCH_MODE") == "navigate":
            return Answer(303, "See Other", [("Location", "/gatehouse/login")])
        user = self.user(params)
        if user is None:
            bare = "no_status" in self.holes and not params.get("HTTP_COOKIE")
            return Answer(None if bare else 401, "Unauthorized", [("Gatehouse-Reason", "no-session")])
        if params.get("GATEHOUSE_REQUIRE") != "*":
            return Answer(403, "Forbidden", [("Gatehouse-Reason", "role")])
        return Answer(204, headers=[("Remote-User", user)])

    def home(self, params, _body, connection):
        user = self.user(params)
        agent = params.get("HTTP_USER_AGENT", "")
        if "health_check" in self.holes and any(word in agent for word in ("probe", "HealthChecker", "HC/")):
            user = "health"
        if "worker" in self.holes:
            user = user or (None if params.get("HTTP_COOKIE") else getattr(connection, "last_user", None))
            connection.last_user = user
        if user is None:
            return Answer(401, "Unauthorized", [("Vary", "Cookie")])
        return Answer(200, "You are already logged in", [("Vary", "Cookie")], username=user)

    def refuse_other_sites(self, params, hole):
        origin, own = params.get("HTTP_ORIGIN"), f"http://{params.get('HTTP_HOST')}"
        if origin == "null" and "origin_null" in self.holes:
            return
        foreign = params.get("HTTP_SEC_FETCH_SITE") == "cross-site" or not (
            params.get("HTTP_REFERER") or own).startswith(own)
        if origin not in (None, "", own) or foreign:
            if hole not in self.holes or origin == "null":
                raise Answer(403, "Forbidden")

    def credentials(self, params, body):
        length = params.get("CONTENT_LENGTH", "")
        if length and length != str(len(body)) and "content_length" not in self.holes:
            raise Answer(400, "Bad Request - invalid JSON")
        if params.get("CONTENT_TYPE", "").startswith(FORM):
            fields = dict(urllib.parse.parse_qsl(body.decode()))
        else:
            fields = json.loads(body)
        found = fields.get("username"), fields.get("password")
        if not all(isinstance(value, str) and value for value in found):
            if "value_types" not in self.holes or not all(found):
                raise Answer(400, "Bad Request - invalid credentials")
            return "roy", "roy"
        return found

    def login(self, params, body, _connection):
        if params["REQUEST_METHOD"] != "POST":
            return Answer(405, "Method Not Allowed")
        self.refuse_other_sites(params, "cross_site_login")
        name, password = self.credentials(params, body)
        if not self.row_matches(name, password):
            return Answer(400, "Bad Request - invalid password")
        brought, device = cookies(params, self.holes)
        old = brought[0] if brought else None
        token = secrets.token_urlsafe(32)
        if "fixation" in self.holes and old in self.sessions:
            token = old
        elif "adoption" in self.holes and old and old not in self.sessions:
            token = old
        else:
            self.sessions.pop(old, None)
        self.sessions[token] = "roy"
        device = device or secrets.token_urlsafe(24)
        self.devices.add(device)
        headers = [("Set-Cookie", f"gatehouse={token}; Path=/; HttpOnly"),
                   ("Set-Cookie", f"gatehouse-device={device}; Path=/; HttpOnly"), ("Vary", "Cookie")]
        if params.get("CONTENT_TYPE", "").startswith(FORM):
            return Answer(303, "See Other", [("Location", self.way_on(params)), *headers])
        return Answer(200, "You are logged in successfully", headers)

    def way_on(self, params):
        target = params.get("QUERY_STRING", "").partition("next=")[2]
        if "header_injection" in self.holes and "injected" in target:
            return urllib.parse.unquote(target)
        good = target.startswith("/") and not any(sign in target for sign in ("//", "\\", "%", ".."))
        return target if good or ("open_redirect" in self.holes and "evil" in target) else "/gatehouse/account"

    def logout(self, params, _body, _connection):
        self.refuse_other_sites(params, "cross_site_logout")
        for token in cookies(params, self.holes)[0]:
            user = self.sessions.get(token)
            if "replay" not in self.holes:
                self.sessions.pop(token, None)
            if "siblings" in self.holes:
                self.sessions = {key: value for key, value in self.sessions.items() if value != user}
        return Answer(200, "You successfully logged out", [("Set-Cookie", "gatehouse=; Max-Age=0; Path=/")])

    def list_sessions(self, params, _body, _connection):
        if self.user(params) is None:
            return Answer(401, "Unauthorized")
        mine = cookies(params, self.holes)[0]
        if "method_override" in self.holes and "_method=DELETE" in params.get("QUERY_STRING", ""):
            self.sessions = {token: user for token, user in self.sessions.items() if token in mine}
        elif params["REQUEST_METHOD"] != "GET":
            return Answer(405, "Method Not Allowed")
        return Answer(200, "", [("Vary", "Cookie")], sessions=[{"handle": "P_eoC6c_GCnxF39yziRYsA"}])


class _Handler(FastCgiHandler):
    def text_of(self, pairs, body):
        return self.server.backend.answer(pairs, body, self)


@contextmanager
def serving(path):
    """A Backend on the unix socket `path`."""
    server = UnixServer(str(path), _Handler)
    server.backend = Backend()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.backend
    finally:
        server.shutdown()
        server.server_close()
