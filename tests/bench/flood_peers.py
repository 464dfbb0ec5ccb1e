"""The flood at other login services: what 32 clients that guess passwords do to whoever asks for a protected file there.

The file is asked alone, and then while the guesses go on, all of wrong passwords at names that exist. `kept` is the share
of the requests/s that is left, `checks` are the guesses that were answered in a second. The limits on guesses are out of
the way; the others have none.
"""

import dataclasses

from arena import ADDRESS_HEADER, CLIENTS, HOSTILE, Wrk
from contest import Contest
from peers.apache import Apache
from peers.database import USERS, user
from peers.gatehouse import Gatehouse
from peers.lemonldap import LemonLdap
from peers.php import Php

PEERS = [Gatehouse, LemonLdap, Apache, Php]
ROUNDS, TURNS = 3, 1
ALONE_SECONDS, FLOOD_SECONDS = 3, 8
FIGURES = ("kept", "rate", "p50", "p99", "checks")
TITLES = ("kept", "files/s", "p50 ms", "p99 ms", "checks/s")


def good_rate(figures, seconds):
    return figures.rate - figures.refused / seconds


class Flooded:
    """One turn: the file alone, then in the flood."""

    def __init__(self, peer, file, guesses):
        alone = good_rate(Wrk(peer.url(file), ALONE_SECONDS, headers=file.headers).result(), ALONE_SECONDS)
        flood = Wrk(peer.url(guesses[0]), FLOOD_SECONDS, "requests.lua", clients=CLIENTS,
                    arguments=[peer.write_requests(guesses), "count"])
        asked = Wrk(peer.url(file), FLOOD_SECONDS, headers=file.headers).result()
        self.checks = sum(flood.result().answers.values())
        self.rate = good_rate(asked, FLOOD_SECONDS)
        self.kept, self.p50, self.p99 = self.rate / alone, asked.p50, asked.p99


def guesses_at(peer):
    """Of another address than the file is asked from, where the peer believes nginx about addresses."""
    tries = [peer.login_request(user(peer.hash, number), f"guess{number}") for number in range(1, USERS + 1)]
    return [dataclasses.replace(one, headers={**one.headers, ADDRESS_HEADER: HOSTILE}) for one in tries]


def flooded(company):
    names = [kind.name for kind in PEERS]
    files = {name: company[name].file.within(company.session(name)) for name in names}
    company.warm(names)
    guesses = {name: guesses_at(company[name]) for name in names}
    return Contest(names, lambda name: Flooded(company[name], files[name], guesses[name]), ROUNDS, TURNS, FIGURES)
