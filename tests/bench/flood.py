"""What 32 clients that guess passwords without a pause do to everyone else.

The guesses come from 127.0.0.1; home is asked, and honest logins come, from 127.0.0.2 (nginx takes
the address from a header here). A password check is completed when its answer is 400 or 200; what
is answered 429 or 503 was refused. "Unloaded" is what is checked when two clients for each core are
all there is; a failed login is answered at a multiple of a fixed time, so that they are not busy all
the time. Home that is asked without a pause takes all cores by itself: of that phase it is demanded
that home keeps 75 % of its requests. An honest visitor whose login is refused waits as long as
Retry-After says and tries again; within 5 s it must have worked. Where GATEHOUSE_BENCH_BEFORE names
another program of Gatehouse, its checks in the flood are what ours are compared with.

These phases have the limits on guesses out of their way, so that the lane alone is measured; then
the same is done to other login services (flood_peers.py). The last phase has the limits as they are
installed: then the honest logins, half of them to the name that is guessed at from the address that
its owner has used before, and half to another name from an address that is new each time, must all
but always work in time.
"""

import concurrent.futures
import itertools
import os
import pathlib
import statistics
import sys
import time

import flood_peers
from arena import ADDRESS_HEADER, CLIENTS, HONEST, HOSTILE, PORT, Arena, Wrk, log_in, machine
from contest import Verdict, print_peers, save
from peers.company import Company
from peers.gatehouse import Before

ROUNDS = 3
CORES = os.cpu_count() or 1
ALONE_SECONDS, FLOOD_SECONDS = 5, 12
PATIENCE = 5  # seconds that an honest visitor has
IN_TIME = 0.99  # of the honest logins, with the limits as installed
HOME = f"http://127.0.0.1:{PORT}/"
LOGIN = f"http://127.0.0.1:{PORT}/login"


def ask_home(token, seconds, script=None):
    return Wrk(HOME, seconds, script, {"Cookie": f"gatehouse={token}", ADDRESS_HEADER: HONEST})


def guess(seconds, clients=CLIENTS):
    return Wrk(LOGIN, seconds, "guess.lua", {ADDRESS_HEADER: HOSTILE}, clients)


def owner():
    return {}


def owner_or_newcomer(turn=itertools.count()):
    number = next(turn)
    return {} if number % 2 else {"name": "admin", "password": "admin", "address": f"127.1.{number % 250}.1"}


def honest_login(who):
    """Seconds until it worked, or None."""
    began = time.monotonic()
    while (left := began + PATIENCE - time.monotonic()) > 0:
        try:
            status, _, pause = log_in(timeout=left, **who)
        except OSError:
            break
        if status == 200:
            return time.monotonic() - began
        time.sleep(min(pause, max(left, 0)))
    return None


def honest_logins(visitor):
    """One visitor each half second, as long as the flood goes on for each of them."""
    with concurrent.futures.ThreadPoolExecutor(32) as visitors:
        tries = []
        end = time.monotonic() + FLOOD_SECONDS - PATIENCE
        while time.monotonic() < end:
            tries.append(visitors.submit(honest_login, visitor()))
            time.sleep(0.5)  # the pace at which visitors come
    return [visit.result() for visit in tries]


def groups():
    """What the kernel shares the cores out among."""
    switch = pathlib.Path("/proc/sys/kernel/sched_autogroup_enabled")
    on = switch.exists() and switch.read_text().strip() == "1"
    return "each service is a scheduling group" if on else "all services are one scheduling group"


class Flood:
    """One phase: the guesses, honest logins among them, and home beside them or not."""

    def __init__(self, token=None, script=None, visitor=owner):
        home = ask_home(token, FLOOD_SECONDS, script) if token else None
        guesses = guess(FLOOD_SECONDS)
        self.logins = honest_logins(visitor)
        answers = guesses.result().answers
        self.home = home.result() if home else None
        worked = sum(1 for seconds in self.logins if seconds is not None)
        self.checks = answers.get(400, 0) + worked / FLOOD_SECONDS
        self.refused = answers.get(429, 0) + answers.get(503, 0)
        self.other = {s: n for s, n in answers.items() if s not in (400, 429, 503)}


def one_round(token):
    return {"idle": ask_home(token, ALONE_SECONDS).result(),
            "calm": ask_home(token, ALONE_SECONDS, "calm.lua").result(),
            "unloaded": guess(ALONE_SECONDS, clients=2 * CORES).result().answers.get(400, 0),
            "flood": Flood(), "flood and calm home": Flood(token, "calm.lua"), "flood and home": Flood(token)}


def median(rounds, figure):
    return statistics.median(figure(phases) for phases in rounds)


