"""Every piece of nginx configuration that the documents and the comments print, loaded and asked."""
import os
import re
from pathlib import Path

import pytest

from front import Front
from guarded import SECRET
from printed import ROOT, commented_out, in_comments, in_documents

SCRIPT = "<?php echo 'run by PHP for '.(($_SERVER['REMOTE_USER'] ?? '') ?: 'nobody');"
RUN = "run by PHP for "
NOBODY, ROY, ADMIN = "nobody", "roy", "admin"
PAGE, CODE, APP = "page.html", "index.php", ""


def closed(path, *inside, data=SECRET):
    """A stranger is refused; those who may come in get the file (or what the script says)."""
    script = path.endswith(".php")
    return [(path, NOBODY, 401, ""),
            *((path, who, 200, RUN + who if script else data) for who in inside),
            *((path, who, 403, "") for who in {ROY, ADMIN}.difference(inside))]


def opened(path, words=""):
    return [(path, who, 200, words) for who in (NOBODY, ROY)]


# What each block is for, by its first location: (path, who asks, status, words in the answer).
ASKED = {
    "/members/": closed("/members/page.html", ROY, ADMIN) + closed("/members/index.php", ROY, ADMIN)
                 + opened("/page.html") + opened("/index.php", RUN + NOBODY),
    "/office/": closed("/office/page.html", ADMIN) + closed("/office/index.php", ADMIN),
    "/wiki/admin/": closed("/wiki/admin/page.html", ADMIN) + [
        ("/wiki/admin/users", NOBODY, 401, ""), ("/wiki/admin/users", ADMIN, 200, RUN + ADMIN),
        ("/wiki/index.php/admin/users", NOBODY, 404, ""), ("/wiki/index.php/admin/users", ADMIN, 404, ""),
        ("/wiki/Home", NOBODY, 200, RUN + NOBODY), ("/wiki/index.php", NOBODY, 200, RUN + NOBODY),
        ("/wiki/other.php", NOBODY, 404, "")],
    "/app/": closed("/app/x", ROY, ADMIN, data="Remote-User: "),
    "/team/": closed("/team/x", ROY, ADMIN, data="Remote-User: "),
    "/intranet/": closed("/intranet/x", ROY, ADMIN, data="Remote-User: "),
    "/shop/": closed("/shop/page.html", ROY, ADMIN) + [("/shop/nothing", ROY, 404, "")],
    "/data/": closed("/data/page.html", ROY, ADMIN),
    "server {": closed("/page.html", ROY, ADMIN) + [
        ("/.well-known/acme-challenge/token", NOBODY, 200, "challenge"),
        ("/.well-known/change-password", NOBODY, 303, "")],
    "/wp-content/uploads/editors/": [("/wp-content/uploads/editors/page.html", who, status, words) for who, status, words in (
        (NOBODY, 401, ""), (ADMIN, 403, ""), (ROY, 403, ""))],
    "/horizon": [("/horizon/jobs", NOBODY, 401, ""), ("/horizon/jobs", ROY, 403, ""), ("/horizon/jobs", ADMIN, 200, RUN),
                 ("/horizon", NOBODY, 401, ""), ("/index.php/horizon", ADMIN, 404, ""), ("/index.php", NOBODY, 200, RUN)],
    "/orders/": closed("/orders/page.html", ROY, ADMIN),
    "/photos/": closed("/photos/page.html", ROY, ADMIN),
    "auth_request gatehouse:*;": closed("/page.html", ROY, ADMIN),  # the three lines of snippets/auth.conf
    "auth_request gatehouse-cached:admin;": closed("/page.html", ADMIN),
}
HTTP_LEVEL = "# http level"
FILES = {f"{folder}{name}": content for folder in
         ("", "members/", "office/", "wiki/", "wiki/admin/", "shop/", "photos/", "intranet/", "data/", "orders/",
          "wp-content/uploads/editors/")
         for name, content in ((PAGE, SECRET), (CODE, SCRIPT))}
FILES["wiki/other.php"] = SCRIPT
FILES[".well-known/acme-challenge/token"] = "challenge"


def place_of(block):
    return block.place


BLOCKS = [*in_documents(), *in_comments()]
HTTP = "\n".join(block.text for block in BLOCKS if block.text.startswith(HTTP_LEVEL))
SERVER_LEVEL = [block for block in BLOCKS if not block.text.startswith(HTTP_LEVEL)]


def whole_server(text):
    """As a host has it, but for its addresses and folders."""
    if not re.search(r"^server \{", text, re.MULTILINE):
        php = "location ~ \\.php$ { include snippets/fastcgi-php.conf; fastcgi_pass unix:/run/php/php-fpm.sock; }"
        text = ("server {\nlisten 80;\nserver_name www.example.com;\nroot /var/www/example;\n"
                f"include gatehouse/mount.conf;\n{text}\n{php}\n}}\n")
    for shown, tried in (("listen 80;", "listen 127.0.0.1:PORT;"), ("unix:/run/php/php-fpm.sock", "unix:PHP_SOCKET"),
                         ("/var/www/example", "FILES"), ("http://127.0.0.1:8000", "http://unix:APP_SOCKET")):
        text = text.replace(shown, tried)
    return text


