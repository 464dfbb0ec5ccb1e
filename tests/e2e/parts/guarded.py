"""One more nginx in front of a stack, with protected locations of each kind (guarded.conf)."""
import os
from pathlib import Path

from processes import spawn
from visitor import Site
from waiting import allow, eventually

HERE = Path(__file__).resolve().parent
PHP = """<?php
header('Content-Type: application/json');
$input = fopen('php://input', 'rb');
for ($size = 0; !feof($input); $size += strlen(fread($input, 1 << 20)));
echo json_encode($_SERVER + ['body' => $size]);
"""
PAGES = ["members/page.html", "role/page.html", "fresh/page.html", "cached/page.html",
         "cached-role/page.html", "php/page.html", "php/pages/page.html", "front/page.html",
         "small/page.html", "page.html", *(f"bad/{name}/page.html" for name in
                                           ("none", "slash", "comma", "star", "time"))]
SECRET = "only for members"


class Guarded:
    """A context manager. `site` has single locations, `whole` is a server that is protected,
    `rewriting` one with a front controller for everything."""

    def __init__(self, stack, port):
        self._stack = stack
        self._folder = stack.dir / "guarded"
        self._ports = {"WHOLE_PORT": port + 1, "REWRITE_PORT": port + 2, "PORT": port}
        self.site = Site(f"http://127.0.0.1:{port}")
        self.whole = Site(f"http://127.0.0.1:{port + 1}")
        self.rewriting = Site(f"http://127.0.0.1:{port + 2}")

    def __enter__(self):
        self._write_files()
        conf = self._stack.dir / "nginx/guarded.conf"  # beside gatehouse/, which it includes
        conf.write_text(self._filled(HERE / "guarded.conf"))
        self.nginx = spawn(["nginx", "-e", f"{self._folder}/start.log", "-p", str(self._stack.dir),
                            "-c", str(conf)], self._folder / "start.log")
        eventually(self._serves, allow(10), what=f"nginx: {self._log()}")
        return self

    def __exit__(self, *_):
        self.nginx.stop(allow(10))

    def _log(self):
        return (self._folder / "start.log").read_text(errors="replace")[-2000:]

    def _serves(self):
        assert self.nginx.running, self._log()
        try:
            return self.site.send("GET", "/page.html").status_code == 200
        except OSError:
            return False

    def _filled(self, path):
        text = path.read_text()
        for name, value in {"GUARDED": self._folder, "PHP_SOCKET": self._stack.env["PHP_SOCKET"],
                            "APP_SOCKET": self._stack.env["APP_SOCKET"], **self._ports}.items():
            text = text.replace(name, str(value))
        return text

    def _write_files(self):
        files = self._folder / "files"
        for page in PAGES:
            self._file(files / page, f"<title>{SECRET}</title>" + "x" * 1000)
        for script in ("php/index.php", "php/own/index.php", "index.php"):
            self._file(files / script, PHP)
        self._file(files / "own-401.html", "the site's own page")
        self._file(files / "sorry.html", "sorry")
        zone = self._stack.dir / "nginx/gatehouse/snippets/auth-cache-zone.conf"
        text = zone.read_text().replace("/run/nginx-gatehouse", f"{self._folder}/auth-cache")
        (self._folder / "auth-cache-zone.conf").write_text(text)

    @staticmethod
    def _file(path, text):
        os.makedirs(path.parent, exist_ok=True)
        path.write_text(text)


def cookie(token, name="gatehouse"):
    return {"Cookie": f"{name}={token}"}
