"""A mount of its own for a gatehouse beside the stack's: the tutorial's site with other settings."""
import re
import shutil

from processes import spawn
from visitor import Site
from waiting import allow, eventually


class PagesSite:
    """A context manager: the stack's nginx files on another port, in front of another socket."""

    def __init__(self, stack, port, socket_path, limited=False, serves=401):
        """`limited`: with the limit of logins, which the stack has in a comment; once it is used up it stays so for some
        seconds, so that a slow test meets it still. `serves`: the status of its API for a stranger, once it is up."""
        self._limited, self._status = limited, serves
        self._stack, self._socket, self._port = stack, socket_path, port
        self._folder = stack.dir / f"nginx-{port}"
        self.site = Site(f"http://127.0.0.1:{port}")

    def __enter__(self):
        shutil.copytree(self._stack.dir / "nginx", self._folder, ignore=shutil.ignore_patterns("tmp*", "*.pid"))
        self._edit("gatehouse/upstream.conf", re.escape(self._stack.fcgi_socket), self._socket)
        self._edit("gatehouse/tutorial.conf", r"127\.0\.0\.1:\d+;", f"127.0.0.1:{self._port};")
        self._edit("gatehouse/tutorial.conf", r"127\.0\.0\.1:\d+ ssl", f"127.0.0.1:{self._port + 1} ssl")
        self._edit("nginx.conf", r"\bnginx/(tmp|nginx\.pid)", rf"nginx-{self._port}/\1")
        self._edit("nginx.conf", r"listen unix:\S+;", f"listen unix:{self._folder}/internal.sock;")
        if self._limited:
            self._edit("gatehouse/snippets/login-limit.conf", r"# (limit_req)", r"\1")
            self._edit("gatehouse/http.conf", r"rate=10r/s", "rate=12r/m")
        log = self._stack.logs / f"nginx-{self._port}.log"
        self.nginx = spawn(["nginx", "-e", str(log), "-p", str(self._stack.dir), "-c",
                            str(self._folder / "nginx.conf")], log)
        eventually(self._serves, allow(10), what=f"nginx serves ({log.read_text()[-500:]})")
        return self

    def __exit__(self, *_):
        self.nginx.stop(allow(10))
        shutil.rmtree(self._folder)

    def _edit(self, name, pattern, replacement):
        path = self._folder / name
        text, count = re.subn(pattern, replacement, path.read_text())
        assert count, (name, pattern)
        path.write_text(text)

    def _serves(self):
        try:
            return self.site.send("GET", "/").status_code == self._status
        except OSError:
            return False