def host_files(front, stack):
    """Debian's own snippets where nginx looks for them, and a folder for the cache."""
    nginx = stack.dir / "nginx"
    for name in ("snippets", "fastcgi.conf", "fastcgi_params"):
        if not (nginx / name).exists():
            os.symlink(f"/etc/nginx/{name}", nginx / name)
    text = front.conf.read_text()
    zone = (nginx / "gatehouse/snippets/auth-cache-zone.conf").read_text()
    (front.folder / "zone.conf").write_text(zone.replace("/run/nginx-gatehouse", f"{front.folder}/auth-cache"))
    lines = "include gatehouse/snippets/auth-cache-zone.conf;"
    front.conf.write_text(text.replace(lines, f"include {front.folder}/zone.conf;"))


class Printed(Front):
    def write(self):
        super().write()
        # One map of the whole http level: $connection_upgrade is among what is printed.
        text = self.conf.read_text()
        self.conf.write_text(re.sub(r"^map \$http_upgrade \$connection_upgrade \{ default.*\n", "", text, count=1,
                                    flags=re.MULTILINE))
        host_files(self, self._stack)


@pytest.fixture(scope="module")
def people(stack):
    """Their cookies under both names: some of the blocks are behind TLS."""
    tokens = {name: stack.site().token(name) for name in (ROY, ADMIN)}
    return {NOBODY: {}, **{name: {"Cookie": f"gatehouse={token}; __Host-gatehouse={token}"}
                           for name, token in tokens.items()}}


def test_what_is_printed_is_known_to_this_test():
    unknown = [f"{block.place}: {block.key}" for block in SERVER_LEVEL if block.key not in ASKED]
    assert not unknown
    assert {block.key for block in SERVER_LEVEL} == set(ASKED), "and nothing here is of a block that has gone"


@pytest.mark.parametrize("name", ["README.md", "SECURITY.md", "nginx/README.md", "systemd/man/gatehouse.8",
                                  "nginx/snippets/auth.conf"])
def test_no_document_promises_what_nginx_does_not(name):
    """Each says what keeps a place closed, where it is open all the same, and how a stranger asks."""
    text = (ROOT / name).read_text()
    assert not re.search(r"always (?:stays )?closed|never open", text)
    for words in ("^~", "^/", "try_files", "error_page 404", "curl", "401", "303"):
        assert words in text, words


def test_each_file_that_should_have_one_has_an_example():
    files = {block.place.partition(":")[0] for block in BLOCKS}
    assert {"README.md", "nginx/README.md", "systemd/man/gatehouse.8", "nginx/snippets/auth.conf",
            "nginx/snippets/auth-cached.conf"} <= files


def variants(block):
    """A list of lines that are used one at a time."""
    lines = [line for line in block.text.splitlines() if line.strip()]
    if all(line.strip().startswith("auth_request ") for line in lines):
        return [line.partition(";")[0] + ";" for line in lines]
    return [block.text]


@pytest.mark.parametrize("block", SERVER_LEVEL, ids=place_of)
def test_a_printed_block_does_what_it_is_printed_for(stack, port, people, block):
    for text in variants(block):
        if "gatehouse-cached" in text and "auth-cached.conf" not in text:
            text = "include gatehouse/snippets/auth-cached.conf;\n" + text
        demand = re.search(r"gatehouse(?:-cached)?:([^;]*);", text)[1]
        with Printed(stack, port + 44, whole_server(text), http=HTTP, files=FILES, name="printed") as front:
            for path, who, status, words in ASKED[block.key]:
                if block.key.startswith("auth_request") and who == ROY:
                    status, words = (200, SECRET) if demand.startswith("*") else (403, "")
                answer = front.ask(path, host="www.example.com", headers=people[who])
                assert (answer.status_code, words in answer.text) == (status, True), (path, who, answer.text[:200])
                assert "<?php" not in answer.text, "PHP is served as text"


def test_the_network_of_the_recipe_comes_in_with_a_name_or_without(stack, port, people):
    [block] = [block for block in SERVER_LEVEL if block.key == "/intranet/"]
    http = HTTP.replace("192.0.2.0/24", "127.0.0.0/8")
    with Printed(stack, port + 44, whole_server(block.text), http=http, files=FILES, name="printed") as front:
        assert "Remote-User: roy" in front.ask("/intranet/x", headers=people[ROY]).text
        answer = front.ask("/intranet/x", headers={"Remote-User": "admin"})
        assert answer.status_code == 200 and "Remote-User: admin" not in answer.text


def test_the_lines_that_wait_in_comments_work_where_they_stand(stack, port, people):
    """All of them at once, in a copy of the files."""
    lines = list(commented_out())
    assert lines
    # The value that waits beside an empty one.
    edits = {Path("snippets/links.conf"): [('default "";  # /members/', "default /;")]}
    for path, line in lines:
        if path.name != "root.conf":
            edits.setdefault(path.relative_to(ROOT / "nginx"), []).append(("# " + line, line))
    servers = "server { listen 127.0.0.1:PORT; root FILES; include gatehouse/mount.conf; location ^~ /members/ {" \
              "auth_request gatehouse:*; } }"
    with Front(stack, port + 44, servers, files=FILES, name="uncommented", edits=edits) as front:
        assert front.ask("/members/page.html").status_code == 401
        assert front.ask("/members/page.html", headers=people[ROY]).status_code == 200
        answers = [front.ask("/gatehouse/login", method="POST", data={"username": "roy", "password": "roy"})
                   for _ in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {"/"}
