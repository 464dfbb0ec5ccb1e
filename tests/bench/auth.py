"""A small protected file, against what any backend could do, and against the same file unprotected.

One nginx serves the same file four times: open; guarded by Gatehouse; guarded by Gatehouse through the
cache of a second; and guarded by a one-thread epoll responder that parses nothing and writes the same
bytes (the limit for any FastCGI backend of auth_request). Rounds as in home.py. Then a page with 40
protected parts in headless Chromium, against the same page unprotected.
"""

import statistics
import sys
import tempfile

from arena import ADDRESS_HEADER, BUILD, CLIENTS, HONEST, PORT, ROOT, Arena, Wrk, accepts, demand, log_in, machine

sys.path.insert(0, str(ROOT / "tests/e2e/parts"))
import fastcgi  # noqa: E402  (the raw client of the end-to-end tests)
from browser import Browser  # noqa: E402

ROUNDS, TURNS, SECONDS = 5, 6, 1
NGINX_PORT = PORT + 1
PLACES = ["open", "gatehouse", "canned", "cached"]
PARTS, LOADS = 40, 15


def auth_answer(arena, token):
    """The bytes that Gatehouse lets in with, as they stand in its STDOUT records."""
    parameters = fastcgi.web("GET", "/auth", headers={"Cookie": f"gatehouse={token}"}, GATEHOUSE_INTERNAL="1",
                             GATEHOUSE_REQUIRE="*")
    answer = fastcgi.ask(arena.env["FCGI_SOCKET"], parameters)
    if answer.status != 204:
        raise SystemExit(f"/auth answers {answer.status}")
    file = arena.folder / "answer"
    file.write_bytes(answer.raw)
    return file


def start_canned(arena, answer):
    path = arena.folder / "canned.sock"
    arena.start([BUILD / "tests/bench/canned_responder", path, answer], lambda: accepts(path))
    return path


