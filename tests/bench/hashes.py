"""What hashing several passwords at once brings: logins a second in each scheme, with 32 clients that log in without a pause.

Beside PHP-FPM in what it can verify, and beside another build of Gatehouse where GATEHOUSE_BENCH_BEFORE names its program.
In `mixture` each login is that of a user chosen at random among those of all schemes; the sum of its parts is what these
logins would be if each scheme had the machine for its share of the time. A lone client logs in one login after the other.
Visitors come at random (a Poisson process), so many that their hashes would keep the cores busy for 30 % of the time if
each were alone; some of them meet, and the median tells what most of them see.

OpenSSL's PKCS5_PBKDF2_HMAC is called by Python's hashlib on one core, with the OpenSSL of this machine and with that of
Debian 13; all cores are counted as so many times that.
"""

import concurrent.futures
import os
import random
import statistics
import subprocess
import sys
import time

from arena import CLIENTS, ROOT, Arena, machine
from contest import Contest, Verdict, print_peers, save, written
from peers.company import Company
from peers.database import PASSWORD, PBKDF2_ROUNDS, USERS, user
from peers.gatehouse import Before, Gatehouse
from peers.peer import BCRYPT, BCRYPT12, PBKDF2, PHPASS
from peers.php import Php

ROUNDS, TURNS = 2, 1
CORES = os.cpu_count() or 1
SCHEMES = {PBKDF2: f"PBKDF2-SHA256, {PBKDF2_ROUNDS} rounds", BCRYPT: "bcrypt, cost 10", BCRYPT12: "bcrypt, cost 12",
           PHPASS: "phpass, 2^13 rounds of MD5"}
MIXTURE = "mixture"
SECONDS = {PBKDF2: 5, BCRYPT: 5, BCRYPT12: 12, PHPASS: 3, MIXTURE: 8}
LONE_SECONDS = 3
BY_PHP = (BCRYPT, BCRYPT12)
TIMES_BEFORE = {PBKDF2: 4.5, BCRYPT: 3, BCRYPT12: 3, PHPASS: 5}
LOAD = 0.3
VISITORS = 150


class Logins:
    """One turn: those a second, all of which must work, and what one takes in milliseconds."""

    def __init__(self, peer, requests, seconds, clients):
        figures = peer.ask_any(requests, seconds, clients, count=True)
        self.rate, self.p50, self.p99 = figures.rate, figures.p50, figures.p99
        if set(figures.answers) != {200} or figures.cookies < 0.99 * figures.answers[200]:
            raise SystemExit(f"{peer.name}: not all logins work: {figures.answers} {figures.broken}")


