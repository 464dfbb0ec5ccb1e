"""The machine as it would be with the packages of tests/support/applications.sh installed. Nothing is: the folders where
they were unpacked lie over /usr, /etc and /var in a mount namespace, and only what a test starts in it sees them there.
So applications run from their own paths, with the settings in their own files, as on a host."""
import os
import re
import signal
import subprocess
from pathlib import Path

from processes import spawn
from waiting import allow, eventually

ROOT = os.environ.get("GATEHOUSE_TEST_APPLICATIONS", "")
# What is written goes into a tmpfs, which ends with the namespace.
MOUNTS = """
mount -t tmpfs -o mode=755 upper "$2"
for name in usr etc var; do
    mkdir -p "$2/$name" "$2/work-$name" "$1/$name"
    mount -t overlay -o "lowerdir=$1/$name:/$name,upperdir=$2/$name,workdir=$2/work-$name" overlay "/$name"
done
mount -t tmpfs -o mode=755 run /run
mkdir /run/php
touch "$2/ready"
exec sleep infinity
"""
POOL = """
[global]
error_log = FOLDER/fpm.log
daemonize = no
[www]
user = www-data
group = www-data
listen = /run/php/php-fpm.sock
listen.owner = www-data
listen.group = www-data
listen.mode = 0660
pm = static
pm.max_children = 2
catch_workers_output = yes
"""


class UnpackedHost:
    """A context manager. `folder` is for what it and its programs leave behind; it must be there."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._holder, self._php = None, None

    def __enter__(self):
        upper = self.folder / "upper"
        upper.mkdir()
        argv = ["unshare", "--mount", "--propagation", "private", "sh", "-euc", MOUNTS, "sh", ROOT, str(upper)]
        self._holder = spawn(argv, self.folder / "mounts.log")
        eventually(lambda: self._is_ready(upper), allow(20), what="the folders are mounted")
        return self

    def _is_ready(self, upper):
        assert self._holder.running, (self.folder / "mounts.log").read_text()
        return self.path(upper / "ready").exists()

    def __exit__(self, *_):
        if self._php:
            self._php.stop(allow(20))
        self._holder.stop(allow(10), signal.SIGKILL)

    def path(self, name):
        """The file of the host of this name, for a test, which is not in there. An absolute link in it leads astray."""
        return Path(f"/proc/{self._holder.pid}/root{name}")

    def read(self, name):
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name, text, owner="root", mode=0o644):
        """The folder is made where it is missing."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, encoding="utf-8")
        self.path(name).chmod(mode)
        self.run("chown", owner, name)

    def inside(self, argv):
        """The command line that runs `argv` in there. It is the same process."""
        return ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", *argv]

    def run(self, *argv, **options):
        """What it prints. Fails the test if it fails."""
        done = subprocess.run(self.inside(argv), capture_output=True, text=True, check=False, timeout=allow(300), **options)
        assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
        return done.stdout

    def spawn(self, argv, log, **options):
        return spawn(self.inside(argv), log, **options)

    def start_php(self, mysql_socket):
        """PHP-FPM at /run/php/php-fpm.sock, with all modules that were unpacked, which `php` has then, too."""
        program = max(Path("/usr/sbin").glob("php-fpm[0-9]*"))  # its name holds the version
        version = program.name.removeprefix("php-fpm")
        for text in self._modules(version):
            priority = re.search(r"priority=(\d+)", text)
            name = re.search(r"^(?:zend_)?extension=(\w+)", text, re.MULTILINE)[1]
            self._write_ini(version, f"{priority[1] if priority else 20}-{name}.ini", text)
        self._write_ini(version, "99-test.ini", f"pdo_mysql.default_socket={mysql_socket}\n"
                        f"mysqli.default_socket={mysql_socket}\nlog_errors=1\nerror_log={self.folder}/php.log\n")
        (self.folder / "php.log").touch()
        (self.folder / "php.log").chmod(0o666)
        (self.folder / "fpm.conf").write_text(POOL.replace("FOLDER", str(self.folder)))
        self._php = self.spawn([str(program), "-y", str(self.folder / "fpm.conf")], self.folder / "fpm.out")
        eventually(self.path("/run/php/php-fpm.sock").exists, allow(20), what="PHP listens")

    def _modules(self, version):
        folder = Path(ROOT) / "usr/share"
        return [path.read_text() for path in sorted(folder.glob(f"php{version}-*/*/*.ini"))]

    def _write_ini(self, version, name, text):
        for api in ("cli", "fpm"):
            self.write(f"/etc/php/{version}/{api}/conf.d/{name}", text)
