"""Peers together: started beside each other, with one nginx in front."""

import concurrent.futures
import tempfile

from arena import PORT

from . import database, front
from .apache import Apache
from .basic import Basic, BasicApr1
from .database import PASSWORD, user
from .flask import Gunicorn, Uwsgi
from .gatehouse import Cached, Gatehouse, Pbkdf2, Unkept
from .lemonldap import LemonLdap
from .peer import FILE, WORKERS
from .php import Php
from .responders import Canned, CannedAuth, Limit, Open, Responder, Textbook

ALL = [Gatehouse, Unkept, Cached, Pbkdf2, Canned, CannedAuth, Textbook, Limit, Open, Php, Uwsgi, Gunicorn, Apache, LemonLdap,
       Basic, BasicApr1]
FIRST_PORT = PORT + 10


class Company:
    """A context manager: those of these classes, by their names. Gatehouse is always one of them, since the responders
    write what it has answered. There are users with the hash of each of them, and with those of `kinds`."""

    def __init__(self, arena, classes, kinds=()):
        self._kinds = set(kinds)
        self._memory = tempfile.TemporaryDirectory(prefix="gatehouse-bench-", dir="/dev/shm")
        gatehouse = Gatehouse(arena, FIRST_PORT)
        self.peers = {gatehouse.name: gatehouse}
        for place, kind in enumerate((kind for kind in classes if kind is not Gatehouse), 1):
            more = [gatehouse] if issubclass(kind, Responder) else []
            self.peers[kind.name] = kind(arena, FIRST_PORT + place, *more)
        self.arena = arena

    def __enter__(self):
        everybody = list(self.peers.values())
        database.prepare(self.arena, self._kinds | {peer.hash for peer in everybody})
        for peer in everybody:
            peer.prepare()
        self._front = front.start(self.arena, everybody, self._memory.name)
        for peer in everybody:
            peer.start()
        return self

    def __exit__(self, *_):
        for peer in reversed(self.peers.values()):
            peer.stop()
        self.arena.end(self._front)
        self._memory.cleanup()

    def __getitem__(self, name):
        return self.peers[name]

    def session(self, name):
        """The headers of a session of that peer; those that log nobody in themselves have one of Gatehouse."""
        peer = self.peers[name]
        if isinstance(peer, (Responder, Limit)):
            return peer.session()
        asked = peer if peer.login_request("", "") else self.peers["gatehouse"]
        session = asked.log_in(user(asked.hash), PASSWORD)
        if session is None:
            raise SystemExit(f"{asked.name} lets nobody in")
        return session

    def warm(self, names):
        """Some logins at each process of each of these, so that none compiles or connects while it is measured."""
        for name in names:
            peer = self.peers[name]
            with concurrent.futures.ThreadPoolExecutor(WORKERS) as visitors:
                logins = visitors.map(lambda number, peer=peer: peer.log_in(user(peer.hash, number), PASSWORD),
                                      range(1, 4 * WORKERS + 1))
                if None in logins:
                    raise SystemExit(f"{name} refuses a right password")

    def described(self):
        """{name: {version, settings, advice}}, for results.json and for whoever reads the output."""
        return {name: {"version": peer.version(), "settings": peer.settings(), "advice": peer.advice}
                for name, peer in self.peers.items()}


def is_file(answer):
    return answer.status == 200 and answer.body.decode(errors="replace") == FILE
