"""What sessions in MySQL cost.

Home with a live session, behind one nginx: on a gatehouse that keeps its sessions in MySQL and on
one that keeps them in memory, in short turns, since what a shared machine gives changes within
seconds. Then a million rows in the table, each of a user of its own or ten a user: how long a
gatehouse that starts takes to read them back, what those wait who come meanwhile, and how much
larger it is than one that finds the table empty. Then the look-up by itself (session.cpp).
"""

import re
import statistics
import subprocess
import sys
import time

from arena import BUILD, CLIENTS, ROOT, Arena, accepts, log_in, machine
from backends import measure, start_nginx
from contest import Contest, Verdict, save

sys.path.insert(0, str(ROOT / "tests/e2e/parts"))
import fastcgi  # noqa: E402  (helpers of the end-to-end tests)
from instance import write_config  # noqa: E402

ROUNDS, TURNS, SECONDS = 5, 6, 1
SESSIONS = 1_000_000
PATIENCE = 120  # seconds
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
READ_BACK = re.compile(r"(\d+) sessions were read from MySQL in ([\d.]+) s")


def sql(arena, text):
    done = subprocess.run(["mariadb", "--no-defaults", "-uroot", "-N", "-S", arena.env["MYSQL_SOCKET"],
                           arena.env["MYSQL_DATABASE"]], input=text, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"MariaDB: {done.stderr}")


def fill(arena, per_user):
    """A million sessions, and nothing else."""
    user = f"(seq - 1) DIV {per_user}"
    sql(arena, f"""
        TRUNCATE session;
        INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch, site_epoch,
                             created_at, last_used, address, user_agent)
        SELECT UNHEX(MD5(seq)), {user}, CONCAT('user', {user}), 1, UNHEX(LEFT(MD5({user}), 16)), 0, 0,
               UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '192.0.2.1', '{AGENT}' FROM seq_1_to_{SESSIONS}""")


def start(arena, name, session):
    """One more gatehouse on NAME.sock; gives its process and its log."""
    place = arena.folder / f"{name}.sock"
    config = write_config(arena, name, {"server": {"listen": f"unix:{place}"}, "session": session})
    log = arena.folder / f"log/{name}.log"
    command = [arena.env["GATEHOUSE"], "serve", "--config", config]
    return arena.start(command, lambda: accepts(place), log), log


def compare_home(arena):
    start(arena, "memory", {"store": "memory"})
    names = ["gatehouse", "memory"]
    start_nginx(arena, names)
    tokens = {"gatehouse": log_in()[1], "memory": token_of(arena, "memory")}
    contest = Contest(names, lambda name: measure(name, tokens[name], SECONDS), ROUNDS, TURNS)
    print(f"home with a session, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    contest.print()
    return contest


def token_of(arena, name):
    body = b'{"username":"roy","password":"roy"}'
    answer = fastcgi.ask(str(arena.folder / f"{name}.sock"), fastcgi.web("POST", "/login", body), body)
    return answer.cookie.partition("=")[2]


def rss(process):
    """Bytes."""
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status.read(), re.MULTILINE)[1]) * 1024


class Reading:
    """One start over the table as it is: sessions read back, seconds, bytes, and what visitors without
    a session waited meanwhile (ms, sorted)."""

    def __init__(self, arena, name):
        process, log = start(arena, name, {"capacity": SESSIONS * 5 // 4})
        self.waits = []
        with fastcgi.Connection(str(arena.folder / f"{name}.sock")) as visitor:
            deadline = time.monotonic() + PATIENCE
            while not (found := READ_BACK.search(log.read_text())):
                if time.monotonic() > deadline:
                    raise SystemExit(f"{name}: not read back in {PATIENCE} s")
                begun = time.monotonic()
                visitor.ask(fastcgi.web("GET", "/"))
                self.waits.append(1000 * (time.monotonic() - begun))
                time.sleep(0.002)  # the visitor is not the load here
        self.waits.sort()
        self.sessions, self.seconds = int(found[1]), float(found[2])
        self.bytes = rss(process)
        process.terminate()
        process.wait()


def read_back(arena):
    """Demands, as demand() takes them."""
    sql(arena, "TRUNCATE session")
    empty = Reading(arena, "empty").bytes
    for per_user in (1, 10):
        fill(arena, per_user)
        reading = Reading(arena, f"full-{per_user}")
        each = (reading.bytes - empty) / SESSIONS
        worst = reading.waits[-1]
        print(f"1,000,000 sessions, {per_user} a user: read back in {reading.seconds:.1f} s; visitors meanwhile "
              f"waited {statistics.median(reading.waits):.2f} ms, at most {worst:.1f} ms; {each:.0f} bytes each")
        yield reading.sessions == SESSIONS, f"{reading.sessions} sessions are read back"
        yield reading.seconds < 5, f"read back in {reading.seconds:.1f} s (below 5)"
        yield each <= 256, f"{each:.0f} bytes a session (at most 256)"


def main():
    with Arena() as arena:
        contest = compare_home(arena)
        to_memory = contest.ratio("gatehouse", "memory")
        demands = [(to_memory >= 0.95, f"home: {to_memory:.2f} of that with sessions in memory (at least 0.95)"),
                   *read_back(arena)]
    print()
    verdict = Verdict()
    for holds, text in demands:
        verdict.holds(holds, text)
    save("session", verdict, {}, home=contest.data())
    print(flush=True)
    looked_up = subprocess.run([BUILD / "tests/bench/bench_session"], check=False).returncode == 0
    return 0 if verdict.met and looked_up else 1


if __name__ == "__main__":
    sys.exit(main())