def requests_of(peer, kinds):
    return [peer.login_request(user(kind, number), PASSWORD) for kind in kinds
            for number in range(1, USERS // len(kinds) + 1)]


def compare(company, names, kind):
    """Many clients."""
    kinds = list(SCHEMES) if kind == MIXTURE else [kind]
    names = [name for name in names if kind in BY_PHP or name != "php-fpm"]
    requests = {name: requests_of(company[name], kinds) for name in names}
    return Contest(names, lambda name: Logins(company[name], requests[name], SECONDS[kind], CLIENTS), ROUNDS, TURNS)


def compare_lone(company, names, kind):
    names = [name for name in names if name != "php-fpm"]
    requests = {name: requests_of(company[name], [kind]) for name in names}
    return Contest(names, lambda name: Logins(company[name], requests[name], LONE_SECONDS, 1), ROUNDS, TURNS)


def at_random(peer, kind, lone):
    """Milliseconds that each of the visitors waits who come by a Poisson process; `lone` is what one takes alone."""
    requests = requests_of(peer, [kind])

    def visit(request):
        begun = time.monotonic()
        if peer.send(request).status != peer.accepted:
            raise SystemExit("a visitor is refused")
        return 1000 * (time.monotonic() - begun)
    with concurrent.futures.ThreadPoolExecutor(64) as visitors:
        visits = []
        for _ in range(VISITORS):
            time.sleep(random.expovariate(LOAD * CORES / (lone / 1000)))  # until the next one comes
            visits.append(visitors.submit(visit, random.choice(requests)))
        return [each.result() for each in visits]


ONE_CORE = f"""
import hashlib, ssl, time
def once():
    begun = time.thread_time()
    hashlib.pbkdf2_hmac("sha256", {PASSWORD.encode()!r}, b"k1Ud5dzh", {PBKDF2_ROUNDS})
    return time.thread_time() - begun
print(ssl.OPENSSL_VERSION)
print(1 / min(once() for _ in range(9)))
"""


def by_openssl():
    """(version, logins a second that its PBKDF2 would allow one core, the best of several turns): of the machine's, and of
    Debian 13's."""
    debian13 = subprocess.run(["sh", ROOT / "tests/support/openssl13.sh"], stdout=subprocess.PIPE, text=True, check=True)
    for within in ([], ["chroot", debian13.stdout.strip()]):
        done = subprocess.run([*within, "/usr/bin/python3", "-c", ONE_CORE], stdout=subprocess.PIPE, text=True, check=True)
        version, rate = done.stdout.splitlines()
        yield version, float(rate)


def judge(verdict, many, lone, visits, openssl):
    rates = {kind: many[kind].median("gatehouse") for kind in SCHEMES}
    (version, rate), (version13, rate13) = openssl
    times = rates[PBKDF2] / CORES
    verdict.least(times / rate, 6,
                  f"times PKCS5_PBKDF2_HMAC a core ({version}; with {version13} {written(times / rate13)} times)")
    for kind in BY_PHP:
        verdict.least(many[kind].ratio("gatehouse", "php-fpm"), 2, f"times PHP-FPM: {SCHEMES[kind]}")
    parts = len(SCHEMES) / sum(1 / rate for rate in rates.values())
    verdict.least(many[MIXTURE].median("gatehouse") / parts, 1, "of the sum of its parts: a mixture of all schemes")
    verdict.most(statistics.median(visits) / lone[PBKDF2].median("gatehouse", "p50"), 1.1,
                 f"times a lone login: the median of those who come at random at {LOAD:.0%} load")
    if "gatehouse-before" not in many[PBKDF2].names:
        return
    for kind, times in TIMES_BEFORE.items():
        verdict.least(many[kind].ratio("gatehouse", "gatehouse-before"), times, f"times before: {SCHEMES[kind]}")
    for kind in SCHEMES:
        verdict.least(lone[kind].ratio("gatehouse-before", "gatehouse", "p50"), 1.15 if kind == PBKDF2 else 0.97,
                      f"times as fast as before, alone: {SCHEMES[kind]}")


def main():
    classes = [Gatehouse, Php] + ([Before] if Before.PROGRAM else [])
    names = [kind.name for kind in classes]
    with Arena() as arena, Company(arena, classes, SCHEMES) as company:
        peers = company.described()
        openssl = list(by_openssl())
        many = {kind: compare(company, names, kind) for kind in SECONDS}
        lone = {kind: compare_lone(company, names, kind) for kind in SCHEMES}
        visits = at_random(company["gatehouse"], PBKDF2, lone[PBKDF2].median("gatehouse", "p50"))
    print(f"logins, medians of {ROUNDS} rounds ({machine()})\n")
    print_peers(peers)
    for kind, contest in many.items():
        print(f"{SCHEMES.get(kind, kind)}, {CLIENTS} clients:\n")
        contest.print(("logins/s", "p50 ms", "p99 ms"))
    for kind, contest in lone.items():
        print(f"{SCHEMES[kind]}, one client:\n")
        contest.print(("logins/s", "p50 ms", "p99 ms"))
    verdict = Verdict()
    judge(verdict, many, lone, visits, openssl)
    save("hashes", verdict, peers, schemes=SCHEMES, many={kind: contest.data() for kind, contest in many.items()},
         lone={kind: contest.data() for kind, contest in lone.items()}, openssl_a_core=dict(openssl),
         at_random_ms=sorted(visits))
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
