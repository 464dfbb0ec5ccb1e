"""Home with a live session, against two other programs that write the same bytes.

One nginx with the project's own parameters hands /gatehouse to Gatehouse, /canned to a one-thread
epoll responder that parses nothing (the limit for any backend), and /textbook to 64 threads in
FCGX_Accept_r, which check the session as a program written by the book would. Five rounds, each of
several short turns of the three, since what a shared machine gives changes within seconds; medians
of the rounds, and of their ratios.
"""

import statistics
import sys

from arena import ADDRESS_HEADER, BUILD, CLIENTS, HONEST, PORT, ROOT, Arena, Wrk, accepts, demand, log_in, machine

sys.path.insert(0, str(ROOT / "tests/e2e"))
import fastcgi  # noqa: E402  (the raw client of the end-to-end tests)

ROUNDS, TURNS, SECONDS = 5, 6, 1
NGINX_PORT = PORT + 1
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


def start_nginx(arena):
    """The stack's own nginx files, with one more copy of api.conf and upstream.conf a backend."""
    files = arena.folder / "nginx/gatehouse"
    for name in BACKENDS[1:]:
        for kind in ("api", "upstream"):
            text = (files / f"{kind}.conf").read_text()
            text = text.replace("fastcgi_pass gatehouse;", f"fastcgi_pass {name};")
            text = text.replace("upstream gatehouse ", f"upstream {name} ")
            text = text.replace(arena.env["FCGI_SOCKET"], str(arena.folder / f"{name}.sock"))
            (files / f"{kind}-{name}.conf").write_text(text)
    (files / "api-gatehouse.conf").write_text((files / "api.conf").read_text())
    locations = "\n".join(f"location = /{name} {{ include gatehouse/api-{name}.conf; fastcgi_param PATH_INFO /; }}"
                          for name in BACKENDS)
    upstreams = "\n".join(f"include gatehouse/upstream-{name}.conf;" for name in BACKENDS[1:])
    conf = arena.folder / "nginx/bench.conf"
    conf.write_text(f"""
user root;
daemon off;
worker_processes auto;
pid nginx/bench.pid;
events {{ worker_connections 4096; }}
http {{
access_log off;
client_body_temp_path nginx/tmp;
fastcgi_temp_path nginx/tmp;
proxy_temp_path nginx/tmp;
scgi_temp_path nginx/tmp;
uwsgi_temp_path nginx/tmp;
include gatehouse/http.conf;
{upstreams}
server {{
listen 127.0.0.1:{NGINX_PORT};
{locations}
location @gatehouse_error {{ include gatehouse/error.conf; }}
}}
}}
""")
    arena.start(["nginx", "-e", arena.folder / "log/bench-nginx.log", "-p", arena.folder, "-c", conf],
                lambda: accepts(NGINX_PORT))


def measure(token, name):
    headers = {"Cookie": f"gatehouse={token}", ADDRESS_HEADER: HONEST}
    figures = Wrk(f"http://127.0.0.1:{NGINX_PORT}/{name}", SECONDS, headers=headers).result()
    if figures.refused or figures.broken:
        raise SystemExit(f"{name}: {figures.refused} answers were refusals; {figures.broken}")
    return figures


class Round:
    """Rate, p50 and p99 of each backend: medians of its turns, which go around between them."""

    def __init__(self, token):
        orders = (BACKENDS, BACKENDS[::-1])  # none always follows the same other
        turns = [{name: measure(token, name) for name in orders[i % 2]} for i in range(TURNS)]
        for figure in ("rate", "p50", "p99"):
            setattr(self, figure, {name: statistics.median(getattr(turn[name], figure) for turn in turns)
                                   for name in BACKENDS})


def main():
    with Arena() as arena:
        _, token, _ = log_in()
        start_responders(arena, home_answer(arena, token), token)
        start_nginx(arena)
        rounds = [Round(token) for _ in range(ROUNDS)]
    print(f"home with a session, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    print(f"{'':12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}   each round")
    for name in BACKENDS:
        rate, p50, p99 = (statistics.median(getattr(round_, figure)[name] for round_ in rounds)
                          for figure in ("rate", "p50", "p99"))
        each = " ".join(f"{round_.rate[name]:.0f}" for round_ in rounds)
        print(f"{name:12}{rate:12.0f}{p50:9.2f}{p99:9.2f}   {each}")
    print()
    to_canned, to_textbook = (statistics.median(round_.rate["gatehouse"] / round_.rate[name] for round_ in rounds)
                              for name in BACKENDS[1:])
    met = [demand(to_canned >= 0.95, f"{to_canned:.2f} of the canned responder (at least 0.95)"),
           demand(to_textbook >= 1.5, f"{to_textbook:.2f} of the textbook program (at least 1.5)")]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
