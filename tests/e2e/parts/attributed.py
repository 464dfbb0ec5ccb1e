"""A table whose rows say more of a user than name and hash, a Gatehouse that tells applications of it, and an nginx."""
from contextlib import ExitStack

from front import Front
from guarded import cookie
from instance import Instance
from member import cheap_hash
from visitor import auth_request

MAX_AGE = 1  # s, of what is known of a user
LATER = 5  # s, that it may take more (user.max_age in gatehouse.toml(5))
PASSWORD = "known to attributed ones"
QUERY = "SELECT id, username, password, email, full_name AS name, team FROM attributed WHERE username = :name"
# What a site writes for one name of its own, beside the snippets.
OWN_PROXY = 'proxy_set_header Remote-Team $team; proxy_set_header Remote_Team "";'
OWN_FASTCGI = "fastcgi_param REMOTE_TEAM $team; fastcgi_param HTTP_REMOTE_TEAM $team;"
PROXY = f"proxy_pass http://unix:APP_SOCKET; include gatehouse/snippets/identity-proxy.conf; {OWN_PROXY}"
FASTCGI = ("include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME FILES/index.php;"
           f" fastcgi_pass unix:PHP_SOCKET; include gatehouse/snippets/identity-fastcgi.conf; {OWN_FASTCGI}")
# Headers with underscores come through, which is the worst case.
SERVER = f"""server {{ listen 127.0.0.1:PORT; underscores_in_headers on; root FILES; include gatehouse/mount.conf;
auth_request_set $team $upstream_http_remote_team;
location ^~ /app/      {{ auth_request gatehouse:*; {PROXY} }}
location ^~ /php/      {{ auth_request gatehouse:*; {FASTCGI} }}
location ^~ /app/open/ {{ auth_request off; {PROXY} }}
location ^~ /php/open/ {{ auth_request off; {FASTCGI} }}
}}"""


class Attributed:
    """A context manager. Its users are roy, whose row has all, and bare, whose row has nothing but NULL."""

    def __init__(self, stack, port):
        self.stack, self.database = stack, stack.database
        self.make_table()
        settings = self.settings()
        self.hosts = [Instance(stack, f"attributed-{name}", settings) for name in "ab"]
        self.front = Front(stack, port, SERVER, name="attributed",
                           edits={"upstream.conf": [(stack.fcgi_socket, self.hosts[0].place)]})
        self._open = ExitStack()

    @staticmethod
    def settings(query=QUERY, **user):
        return {"user": {"query": query, "census_query": "SELECT password FROM attributed", "max_age": f"{MAX_AGE}s",
                         **user}, "session": {"hosts": "several"}, "guard": {"address_free_guesses": 1000}}

    def make_table(self):
        self.database.run(
            "DROP TABLE IF EXISTS attributed; CREATE TABLE attributed (id varchar(20) PRIMARY KEY,"
            " username varchar(40), password varchar(255), email varchar(100) CHARACTER SET latin1,"
            " full_name text CHARACTER SET utf8mb4, team varchar(40), handle varchar(40)) CHARACTER SET utf8mb4;"
            "GRANT SELECT ON attributed TO gatehouse@localhost;"
            f"INSERT INTO attributed VALUES ('a1', 'roy', '{cheap_hash(PASSWORD)}', NULL, NULL, NULL, NULL),"
            f" ('a2', 'bare', '{cheap_hash(PASSWORD)}', NULL, NULL, NULL, NULL)")
        self.reset()

    def reset(self):
        self.set(email="roy@example.com", full_name="Roy", team="red", handle="r.smith")

    def set(self, user="roy", **columns):
        values = ", ".join(f"{name} = " + ("NULL" if value is None else
                                           f"CONVERT(X'{value.encode().hex()}' USING utf8mb4)")
                           for name, value in columns.items())
        self.database.run(f"UPDATE attributed SET {values} WHERE username = '{user}'")

    def __enter__(self):
        with self._open:
            for host in self.hosts:
                self._open.enter_context(host)
                host.wait_until_serving(10)
            self._open.enter_context(self.front)
            self._open = self._open.pop_all()
        return self

    def __exit__(self, *how):
        self._open.__exit__(*how)
        # Verbs of other tests list the sessions of roy by the name.
        self.database.run("DELETE FROM session WHERE user_id IN ('a1', 'a2')")

    def log_in(self, user="roy", host=0):
        """The token of a new session."""
        answer = self.hosts[host].login(user, PASSWORD)
        assert answer.status == 200, answer
        return answer.cookie.split("=", 1)[1].split(";")[0]

    def auth(self, token, host=0):
        """What Gatehouse says to nginx."""
        return self.hosts[host].ask(auth_request(f"gatehouse={token}"))

    def php(self, token, path="/php/x", headers=None):
        """The parameters that PHP gets."""
        answer = self.front.ask(path, headers={**(cookie(token) if token else {}), **(headers or {})})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def app(self, token, path="/app/x", headers=None):
        """The headers that a proxied application gets, a line each, as bytes."""
        answer = self.front.ask(path, headers={**(cookie(token) if token else {}), **(headers or {})})
        assert answer.status_code == 200, answer.text
        return answer.content.splitlines()[2:]
