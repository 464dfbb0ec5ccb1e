"""Logins a second, and how long one takes, with 1, 8 and 64 clients that log in without a pause.

Each login is that of one of 1,000 users, all of whom have the same password and a hash of equal cost: bcrypt for Gatehouse,
PHP-FPM, Apache, LemonLDAP::NG and auth_basic; Werkzeug's PBKDF2-SHA256, which is all that it has in common with them, for
Flask on uWSGI and on gunicorn, and for Gatehouse once more. A login counts when its answer is that of one that worked.
"""

import sys

from arena import Arena, machine
from contest import Contest, Verdict, print_peers, save
from peers.apache import Apache
from peers.basic import Basic
from peers.company import Company
from peers.database import BCRYPT_COST, PASSWORD, PBKDF2_ROUNDS, USERS, user
from peers.flask import Gunicorn, Uwsgi
from peers.gatehouse import Gatehouse, Pbkdf2
from peers.lemonldap import LemonLdap
from peers.peer import BCRYPT
from peers.php import Php

ROUNDS, TURNS = 2, 1
WAITING = {1: 4, 8: 6, 64: 16}  # clients: seconds of a turn, in which each logs in at least once
PEERS = [Gatehouse, Php, Apache, LemonLdap, Basic, Pbkdf2, Uwsgi, Gunicorn]


class Logins:
    """One turn: those a second that worked, those that did not, and what one takes in milliseconds."""

    def __init__(self, peer, requests, clients):
        figures = peer.ask_any(requests, WAITING[clients], clients, count=True)
        good = figures.answers.get(peer.accepted, 0)
        self.rate = min(good, figures.cookies) if peer.gives_cookie else good
        self.refused = sum(figures.answers.values()) - self.rate
        self.p50, self.p99 = figures.p50, figures.p99
        if not self.rate:
            raise SystemExit(f"{peer.name}: no login works with {clients} clients: {figures.answers} {figures.broken}")


def compare(company, clients):
    names = [kind.name for kind in PEERS]
    requests = {name: [company[name].login_request(user(company[name].hash, number), PASSWORD)
                       for number in range(1, USERS + 1)] for name in names}
    return Contest(names, lambda name: Logins(company[name], requests[name], clients), ROUNDS, TURNS,
                   ("rate", "refused", "p50", "p99"))


def verdict_of(contests):
    verdict = Verdict()
    for clients, contest in contests.items():
        verdict.least(contest.ratio("gatehouse", "php-fpm"), 2 if clients > 1 else 0.95,
                      f"times PHP-FPM's logins/s, {clients} waiting")
    for clients, contest in contests.items():
        verdict.holds(contest.median("gatehouse", "refused") == 0, f"Gatehouse refuses none, {clients} waiting")
    return verdict


def main():
    with Arena() as arena, Company(arena, PEERS) as company:
        peers = company.described()
        company.warm(kind.name for kind in PEERS)
        contests = {clients: compare(company, clients) for clients in WAITING}
    hashes = {kind.name: f"bcrypt {BCRYPT_COST}" if kind.hash == BCRYPT else f"PBKDF2-SHA256, {PBKDF2_ROUNDS} rounds"
              for kind in PEERS}
    print(f"logins, medians of {ROUNDS} rounds ({machine()})\n")
    print_peers(peers)
    print("".join(f"{name}: {text}\n" for name, text in hashes.items()))
    for clients, contest in contests.items():
        print(f"{clients} waiting:\n")
        contest.print(("logins/s", "refused/s", "p50 ms", "p99 ms"))
    verdict = verdict_of(contests)
    save("login", verdict, peers, hashes=hashes,
         waiting={str(clients): contest.data() for clients, contest in contests.items()})
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
