"""Programs of a Debian in a folder: what they write stays beside it. tests/support/installed.sh makes the folders."""
import os
import subprocess
from pathlib import Path

SCRIPTS = Path(__file__).with_name("installed")
# In mounts of its own, which end with it: the tree below, what is written above it, and at their places the database's
# socket and the scripts of the tests.
ENTER = """
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
socket=$3 scripts=$4
cd "$2/root"
shift 4
mount --rbind /dev dev
mount --bind /proc proc
mount --bind "$socket" run/mysqld
mount --bind "$scripts" mnt
exec chroot . "$@"
"""


class DebianTree:
    """One of the folders, in which an application is installed. `socket` is the database's."""

    def __init__(self, root, folder, socket):
        self._root, self._folder = Path(root), Path(folder)
        self._run_folder = self._folder / "run"
        for name in ("upper", "work", "root", "run"):
            (self._folder / name).mkdir(parents=True)
        self._socket = Path(socket)

    def write(self, path, text):
        """A file in it, before anything runs there."""
        file = self._folder / "upper" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *argv, given="", **env):
        """What it prints."""
        # The name that the applications look for.
        link = self._run_folder / "mysqld.sock"
        link.unlink(missing_ok=True)
        os.link(self._socket, link)
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-euc", ENTER, "sh", self._root, self._folder, self._run_folder, SCRIPTS,
             *argv],
            input=given, capture_output=True, text=True, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", **env})
        assert done.returncode == 0, f"{argv}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout
