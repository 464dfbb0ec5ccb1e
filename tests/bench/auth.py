"""A small protected file, beside what guards files elsewhere, what any backend could do, and the file unprotected.

Behind one nginx, the same file: open; guarded by Gatehouse, with and without the cache of a second; by a responder that
parses nothing and writes the same bytes (the limit of any backend of auth_request); by LemonLDAP::NG, PHP-FPM and Flask;
by auth_basic; and, without nginx, by Apache. First all ask with one session, then those that keep their sessions on the
server with 10,000, chosen at random, each of which has been used once before. Then a page with 40 protected parts in
headless Chromium, beside the same page unprotected.
"""

import concurrent.futures
import statistics
import sys

from arena import CLIENTS, ROOT, Arena, machine
from contest import Contest, Verdict, print_peers, save
from peers.apache import Apache
from peers.basic import Basic, BasicApr1
from peers.company import Company, is_file
from peers.flask import Gunicorn, Uwsgi
from peers.gatehouse import Cached, Gatehouse, Unkept
from peers.lemonldap import LemonLdap
from peers.php import Php
from peers.responders import CannedAuth, Open

sys.path.insert(0, str(ROOT / "tests/e2e/parts"))
from browser import Browser  # noqa: E402  (of the end-to-end tests)

ROUNDS, TURNS, SECONDS = 3, 4, 1
PEERS = [Open, Gatehouse, CannedAuth, Cached, Unkept, LemonLdap, Apache, Php, Uwsgi, Gunicorn, Basic, BasicApr1]
SESSIONS = 10_000
OF_MANY = ["gatehouse", "lemonldap", "apache", "php-fpm"]
PARTS, LOADS = 40, 15


def one_session(company):
    names = [kind.name for kind in PEERS]
    files = {name: company[name].file.within(company.session(name)) for name in names}
    return Contest(names, lambda name: company[name].ask(files[name], SECONDS), ROUNDS, TURNS)


def used_once(peer, requests):
    """Asks each of them, and looks whether the file comes."""
    with concurrent.futures.ThreadPoolExecutor(8) as visitors:
        if not all(visitors.map(lambda request: is_file(peer.send(request)), requests)):
            raise SystemExit(f"{peer.name} refuses one of {len(requests)} sessions")


def many_sessions(company):
    requests = {}
    for name in OF_MANY:
        peer = company[name]
        requests[name] = [peer.file.within(session) for session in peer.many_sessions(SESSIONS)]
        used_once(peer, requests[name])
    return Contest(OF_MANY, lambda name: company[name].ask_any(requests[name], SECONDS), ROUNDS, TURNS)


def write_pages(arena):
    for place in ("open", "files"):
        folder = arena.folder / "files" / place
        (folder / "page.html").write_text(
            "<!DOCTYPE html><title>parts</title>"
            + "".join(f'<img src="{number}.svg" alt="">' for number in range(PARTS)))
        for number in range(PARTS):
            (folder / f"{number}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')


def load_times(company):
    """Milliseconds until the page and its parts are there, open and guarded by turns."""
    write_pages(company.arena)
    times = {"open": [], "files": []}
    origin = f"http://127.0.0.1:{company['gatehouse'].port}"
    token = company.session("gatehouse")["Cookie"].partition("=")[2]
    with Browser(origin) as browser:
        browser.open("/")
        browser.driver.add_cookie({"name": "gatehouse", "value": token})
        browser.driver.execute_cdp_cmd("Network.enable", {})
        browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        for _ in range(LOADS):
            for place, taken in times.items():
                browser.driver.get(f"{origin}/{place}/page.html")
                shown = browser.driver.execute_script(
                    "return [performance.getEntriesByType('navigation')[0].loadEventEnd,"
                    " [...document.images].filter((image) => image.naturalWidth > 0).length];")
                if shown[1] != PARTS:
                    raise SystemExit(f"{place}: {shown[1]} of {PARTS} parts came")
                taken.append(shown[0])
    return {place: statistics.median(taken) for place, taken in times.items()}


def verdict_of(one, many, loads):
    verdict = Verdict()
    verdict.least(one.ratio("gatehouse", "canned-auth"), 0.90, "of the canned responder")
    verdict.least(one.ratio("gatehouse-cached", "open"), 0.50, "of the unprotected file, with the cache")
    verdict.least(one.ratio("gatehouse", "lemonldap"), 5, "times LemonLDAP::NG")
    verdict.least(many.ratio("gatehouse", "lemonldap"), 20, f"times LemonLDAP::NG, with {SESSIONS} sessions")
    verdict.most(loads["files"] - loads["open"], 150, f"ms more for a page of {PARTS} parts")
    return verdict


def main():
    with Arena() as arena, Company(arena, PEERS) as company:
        peers = company.described()
        one, loads = one_session(company), load_times(company)
        many = many_sessions(company)
    print(f"a protected file of 1 KB, {CLIENTS} clients, medians of {ROUNDS} rounds of {TURNS} turns of {SECONDS} s "
          f"({machine()})\n")
    print_peers(peers)
    one.print()
    print(f"with {SESSIONS} sessions:\n")
    many.print()
    print(f"to the unprotected file: {one.ratio('gatehouse', 'open'):.2f}, canned {one.ratio('canned-auth', 'open'):.2f}")
    print(f"a page with {PARTS} parts: {loads['open']:.0f} ms open, {loads['files']:.0f} ms protected\n")
    verdict = verdict_of(one, many, loads)
    save("auth", verdict, peers, clients=CLIENTS, one_session=one.data(), sessions=SESSIONS, many_sessions=many.data(),
         page_ms=loads)
    return 0 if verdict.met else 1


if __name__ == "__main__":
    sys.exit(main())