def write_files(arena):
    for place in PLACES:
        folder = arena.folder / "files" / place
        folder.mkdir(parents=True)
        (folder / "file.html").write_text("<p>" + "x" * 1000)
        (folder / "page.html").write_text(
            "<!DOCTYPE html><title>parts</title>"
            + "".join(f'<img src="{number}.svg" alt="">' for number in range(PARTS)))
        for number in range(PARTS):
            (folder / f"{number}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')


def start_nginx(arena, canned):
    """The project's own files; the canned responder is asked with the same parameters."""
    snippets = arena.folder / "nginx/gatehouse/snippets"
    parameters = (snippets / "auth-params.conf").read_text()
    asked = "fastcgi_pass $gatehouse_upstream;"
    if asked not in parameters:
        raise SystemExit(f"auth-params.conf has no `{asked}`: the canned responder would not be asked")
    (snippets / "canned-params.conf").write_text(parameters.replace(asked, "fastcgi_pass canned;"))
    zone = (snippets / "auth-cache-zone.conf").read_text()
    (snippets / "auth-cache-zone.conf").write_text(zone.replace("/run/nginx-gatehouse", arena.memory))
    conf = arena.folder / "nginx/bench.conf"
    conf.write_text(f"""
user root;
daemon off;
worker_processes auto;
pid nginx/bench.pid;
events {{ worker_connections 4096; }}
http {{
access_log off;
include /etc/nginx/mime.types;
client_body_temp_path nginx/tmp;
fastcgi_temp_path nginx/tmp;
proxy_temp_path nginx/tmp;
scgi_temp_path nginx/tmp;
uwsgi_temp_path nginx/tmp;
include gatehouse/http.conf;
include gatehouse/snippets/auth-cache-zone.conf;
upstream canned {{ {f'server unix:{canned} max_fails=0; ' * 32} keepalive 30; }}
server {{
listen 127.0.0.1:{NGINX_PORT};
root {arena.folder}/files;
include gatehouse/mount.conf;
include gatehouse/snippets/auth-cached.conf;
location ^~ /canned-auth/ {{
    fastcgi_split_path_info ^(/canned-auth)/(.*)$;
    include gatehouse/snippets/canned-params.conf;
}}
location ^~ /open/ {{ }}
location ^~ /gatehouse-files/ {{ auth_request gatehouse:*; alias {arena.folder}/files/gatehouse/; }}
location ^~ /canned/ {{ auth_request /canned-auth/*; }}
location ^~ /cached/ {{ auth_request gatehouse-cached:*; }}
}}
}}
""")
    arena.start(["nginx", "-e", arena.folder / "log/bench-nginx.log", "-p", arena.folder, "-c", conf],
                lambda: accepts(NGINX_PORT))


def url(place, name):
    folder = "gatehouse-files" if place == "gatehouse" else place
    return f"http://127.0.0.1:{NGINX_PORT}/{folder}/{name}"


def measure(token, place):
    headers = {"Cookie": f"gatehouse={token}", ADDRESS_HEADER: HONEST}
    figures = Wrk(url(place, "file.html"), SECONDS, headers=headers).result()
    if figures.refused or figures.broken:
        raise SystemExit(f"{place}: {figures.refused} answers were refusals; {figures.broken}")
    return figures.rate


def one_round(token):
    orders = (PLACES, PLACES[::-1])  # none always follows the same other
    turns = [{place: measure(token, place) for place in orders[i % 2]} for i in range(TURNS)]
    return {place: statistics.median(turn[place] for turn in turns) for place in PLACES}


def load_times(token):
    """Milliseconds until the page and its parts are there, open and guarded by turns."""
    times = {"open": [], "gatehouse": []}
    with Browser(f"http://127.0.0.1:{NGINX_PORT}") as browser:
        browser.open("/open/file.html")
        browser.driver.add_cookie({"name": "gatehouse", "value": token})
        browser.driver.execute_cdp_cmd("Network.enable", {})
        browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        for _ in range(LOADS):
            for place, taken in times.items():
                browser.driver.get(url(place, "page.html"))
                shown = browser.driver.execute_script(
                    "return [performance.getEntriesByType('navigation')[0].loadEventEnd,"
                    " [...document.images].filter((image) => image.naturalWidth > 0).length];")
                if shown[1] != PARTS:
                    raise SystemExit(f"{place}: {shown[1]} of {PARTS} parts came")
                taken.append(shown[0])
    return {place: statistics.median(taken) for place, taken in times.items()}


def main():
    with Arena() as arena, tempfile.TemporaryDirectory(prefix="gatehouse-bench-", dir="/dev/shm") as memory:
        arena.memory = f"{memory}/cache"
        _, token, _ = log_in()
        write_files(arena)
        start_nginx(arena, start_canned(arena, auth_answer(arena, token)))
        rounds = [one_round(token) for _ in range(ROUNDS)]
        loads = load_times(token)
    print(f"a protected file of 1 KB, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    print(f"{'':12}{'requests/s':>12}   each round")
    for place in PLACES:
        each = " ".join(f"{rates[place]:.0f}" for rates in rounds)
        print(f"{place:12}{statistics.median(rates[place] for rates in rounds):12.0f}   {each}")

    def ratio(one, other):
        return statistics.median(rates[one] / rates[other] for rates in rounds)

    print(f"\nto the unprotected file: {ratio('gatehouse', 'open'):.2f}, canned {ratio('canned', 'open'):.2f}")
    print(f"a page with {PARTS} parts: {loads['open']:.0f} ms open, {loads['gatehouse']:.0f} ms protected\n")
    slower = loads["gatehouse"] - loads["open"]
    met = [demand(ratio("gatehouse", "canned") >= 0.90,
                  f"{ratio('gatehouse', 'canned'):.2f} of the canned responder (at least 0.90)"),
           demand(ratio("cached", "open") >= 0.50,
                  f"with the cache {ratio('cached', 'open'):.2f} of the unprotected file (at least 0.50)"),
           demand(slower <= 150, f"a page of {PARTS} parts is {slower:.0f} ms slower (at most 150)")]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
