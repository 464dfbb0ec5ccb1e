"""CrowdSec from Debian's package, in a folder of its own with nothing but our files, and no hub on the network."""
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

from waiting import allow

ROOT = Path(__file__).resolve().parents[3]
TREE = ROOT / "build/crowdsec"
EXAMPLE = ROOT / "systemd/crowdsec"


def is_packaged():
    """Whether this release of Debian has it."""
    shown = subprocess.run(["apt-cache", "policy", "crowdsec"], capture_output=True, text=True, check=True).stdout
    return "Candidate: " in shown and "Candidate: (none)" not in shown


def tree():
    """The unpacked package, kept in build/."""
    if not (TREE / "usr/bin/cscli").exists():
        TREE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-qq", "crowdsec"], cwd=TREE, check=True, stderr=subprocess.DEVNULL)
        [package] = TREE.glob("crowdsec_*.deb")
        subprocess.run(["dpkg", "-x", str(package), str(TREE)], check=True)
        package.unlink()
    return TREE


class _Api(http.server.BaseHTTPRequestHandler):
    """As much of CrowdSec's local API as its agent asks for before it ends."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = {"code": 200, "expire": "2099-01-01T00:00:00Z", "token": "none"}
        body = json.dumps(token if "login" in self.path else ["1"]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class CrowdSec:
    """A context manager: its parser and our scenario, over lines as of the journal."""

    def __init__(self, folder, port):
        self._folder, self._port = folder, port

    def __enter__(self):
        hub = tree() / "usr/share/crowdsec/hub"
        for stage, name in (("s00-raw", "syslog-logs.yaml"), ("s02-enrich", "dateparse-enrich.yaml")):
            (self._folder / "parsers" / stage).mkdir(parents=True)
            shutil.copy(hub / "parsers" / stage / "crowdsecurity" / name, self._folder / "parsers" / stage / name)
        shutil.copytree(EXAMPLE, self._folder, dirs_exist_ok=True)
        shutil.rmtree(self._folder / "acquis.d")
        for name in ("data", "hub", "notifications", "plugins", "postoverflows"):
            (self._folder / name).mkdir()
        etc = tree() / "etc/crowdsec"
        shutil.copytree(etc / "patterns", self._folder / "patterns")
        for name in ("simulation.yaml", "profiles.yaml"):
            shutil.copy(etc / name, self._folder / name)
        (self._folder / "acquis.yaml").touch()
        (self._folder / "hub/.index.json").write_text('{"parsers":{},"scenarios":{},"collections":{},"postoverflows":{}}')
        (self._folder / "local_api_credentials.yaml").write_text(
            f"url: http://127.0.0.1:{self._port}/\nlogin: x\npassword: y\n")
        config = (etc / "config.yaml").read_text()
        for folder in ("/etc/crowdsec/", "/var/lib/crowdsec/", "/usr/lib/crowdsec/", "/var/log/"):
            config = config.replace(f": {folder}", f": {self._folder}/")
        config = re.sub(r".*acquisition_dir.*\n", "", config).replace("daemonize: true", "daemonize: false")
        (self._folder / "config.yaml").write_text(config)
        self._api = http.server.ThreadingHTTPServer(("127.0.0.1", self._port), _Api)
        threading.Thread(target=self._api.serve_forever).start()
        return self

    def __exit__(self, *_):
        self._api.shutdown()
        self._api.server_close()

    def _run(self, *words):
        programs = str(tree() / "usr/bin")
        done = subprocess.run([f"{programs}/{words[0]}", "-c", str(self._folder / "config.yaml"), *words[1:]], cwd=self._folder,
                              env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=allow(120))
        assert done.returncode == 0, done.stdout[-2000:]
        return done.stdout

    def explain(self, lines):
        """[(line, the address that is counted, or None)], as `cscli explain` tells them."""
        (self._folder / "lines").write_text("".join(f"{line}\n" for line in lines))
        said = self._run("cscli", "explain", "--verbose", "--color", "no", "--file", str(self._folder / "lines"), "--type", "syslog")
        blocks = re.split(r"^line: ", said, flags=re.M)[1:]
        return [(block.splitlines()[0], self._counted(block)) for block in blocks]

    @staticmethod
    def _counted(block):
        counted = re.search(r"Scenarios\n.*gatehouse/gatehouse-guesses", block)
        address = re.search(r"Meta\.source_ip : (\S+)", block)
        return address.group(1) if counted and address else None

    def performers(self, lines):
        """The addresses that the scenario would have banned."""
        (self._folder / "lines").write_text("".join(f"{line}\n" for line in lines))
        # On a busy machine crowdsec ends with the file before it has told of a full bucket.
        for _ in range(5):
            said = self._run("crowdsec", "-no-api", "-type", "syslog", "-dsn", f"file://{self._folder}/lines")
            banned = re.findall(r"Ip (\S+) performed 'gatehouse/gatehouse-guesses'", said)
            if banned:
                break
        return banned
