"""One more gatehouse beside the stack's, on a socket of its own that outlives it."""
import json
import signal
import socket
from pathlib import Path

import fastcgi
from processes import spawn, spawn_on_socket
from visitor import HOME, login_request
from waiting import allow, eventually


def write_config(stack, name, changes):
    """The stack's configuration with `changes` ({section: {key: value}}); gives its path."""
    settings = stack.config
    for section, values in changes.items():
        settings.setdefault(section, {}).update(values)
    loose = {key: value for key, value in settings.items() if not isinstance(value, dict)}
    sections = {key: value for key, value in settings.items() if isinstance(value, dict)}
    text = _lines(loose) + "".join(f"[{key}]\n{_lines(sections[key])}" for key in sections)
    # In the same folder: relative paths are taken from there.
    path = Path(stack.env["GATEHOUSE_CONF"]).with_name(f"{name}.toml")
    # As an editor does it: what reads the file meanwhile finds the old or the new one.
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.rename(path)
    return path


def _lines(values):
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


class Instance:
    """A context manager; at its end the process must exit with 0. Where its settings name no place
    to listen, it inherits a socket, as from systemd. `prefix` stands before its command line."""

    def __init__(self, stack, name, changes=None, socket_path=None, prefix=()):
        own_place = (changes or {}).get("server", {}).get("listen")
        self.place = _place(own_place) if own_place else socket_path or str(stack.dir / f"{name}.sock")
        self._listener = None if own_place else listen(self.place)
        self._log = stack.logs / f"{name}.log"
        self._stack, self._name = stack, name
        self.config = write_config(stack, name, changes) if changes is not None else None
        self._argv = [*prefix, *stack.command(self.config)]
        self.process = self.start()

    def start(self):
        """One more process in the same place."""
        if self._listener:
            return spawn_on_socket(self._argv, self._listener, self._log)
        return spawn(self._argv, self._log)

    def configure(self, changes):
        """Writes other settings into its file, which it does not read by itself."""
        write_config(self._stack, self._name, changes)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def wait_until_serving(self, within):
        eventually(self.serves, within, what="gatehouse serves")

    def wait_until_refusing(self, within):
        """It was started without MySQL: all but its health is 503."""
        eventually(lambda: self._home() == 503, within, what="gatehouse answers 503")

    def serves(self):
        return self._home() == 401

    def _home(self):
        try:
            return fastcgi.ask(self.place, HOME, timeout=allow(5)).status
        except (OSError, fastcgi.Closed):
            return None

    def ask(self, params, body=b"", **how):
        return fastcgi.ask(self.place, params, body, **how)

    def login(self, *credentials, **how):
        return self.ask(*login_request(*credentials, **how))

    def log(self):
        return self._log.read_text(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        code = self.process.stop(allow(12)) if self.process.running else 0
        if self._listener:
            self._listener.close()
        assert code == 0, f"gatehouse ended with {code}: {self.log()[-2000:]}"


def _place(setting):
    """What fastcgi.Connection takes, from `unix:PATH` or `HOST:PORT`."""
    scheme, _, rest = setting.partition(":")
    return rest if scheme == "unix" else (scheme, int(rest))


def listen(path):
    """A listening unix socket that nginx may use too."""
    Path(path).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    Path(path).chmod(0o666)
    listener.listen(4096)
    return listener
