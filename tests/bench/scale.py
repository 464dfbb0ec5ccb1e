"""What a request costs when there is much else: sessions, idle connections, a second process on the same database.

The cost is the processor time of the process of Gatehouse for each request of home, in microseconds: a busy machine makes
requests wait, but hardly makes them cost more. Sessions: 1,000 to 1,000,000, each number in a process and a database of its
own; those asked are chosen at random among at most 100,000, which belong to 1,000 users whatever their number. Idle
connections: 1 to 5,000, on the process with the fewest sessions. Two processes: on one table of GATEHOUSE_BENCH_ROWS
sessions (1,000,000 by default), asked one alone and both at once; how soon one knows of the other's logouts; what the two
cost MariaDB and themselves while nobody asks them anything and while both are asked; and how large a session is in the
table and in memory. README.md reckons with these.
"""

import contextlib
import os
import pathlib
import re
import resource
import select
import socket
import statistics
import sys
import time

from arena import CLIENTS, Arena, Wrk, machine
from contest import Contest, Verdict, print_peers, save
from peers.company import Company
from peers.database import BCRYPT, PASSWORD, sql, user
from peers.sized import sized

ROUNDS, TURNS, SECONDS = 3, 4, 2
SESSIONS = [1_000, 10_000, 100_000, 1_000_000]
IDLE = [1, 100, 1_000, 5_000]
ROWS = int(os.environ.get("GATEHOUSE_BENCH_ROWS", "1000000"))
ASKED = 100_000
LOGOUTS = 30
SETTLE, REST = 20, 60  # seconds; what a process does at rest is spread evenly over a minute or longer
TICK = os.sysconf("SC_CLK_TCK")
FIGURES = ("cost", "rate", "p50", "p99")
TITLES = ("us/request", "requests/s", "p50 ms", "p99 ms")


def processor_time(peer):
    """Seconds."""
    return processor_time_of(peer.process.pid)


def processor_time_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Cost:
    """One turn: the peers asked at the same time, each by its share of the clients."""

    def __init__(self, peers, requests):
        before = sum(map(processor_time, peers))
        if len(peers) == 1:
            turns = [peers[0].ask_any(requests[0], SECONDS)]
        else:
            turns = together(peers, requests)
        self.rate = sum(turn.rate for turn in turns)
        self.cost = 1e6 * (sum(map(processor_time, peers)) - before) / (self.rate * SECONDS)
        self.p50, self.p99 = (max(getattr(turn, figure) for turn in turns) for figure in ("p50", "p99"))


def together(peers, requests):
    runs = [Wrk(peer.url(some[0]), SECONDS, "requests.lua", clients=CLIENTS // len(peers),
                arguments=[peer.write_requests(some)]) for peer, some in zip(peers, requests)]
    return [peer.good(run.result()) for peer, run in zip(peers, runs)]


def contest_of(names, measure):
    """After a turn that does not count: the first use of a session and of a user costs more than the next."""
    for name in names:
        measure(name)
    return Contest(names, measure, ROUNDS, TURNS, FIGURES)


def of_sessions(company):
    names = [f"sessions-{count}" for count in SESSIONS]
    read_back = {name: company[name].read_back() for name in names}
    requests = {name: company[name].requests(ASKED) for name in names}
    return contest_of(names, lambda name: Cost([company[name]], [requests[name]])), read_back


@contextlib.contextmanager
def idle_connections(path, count):
    """So many that say nothing; at the end none of them may have been closed."""
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(count)]
        poll = select.poll()
        for connection in connections:
            connection.connect(str(path))
            poll.register(connection, select.POLLIN)
        yield
        if poll.poll(0):
            raise SystemExit("Gatehouse has closed idle connections")


def of_idle_connections(company):
    peer = company[f"sessions-{SESSIONS[0]}"]
    requests = peer.requests(ASKED)

    def measure(name):
        with idle_connections(peer.socket, int(name)):
            return Cost([peer], [requests])
    return contest_of([str(count) for count in IDLE], measure)


