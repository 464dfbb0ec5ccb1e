"""Clusters of three database nodes, their troubles, and two hosts on them."""
import errno
import os
import signal
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from instance import Instance, write_config
from ledger import NODES, NOTICED, Ledger, ready, whole
from member import Members, cookie_of, log_in, log_out, name, status
from verbs import run_verb
from waiting import allow, eventually

SUPPORT = Path(__file__).resolve().parents[2] / "support"
WHOLE_AGAIN = 5.0  # seconds, from the moment when a writable and current node is there
SPARE_MB = 96  # on the small disk of a node
BALLOON = "balloon"  # the file that fills it


class Cluster:
    """Takes the place of Database where tables are filled."""

    script = None  # in tests/support
    variable = None  # of the environment: the folder of the cluster
    how = {}  # more settings of the section `mysql`
    causal = None  # SQL after which a connection reads what is current, or waits

    def __init__(self):
        self.folder = Path(os.environ[self.variable])
        self.port = int((self.folder / "ports").read_text())

    def run(self, sql, node=1, database="gatehouse", timeout=60):
        command = [*self.client(node), database]
        return subprocess.run(command, input=sql, text=True, capture_output=True, check=True, timeout=timeout).stdout

    def client(self, node):
        return ["mariadb", "--no-defaults", "-uroot", "-N", "-S", str(self.folder / f"{node}.sock")]

    @contextmanager
    def session(self, sql, node):
        """Holds what this does (a lock) until the end of the block."""
        with subprocess.Popen([*self.client(node), "-n", "gatehouse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as client:
            client.stdin.write(f"{sql}; SELECT 'done';\n")
            client.stdin.flush()
            assert client.stdout.readline().strip() == "done"
            yield
            client.stdin.close()

    def call(self, verb, node):
        # Not through pipes: the node would hold them open.
        with open(self.folder / "calls.log", "a", encoding="utf-8") as log:
            subprocess.run(["sh", str(SUPPORT / self.script), verb, str(self.folder), str(node)],
                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, timeout=allow(300))

    @contextmanager
    def disk_of_its_own(self, node):
        """A node that holds its data on a small disk: gives the folder where that is mounted."""
        data = self.folder / f"{node}.data"
        used = int(subprocess.check_output(["du", "-sm", str(data)], text=True).split()[0])
        self._swap_data(node, lambda: _run("mount", "-t", "tmpfs", "-o", f"size={used + SPARE_MB}m", "disk", str(data)))
        try:
            yield data
        finally:
            (data / BALLOON).unlink(missing_ok=True)
            self._swap_data(node, lambda: _run("umount", str(data)))

    def _swap_data(self, node, change):
        """Its data is what it was, on another disk."""
        data, copy = self.folder / f"{node}.data", self.folder / f"{node}.copy"
        self.call("kill", node)
        _run("cp", "-a", str(data), str(copy))
        change()
        _run("find", str(data), "-mindepth", "1", "-delete")
        _run("cp", "-aT", str(copy), str(data))
        _run("rm", "-rf", str(copy))
        self.call("start", node)

    @contextmanager
    def stopped(self, node):
        """Its process does nothing until the end of the block."""
        os.kill(self.pid(node), signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid(node), signal.SIGCONT)

    def wait_until_whole(self):
        """Each node sees the others and is in step with them."""
        raise NotImplementedError

    def pid(self, node):
        return int((self.folder / f"{node}.pid").read_text())

    def servers(self, first):
        """As mysql.host has them, this node first."""
        return ", ".join(f"127.0.0.{node}:{self.port}" for node in (NODES * 2)[first - 1:first + 2])

    def prepare(self, stack):
        """Makes the tables; gives the settings of a host that prefers a node."""
        password = Path(stack.env["STACK_DIR"], "mysql.password").read_text().strip()
        self.run("CREATE DATABASE gatehouse;" + self._account(password), database="", node=self.writable_node())
        self.run("CREATE TABLE user (id int PRIMARY KEY, username varchar(45), password varchar(255));"
                 "CREATE TABLE written (node int, n int AUTO_INCREMENT PRIMARY KEY)", node=self.writable_node())

        def settings(node, **session):
            mysql = {"socket": "", "host": self.servers(node), **self.how}
            return Members.settings(mysql=mysql, session={"hosts": "several", "max_per_user": 10_000, **session})

        done = run_verb(stack, "migrate", config=write_config(stack, "cluster", settings(1)))
        assert done.returncode == 0, done.stderr
        Members(SimpleNamespace(database=SimpleNamespace(run=lambda sql: self.run(sql, node=self.writable_node()))))
        return settings

    def writable_node(self):
        return 1

    def _account(self, password):
        raise NotImplementedError

    def takes_writes(self, node):
        try:
            self.run(f"INSERT INTO written (node) VALUES ({node})", node, timeout=1)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return False
        return True

    def time_of_a_writable_node(self, among):
        """Waits until one takes writes in less than a second, three in a row, and gives the time of the first: a group
        that has just lost a member takes one now and then, after a second or two each."""
        def since():
            for node in among:
                if self.takes_writes(node):
                    first = time.monotonic()
                    if all(self.takes_writes(node) for _ in range(2)):
                        return first
            return None
        return eventually(since, allow(120), what="a writable node")


def _run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def fill_up(disk):
    """Leaves no byte free, also where the server takes some meanwhile."""
    with open(disk / BALLOON, "wb", buffering=0) as balloon:
        try:
            while True:
                balloon.write(bytes(1 << 16))
        except OSError as full:
            assert full.errno == errno.ENOSPC


def make_room(disk):
    (disk / BALLOON).unlink()


TABLES = ("session", "session_epoch", "session_key", "session_key_use", "login_failure", "login_place", "login_event")


def back_up(cluster):
    """As a dump does, of all that Gatehouse keeps."""
    cluster.run("".join(f"DROP TABLE IF EXISTS saved_{table}; CREATE TABLE saved_{table} LIKE {table};"
                        f"INSERT INTO saved_{table} SELECT * FROM {table};" for table in TABLES), cluster.writable_node())


def restore(cluster):
    """As playing a dump back does, once more where a write at another node was first."""
    def played_back():
        try:
            cluster.run("START TRANSACTION;" + "".join(
                f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table};" for table in TABLES) + "COMMIT",
                cluster.writable_node())
        except subprocess.CalledProcessError:
            return False
        return True
    eventually(played_back, allow(10), every=0.2, what="the backup is played back")


def comes_in(host, number):
    """The cookie of a login, which may be answered with 503 for some seconds."""
    def inside():
        answer = log_in(host, number)
        return answer.status == 200 and answer.cookie
    return eventually(inside, allow(WHOLE_AGAIN), every=0.5, what=f"user {number} logs in")


def check_that_a_restored_backup_shows(stack, cluster, hosts, config):
    """After `session revoke --all`, which the README says to call then, nobody is in who logged in before, and
    whoever logs in stays in: also a user whose sessions were revoked between the backup and its return."""
    a, b = hosts
    before = [cookie_of(host, number) for host in hosts for number in (1, 2)]
    back_up(cluster)
    gone = cookie_of(a, 3)
    assert log_out(a, gone).status == 200
    log_out(b, before[0])
    assert run_verb(stack, "session", "revoke", "--user", name(4), config=config).returncode == 0
    since = [cookie_of(host, number) for host in hosts for number in (4, 5)]
    restore(cluster)
    time.sleep(allow(NOTICED))  # both have noticed it, and revoked all sessions
    for host in hosts:
        eventually(lambda host=host: whole(host), allow(WHOLE_AGAIN), what="logins and logouts work again")
    stay = [comes_in(host, 4) for host in hosts]
    for _ in range(3):
        time.sleep(1)
        assert {status(host, cookie) for host in hosts for cookie in stay} == {200}
    assert run_verb(stack, "session", "revoke", "--all", config=config).returncode == 0
    time.sleep(allow(NOTICED))
    assert {status(host, cookie) for host in hosts for cookie in (*before, gone, *since)} == {401}
    inside = [cookie_of(host, number) for host in hosts for number in (1, 4, 6)]
    for _ in range(3):
        time.sleep(1)
        assert {status(host, cookie) for host in hosts for cookie in inside} == {200}


def whole_since(host, enough):
    """When it began to be whole, and has been ever since. Waits until `enough()`, and until it is."""
    deadline = time.monotonic() + allow(180)
    since = None
    while time.monotonic() < deadline:
        last, begun = enough(), time.monotonic()
        since = (since or begun) if whole(host) else None
        if last and since:
            return since
        time.sleep(0.02)
    raise AssertionError(f"host {host.name}: logins and logouts do not work again")


@contextmanager
def pair(stack, settings, name="cluster", **session):
    """Two hosts; the nearest node of the one is 1, that of the other 2."""
    with Instance(stack, f"{name}-a", settings(1, **session)) as a, \
            Instance(stack, f"{name}-b", settings(2, **session)) as b:
        for host, letter in ((a, "a"), (b, "b")):
            host.name = letter
            host.wait_until_serving(allow(5))
            eventually(lambda host=host: log_in(host).status == 200, allow(5))
        yield a, b


@contextmanager
def trouble(cluster, hosts, capsys, name, survivors, for_seconds=0.0):
    """What the block does is done under load; when the block ends, the trouble is over. While it lasts the hosts are
    whole again on the `survivors`, the nodes that can be written; where there are none, they say so for some seconds.
    They are judged at the end."""
    cluster.wait_until_whole()
    ledger = Ledger(hosts, cluster)
    took = {}

    def recover(among):
        with ThreadPoolExecutor() as pool:
            writable = pool.submit(cluster.time_of_a_writable_node, among)
            again = {host.name: pool.submit(whole_since, host, writable.done) for host in hosts}
        for letter, since in again.items():
            took[letter] = max(took.get(letter, 0.0), since.result() - writable.result())

    with ledger:
        ledger.wait_for_logouts(20)

        def inflicted():
            """To be called when the trouble is there."""
            begun = time.monotonic()
            if not survivors:
                for host in hosts:
                    eventually(lambda host=host: ready(host) == 503, allow(5), what="it says that it is not ready")
                return
            recover(survivors)
            while time.monotonic() - begun < for_seconds:
                time.sleep(0.1)
            ledger.wait_for_logouts(20)

        yield inflicted
        recover(NODES)
        ledger.wait_for_logouts(20)
    with capsys.disabled():
        totals = sum(ledger.by_second.values(), Counter())
        slowest, stood_still = ledger.slowest()
        print(f"\n{name}: whole again after {took['a']:.1f} and {took['b']:.1f} s; {len(ledger.outside)} logouts, the "
              f"slowest still 200 after {slowest:.2f} s, {stood_still:.2f} s of which the cluster stood still; "
              f"{dict(sorted(totals.items()))}")
        if os.environ.get("GATEHOUSE_BY_SECOND"):
            print(ledger.table())
    assert max(took.values()) < allow(WHOLE_AGAIN), ledger.table()
