"""Programs of the packages that tests/support/peers.sh has unpacked. They run with that folder as their root, so that
each finds its own files where Debian puts them, and with the folder of temporary files at its own path, so that sockets
and settings have the same names outside."""

import functools
import pathlib
import shutil
import subprocess
import tempfile

from arena import HERE, ROOT

FILES = HERE / "peers/files"

# The shell becomes the program: it keeps its process id, and the mounts are gone with it.
ENTER = """set -e
root=$1 shared=$2
shift 2
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$shared" "$root$shared"
exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin LANG=C "$@"
"""


@functools.cache
def tree():
    """The folder; made, at the first time, from the machine's own mirror."""
    done = subprocess.run(["sh", ROOT / "tests/support/peers.sh"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"peers.sh failed:\n{done.stderr}")
    root = pathlib.Path(done.stdout.strip())
    for folder in ("dev", "proc", f".{tempfile.gettempdir()}"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for file in ("passwd", "group"):  # so that www-data is somebody
        shutil.copy(f"/etc/{file}", root / "etc" / file)
    return root


def inside(command, **environment):
    """The command that runs it in there."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "sh", tree(), tempfile.gettempdir(),
            *variables, *command]


def one(pattern):
    """The path, in there, of the one file whose name holds a version, such as usr/sbin/php-fpm*."""
    found = sorted(tree().glob(pattern))
    if not found:
        raise SystemExit(f"there is no {pattern} in {tree()}")
    return "/" + str(found[-1].relative_to(tree()))


def own(folder, user="www-data"):
    """A folder, made if it is not there, of the user that the program runs as."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.chown(folder, user, user)
    return folder
