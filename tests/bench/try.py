"""Each peer once, each step of it: what all other benches take for granted."""

import sys

from arena import Arena, demand
from peers.company import ALL, Company, is_file
from peers.database import PASSWORD, user


def steps(company, name):
    """(whether it holds, what was to be seen)"""
    peer = company[name]
    session = {}
    if peer.login_request("", ""):
        refused = peer.log_in(user(peer.hash), PASSWORD + "!")
        yield refused is None, "a wrong password is refused"
        answer = peer.send(peer.login_request(user(peer.hash), PASSWORD + "!"))
        yield not answer.headers.get("Set-Cookie"), "and gets no cookie"
        nobody = peer.log_in("nobody", PASSWORD)
        yield nobody is None, "a name that nobody has is refused"
        session = peer.log_in(user(peer.hash, 17), PASSWORD)
        yield session is not None, "the right password gets in"
    if session is not None and not session:
        session = company.session(name)
    if session is None:
        return
    if peer.page:
        answer = peer.send(peer.page.within(session))
        yield answer.status == 200, f"the page with the session is answered 200 ({answer.status})"
        if name not in ("canned", "return-200"):  # they greet everybody
            answer = peer.send(peer.page)
            yield answer.status != 200, f"it is refused without ({answer.status})"
    if peer.file:
        yield is_file(peer.send(peer.file.within(session))), "the protected file comes with the session"
        if name not in ("open", "canned-auth"):  # they let in everybody
            answer = peer.send(peer.file)
            yield not is_file(answer), f"it is refused without ({answer.status})"


def main():
    wanted = sys.argv[1:]
    classes = [kind for kind in ALL if not wanted or kind.name in wanted]
    if len(classes) != (len(wanted) or len(ALL)):
        raise SystemExit(f"no such peer: {' '.join(wanted)}; there are {' '.join(kind.name for kind in ALL)}")
    met = []
    with Arena() as arena, Company(arena, classes) as company:
        for name, about in company.described().items():
            print(f"{name} {about['version']} {about['settings']}\n    {about['advice']}")
            for holds, text in steps(company, name):
                met.append(demand(holds, text))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
