"""How soon each answers after it was started, how much memory it has then, and how large its program is.

A stranger asks for home, or for the protected file, without a pause; the first answer is the first whose status is below
500, since nginx answers so itself while nobody else does. Programs of the unpacked packages are entered by chroot, which
takes some milliseconds; these are measured and taken off. Memory is that of all processes, after a second's rest: RSS
counts shared pages in each process, PSS once in all. `program` is the file that was started (of PHP, Python and Perl the
interpreter), `code` all files that the processes have mapped as code, libraries too; what was built here is counted
without its debugging symbols, which its package does not have either.
"""

import http.client
import os
import pathlib
import statistics
import subprocess
import sys
import time

from arena import BUILD, Arena, machine
from contest import Contest, Verdict, print_peers, save
from peers.apache import Apache
from peers.company import Company
from peers.flask import Gunicorn, Uwsgi
from peers.gatehouse import Gatehouse
from peers.lemonldap import LemonLdap
from peers.php import Php
from peers.responders import Canned, Textbook
from peers.tree import inside

ROUNDS, TURNS = 3, 1
PATIENCE = 60  # seconds
PEERS = [Gatehouse, Canned, Textbook, Php, Uwsgi, Gunicorn, Apache, LemonLdap]
FIGURES = ("first_answer", "rss", "pss", "program", "code")


def entering():
    """Milliseconds that entering the tree takes."""
    def once():
        begun = time.monotonic()
        subprocess.run([str(part) for part in inside(["true"])], check=True)
        return 1000 * (time.monotonic() - begun)
    return statistics.median(once() for _ in range(15))


def first_answer(peer):
    """Milliseconds from the start on."""
    request = peer.asked_first()
    begun = time.monotonic()
    peer.launch()
    while time.monotonic() < begun + PATIENCE:
        try:
            if peer.send(request).status < 500:
                return 1000 * (time.monotonic() - begun)
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.001)
    raise SystemExit(f"{peer.name} does not answer in {PATIENCE} s")


def memory(pids, figure):
    """MB of all of them."""
    total = 0
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{figure}:"):
                total += int(line.split()[1])
    return total / 1024


def mapped(pids):
    """MB of the files that they have mapped as code, each once."""
    files = set()
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            parts = line.split(maxsplit=5)
            if len(parts) == 6 and "x" in parts[1] and parts[5].startswith("/"):
                files.add(parts[5])
    return sum(size_of(pathlib.Path(file)) for file in files) / 1e6


def size_of(file):
    """Bytes; without debugging symbols, if it is a program of ours."""
    if not file.is_relative_to(BUILD.resolve()):
        return file.stat().st_size if file.exists() else 0
    stripped = f"/tmp/gatehouse-bench-{os.getpid()}.stripped"
    subprocess.run(["strip", "-o", stripped, file], check=True)
    try:
        return os.stat(stripped).st_size
    finally:
        os.unlink(stripped)


class Start:
    """One start."""

    def __init__(self, peer, taken_off):
        peer.stop()
        enters = "chroot" in " ".join(map(str, peer.command()))
        self.first_answer = first_answer(peer) - (taken_off if enters else 0)
        time.sleep(1)  # its rest, not somebody's turn to be waited for
        pids = peer.processes()
        self.rss, self.pss, self.code = memory(pids, "Rss"), memory(pids, "Pss"), mapped(pids)
        self.program = size_of(pathlib.Path(os.readlink(f"/proc/{pids[0]}/exe"))) / 1e6


def main():
    names = [kind.name for kind in PEERS]
    with Arena() as arena, Company(arena, PEERS) as company:
        peers, taken_off = company.described(), entering()
        contest = Contest(names, lambda name: Start(company[name], taken_off), ROUNDS, TURNS, FIGURES)
    print(f"a start, medians of {ROUNDS} ({machine()}); entering the tree takes {taken_off:.0f} ms, which are taken off\n")
    print_peers(peers)
    contest.print(("answers, ms", "RSS, MB", "PSS, MB", "program, MB", "code, MB"))
    verdict = Verdict()
    verdict.most(contest.median("gatehouse", "first_answer"), 60, "ms to the first answer")
    verdict.most(contest.median("gatehouse", "rss"), 12, "MB of memory at rest")
    save("start", verdict, peers, entering_ms=taken_off, figures=contest.data())
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
