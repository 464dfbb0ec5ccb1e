"""Programs that show where the limits are: one that only writes bytes, one by libfcgi's book, and nginx by itself.

They answer what Gatehouse answers. So they start once it runs, and log nobody in themselves: they take its sessions.
"""

from arena import BUILD, accepts

from . import front
from .gatehouse import FROM, answer_to
from .peer import Peer, Request


class Responder(Peer):
    """One of the two C++ programs of this folder."""

    program = ""
    asked, parameters = "/", {}  # what is answered as Gatehouse would

    def __init__(self, arena, port, gatehouse):
        super().__init__(arena, port)
        self.gatehouse, self.token = gatehouse, None

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self):
        return [BUILD / f"tests/bench/{self.program}_responder", self.socket, self.folder / "answer"]

    def launch(self):
        if self.token is None:  # not again when it is started again
            raw, self.token = answer_to(self.gatehouse, self.asked, **self.parameters)
            (self.folder / "answer").write_bytes(raw)
        super().launch()

    def session(self):
        return {"Cookie": f"gatehouse={self.token}"}


class Canned(Responder):
    name, program = "canned", "canned"
    advice = "one thread, one epoll, no parsing beyond the records, the same bytes for each request: the limit of any backend"
    page = Request("/", headers=FROM)

    def server(self):
        front.backend(self.arena, self.name, self.socket)
        return f"""
            include gatehouse/upstream-{self.name}.conf;
            server {{
                listen 127.0.0.1:{self.port};
                root {self.arena.folder}/files;
                location / {{ include gatehouse/api-{self.name}.conf; }}
                location ^~ /files/ {{ auth_request /asked/*; }}
                location ^~ /asked/ {{
                    fastcgi_split_path_info ^(/asked)/(.*)$;
                    include gatehouse/snippets/auth-params-{self.name}.conf;
                }}
                location @gatehouse_error {{ include gatehouse/error.conf; }}
            }}
        """


class CannedAuth(Canned):
    name = "canned-auth"
    advice = "the same, with the answer that lets in: the limit of any backend of auth_request"
    asked, parameters = "/auth", {"GATEHOUSE_INTERNAL": "1", "GATEHOUSE_REQUIRE": "*"}
    page, file = None, Request("/files/file.html", headers=FROM)


class Textbook(Canned):
    name, program = "textbook", "textbook"
    advice = "libfcgi's manual: 64 threads, each in FCGX_Accept_r, which check the token and look the session up in a map"

    def command(self):
        return [*super().command(), self.token]


class Limit(Peer):
    """nginx alone, with the text of home."""

    name = "return-200"
    advice = "`return 200` with the text of home: what nginx does without any backend"
    page = Request("/", headers=FROM)

    def server(self):
        text = '{"message":"You are already logged in","username":"bcrypt1"}'
        return f"""
            server {{
                listen 127.0.0.1:{self.port};
                default_type application/json;
                location / {{ return 200 '{text}'; }}
            }}
        """

    def ready(self):
        return accepts(self.port)

    def session(self):
        return {}


class Open(Limit):
    """The file without protection."""

    name = "open"
    advice = "the same file, which nobody protects: the limit of the protected ones"
    page, file = None, Request("/open/file.html", headers=FROM)

    def server(self):
        return f"server {{ listen 127.0.0.1:{self.port}; root {self.arena.folder}/files; }}\n"
