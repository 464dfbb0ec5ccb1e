"""Home with a live session, against two other programs that write the same bytes.

One nginx with the project's own parameters hands /gatehouse to Gatehouse, /canned to a one-thread
epoll responder that parses nothing (the limit for any backend), and /textbook to 64 threads in
FCGX_Accept_r, which check the session as a program written by the book would. Five rounds, each of
several short turns of the three, since what a shared machine gives changes within seconds; medians
of the rounds, and of the ratios of all turns.
"""

import sys

from arena import BUILD, CLIENTS, ROOT, Arena, accepts, demand, log_in, machine
from backends import Round, print_rounds, ratio, start_nginx

sys.path.insert(0, str(ROOT / "tests/e2e/parts"))
import fastcgi  # noqa: E402  (the raw client of the end-to-end tests)

ROUNDS, TURNS, SECONDS = 5, 6, 1
BACKENDS = ["gatehouse", "canned", "textbook"]


def home_answer(arena, token):
    """The bytes that Gatehouse answers with, as they stand in its STDOUT records."""
    parameters = fastcgi.web("GET", "/", headers={"Cookie": f"gatehouse={token}"})
    raw = fastcgi.ask(arena.env["FCGI_SOCKET"], parameters).raw
    file = arena.folder / "answer"
    file.write_bytes(raw)
    return file


def start_responders(arena, answer, token):
    for name, arguments in {"canned": [], "textbook": [token]}.items():
        path = arena.folder / f"{name}.sock"
        command = [BUILD / f"tests/bench/{name}_responder", path, answer, *arguments]
        arena.start(command, lambda path=path: accepts(path))


def main():
    with Arena() as arena:
        _, token, _ = log_in()
        start_responders(arena, home_answer(arena, token), token)
        start_nginx(arena, BACKENDS)
        rounds = [Round(dict.fromkeys(BACKENDS, token), TURNS, SECONDS) for _ in range(ROUNDS)]
    print(f"home with a session, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    print_rounds(rounds)
    to_canned, to_textbook = (ratio(rounds, "gatehouse", name) for name in BACKENDS[1:])
    met = [demand(to_canned >= 0.95, f"{to_canned:.2f} of the canned responder (at least 0.95)"),
           demand(to_textbook >= 1.5, f"{to_textbook:.2f} of the textbook program (at least 1.5)")]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
