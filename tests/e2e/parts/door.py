"""The way in, as the tests of known holes see it: a protected page, the API beside it, and the socket behind nginx."""
from dataclasses import dataclass

import fastcgi
from visitor import Site, auth_request

PAGE = "/members/page.html"
SECRET = "only for members"
NOBODY = "A" * 43  # the form of a token, and no session


@dataclass(frozen=True)
class Door:
    site: Site  # an nginx whose files are below PAGE, and the API below /gatehouse
    place: object  # the FastCGI socket behind it

    def page(self, cookie=None, **headers):
        """GET of the protected page, by a program."""
        return self.site.send("GET", PAGE, headers=_headers(cookie, headers))

    def api(self, method, path, cookie=None, headers=None, **how):
        return self.site.send(method, "/gatehouse" + path, headers=_headers(cookie, headers or {}), **how)

    def login(self, username="roy", password="roy", **how):
        return self.api("POST", "/login", json={"username": username, "password": password}, **how)

    def form(self, query, **how):
        return self.api("POST", "/login" + query, data={"username": "roy", "password": "roy"}, **how)

    def cookie(self, **how):
        """`name=value` of a new session of roy's."""
        answer = self.login(**how)
        assert answer.status_code == 200, answer.text
        return f"gatehouse={answer.cookies['gatehouse']}"

    def is_in(self, cookie):
        """Whether the page and the API believe the cookie; both always say the same."""
        page, home = self.page(cookie), self.api("GET", "/", cookie)
        assert (page.status_code == 200) == (SECRET in page.text) == (home.status_code == 200), (page, home)
        return page.status_code == 200

    def ask(self, params, body=b"", **how):
        """Straight on the socket."""
        return fastcgi.ask(self.place, params, body, **how)

    def judge(self, cookie="", headers=None, **params):
        """The answer to nginx's own question."""
        question = dict(auth_request(cookie))
        question.update({"HTTP_" + name.upper().replace("-", "_"): value for name, value in (headers or {}).items()})
        return self.ask(list({**question, **params}.items()))


def _headers(cookie, headers):
    spelt = {name.replace("_", "-"): value for name, value in headers.items()}
    return {**({"Cookie": cookie} if cookie else {}), **spelt}
