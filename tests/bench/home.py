"""Home with a live session, beside programs that write the same and login services that do as much.

Behind one nginx (README.md has how each is set up): Gatehouse, also with a new connection for each request; the canned
responder and `return 200`, the limits; the textbook's libfcgi program; PHP-FPM with its sessions; Flask on uWSGI and on
gunicorn. Those that have no page of their own (Apache, LemonLDAP::NG, auth_basic) are in auth.py.
"""

import sys

from arena import CLIENTS, Arena, machine
from contest import Contest, Verdict, print_peers, save
from peers.company import Company
from peers.flask import Gunicorn, Uwsgi
from peers.gatehouse import Gatehouse, Unkept
from peers.php import Php
from peers.responders import Canned, Limit, Textbook

ROUNDS, TURNS, SECONDS = 3, 4, 1
PEERS = [Gatehouse, Unkept, Canned, Textbook, Limit, Php, Uwsgi, Gunicorn]


def verdict_of(contest):
    verdict = Verdict()
    for other, bound, text in (("canned", 0.97, "of the canned responder"), ("textbook", 1.5, "of the textbook program"),
                               ("php-fpm", 4, "times PHP-FPM"), ("flask-uwsgi", 10, "times Flask on uWSGI")):
        verdict.least(contest.ratio("gatehouse", other), bound, text)
    return verdict


def main():
    names = [kind.name for kind in PEERS]
    with Arena() as arena, Company(arena, PEERS) as company:
        pages = {name: company[name].page.within(company.session(name)) for name in names}
        contest = Contest(names, lambda name: company[name].ask(pages[name], SECONDS), ROUNDS, TURNS)
        peers = company.described()
    print(f"home with a session, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    print_peers(peers)
    contest.print()
    print(f"with new connections {contest.ratio('gatehouse-unkept', 'php-fpm'):.1f} times PHP-FPM, "
          f"{contest.ratio('gatehouse-unkept', 'flask-uwsgi'):.1f} times Flask on uWSGI\n")
    verdict = verdict_of(contest)
    save("home", verdict, peers, clients=CLIENTS, figures=contest.data())
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