def row(label, home=None, checks=None, refused=None, logins=None):
    cells = [f"{home[0]:12.0f}{home[1]:9.2f}{home[2]:9.2f}" if home else " " * 30,
             f"{checks:10.1f}" if checks is not None else " " * 10,
             f"{refused:11.1f}" if refused is not None else " " * 11]
    worked = [seconds for seconds in logins or [] if seconds is not None]
    honest = f"{len(worked)} of {len(logins)}" if logins else ""
    waited = f" (median {statistics.median(worked):.2f} s)" if worked else ""
    print(f"{label:20}{''.join(cells)}  {honest}{waited}")


def print_table(rounds):
    def home_figures(pick):
        return [median(rounds, lambda r, name=name: getattr(pick(r), name)) for name in ("rate", "p50", "p99")]

    print(f"{'':20}{'home/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'checks/s':>10}{'refused/s':>11}  honest logins in time")
    row("home alone", home_figures(lambda r: r["idle"]))
    row("calm home alone", home_figures(lambda r: r["calm"]))
    row("checks unloaded", checks=median(rounds, lambda r: r["unloaded"]))
    for phase in ("flood", "flood and calm home", "flood and home"):
        row(phase, home_figures(lambda r: r[phase].home) if phase != "flood" else None,
            median(rounds, lambda r: r[phase].checks), median(rounds, lambda r: r[phase].refused),
            [seconds for phases in rounds for seconds in phases[phase].logins])
    odd = [phases[phase].other for phases in rounds for phase in phases
           if phase.startswith("flood") and phases[phase].other]
    print(f"answers that are no such thing: {odd}\n" if odd else "")


def judge(verdict, rounds):
    kept = median(rounds, lambda r: r["flood and home"].home.rate / r["idle"].rate)
    p99 = median(rounds, lambda r: r["flood and home"].home.p99)
    verdict.holds(kept >= 0.75, f"home keeps {kept:.0%} of its requests/s (at least 75 %)")
    verdict.holds(p99 <= 5, f"home's p99 in the flood is {p99:.1f} ms (at most 5)")
    for phase in ("flood", "flood and calm home"):
        checks = median(rounds, lambda r, phase=phase: r[phase].checks / r["unloaded"])
        verdict.holds(checks >= 0.8, f"{phase}: {checks:.0%} of the unloaded checks/s (at least 80 %)")


def judge_with_limits(verdict, floods):
    logins = [seconds for flood in floods for seconds in flood.logins]
    share = sum(seconds is not None for seconds in logins) / len(logins)
    looked_at = statistics.median(flood.checks for flood in floods)
    verdict.holds(share >= IN_TIME, f"with the limits as installed {share:.1%} of {len(logins)} honest logins work"
                  f" within {PATIENCE} s (at least {IN_TIME:.0%}); {looked_at:.1f} checks/s in all")


def judge_before(verdict, rounds, before):
    now = median(rounds, lambda r: r["flood"].checks)
    then = statistics.median(flood.checks for flood in before)
    verdict.least(now / then, 3.5, f"times the checks/s of before, which are {then:.1f}")


def data(rounds):
    """{phase: {figure: median}}"""
    floods = ("flood", "flood and calm home", "flood and home")
    return {"checks_unloaded": median(rounds, lambda r: r["unloaded"]),
            **{phase: {"checks": median(rounds, lambda r, phase=phase: r[phase].checks),
                       "refused": median(rounds, lambda r, phase=phase: r[phase].refused)} for phase in floods},
            **{f"{phase}, home": {figure: median(rounds, lambda r, phase=phase, figure=figure: getattr(
                r[phase].home, figure)) for figure in ("rate", "p50", "p99")} for phase in floods[1:]}}


def main():
    with Arena():
        _, token, _ = log_in()
        rounds = [one_round(token) for _ in range(ROUNDS)]
    before = []
    if Before.PROGRAM:
        with Arena(program=Before.PROGRAM):
            log_in()
            before = [Flood() for _ in range(ROUNDS)]
    with Arena() as arena, Company(arena, flood_peers.PEERS) as company:
        peers, others = company.described(), flood_peers.flooded(company)
    with Arena(limits=True):
        log_in()
        limited = [Flood(visitor=owner_or_newcomer) for _ in range(2 * ROUNDS)]
    print(f"{CLIENTS} clients guess, {CLIENTS} ask home, medians of {ROUNDS} rounds ({machine()}, {groups()})\n")
    print_table(rounds)
    print("a protected file in such a flood, beside others:\n")
    print_peers(peers)
    others.print(flood_peers.TITLES)
    verdict = Verdict()
    judge(verdict, rounds)
    if before:
        judge_before(verdict, rounds, before)
    judge_with_limits(verdict, limited)
    save("flood", verdict, peers, figures=data(rounds), others=others.data())
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