def of_two(company):
    twins = [company["twin-a"], company["twin-b"]]
    read_back = [twin.read_back() for twin in twins]
    requests = twins[0].requests(ASKED)
    time.sleep(SETTLE)  # MariaDB writes to the files what was filled in
    rest = busy(twins, lambda: time.sleep(REST))
    contest = contest_of(["one", "two"], lambda name: Cost(twins[:1 if name == "one" else 2], [requests] * 2))
    asked = busy(twins, lambda: [together(twins, [requests] * 2) for _ in range(REST // SECONDS)])
    return {"contest": contest, "read_back": read_back, "logouts": [noticed(*twins) for _ in range(LOGOUTS)],
            "rest": rest, "asked": asked, "bytes": {"in_table": row_bytes(twins[0]), "in_memory": memory_of(twins[0])}}


def busy(twins, work):
    """The share of a core that MariaDB and the two processes took meanwhile."""
    mariadb = int(twins[0].arena.env["MYSQL_PID"])

    def taken():
        return processor_time_of(mariadb), sum(map(processor_time, twins))
    before, begun = taken(), time.monotonic()
    work()
    passed = time.monotonic() - begun
    return dict(zip(("mariadb", "processes"), ((now - then) / passed for now, then in zip(taken(), before))))


def row_bytes(peer):
    [[size]] = sql(peer.arena, f"SELECT SUM(file_size) FROM information_schema.innodb_sys_tablespaces"
                               f" WHERE name = '{peer.database}/session'")
    return int(size) / ROWS


def memory_of(peer):
    """Bytes a session, beside what a process without sessions has (`start` measures it: 17 MB)."""
    status = pathlib.Path(f"/proc/{peer.process.pid}/status").read_text()
    return (int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024 - 17e6) / ROWS


def noticed(one, other):
    """Milliseconds from the answer to a logout until the other process refuses the session."""
    session = one.log_in(user(BCRYPT), PASSWORD)
    if session is None:
        raise SystemExit("nobody can log in")
    page = other.page.within(session)
    if other.send(page).status != 200:
        raise SystemExit("one process does not know the other's session")
    one.send(type(page)("/logout", "POST", page.headers))
    begun = time.monotonic()
    while other.send(page).status != 401:
        if time.monotonic() > begun + 10:
            raise SystemExit("one process does not learn of the other's logout")
        time.sleep(0.005)
    return 1000 * (time.monotonic() - begun)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536), most))
    kinds = [sized(count) for count in SESSIONS]
    twins = [sized(ROWS, name, database="twins", hosts="several") for name in ("twin-a", "twin-b")]
    with Arena() as arena:
        with Company(arena, kinds) as company:
            peers = company.described()
            (sessions, read_back), idle = of_sessions(company), of_idle_connections(company)
        with Company(arena, twins) as company:
            two = of_two(company)
    print(f"home, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s ({machine()})\n")
    print_peers(peers)
    for title, contest in (("sessions", sessions), ("idle connections", idle), (f"processes, {ROWS} sessions", two["contest"])):
        print(f"{title}:\n")
        contest.print(TITLES)
    print(f"{ROWS} sessions: {two['bytes']['in_table']:.0f} bytes each in the table, {two['bytes']['in_memory']:.0f} in memory;"
          f" read back by both in {two['read_back'][0][1]} and {two['read_back'][1][1]} s")
    for title, share in (("at rest", two["rest"]), ("both asked", two["asked"])):
        print(f"{title}: MariaDB {share['mariadb']:.1%} of a core, both processes {share['processes']:.1%}")
    print()
    verdict = verdict_of(sessions, read_back, idle, two["logouts"])
    save("scale", verdict, peers, sessions=sessions.data(), read_back=read_back, idle=idle.data(), rows=ROWS,
         processes=two["contest"].data(), both_read_back=two["read_back"], logout_known_ms=two["logouts"],
         rest=two["rest"], asked=two["asked"], bytes=two["bytes"])
    return 0 if verdict.met else 1


def verdict_of(sessions, read_back, idle, logouts):
    verdict = Verdict()
    few, many = (f"sessions-{count}" for count in (SESSIONS[0], SESSIONS[-1]))
    verdict.most(sessions.ratio(many, few, "cost"), 1.15, f"times the cost with {SESSIONS[0]} sessions, with {SESSIONS[-1]}")
    verdict.holds(read_back[many][0] == SESSIONS[-1], f"{read_back[many][0]} sessions are read back")
    verdict.most(read_back[many][1], 3, f"s to read {SESSIONS[-1]} sessions back")
    verdict.most(idle.ratio(str(IDLE[-1]), str(IDLE[0]), "cost"), 1.15,
                 f"times the cost with {IDLE[0]} idle connection, with {IDLE[-1]}")
    verdict.most(max(logouts), 1000, f"ms until another process knows of a logout (median {statistics.median(logouts):.0f})")
    return verdict


if __name__ == "__main__":
    sys.exit(main())
