"""Two hosts on a Galera cluster of which one node at a time is killed under load.

tests/run.sh --full runs this, by tests/support/galera.sh: GATEHOUSE_TEST_GALERA is its folder.
"""
import os
import subprocess
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from crowd import Crowd
from instance import Instance, write_config
from member import Members, cookie_of, log_in, status, statuses
from verbs import run_verb
from waiting import allow, eventually

GALERA_SH = Path(__file__).resolve().parent.parent / "support/galera.sh"
NODES = (1, 2, 3)
RESUMED = 20  # seconds; the cluster itself waits 5 for a node that does not answer


class Cluster:
    """Takes the place of Database where tables are filled."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = int((self.folder / "ports").read_text())

    def run(self, sql, node=1, database="gatehouse"):
        command = ["mariadb", "--no-defaults", "-uroot", "-N", "-S", str(self.folder / f"{node}.sock"), database]
        return subprocess.run(command, input=sql, text=True, capture_output=True, check=True).stdout

    def kill(self, node):
        self._call("kill", node)

    def start(self, node):
        """Returns when it is in step with the others."""
        self._call("start", node)

    def _call(self, verb, node):
        # Not through pipes: the node would hold them open.
        with open(self.folder / "calls.log", "a", encoding="utf-8") as log:
            subprocess.run(["sh", str(GALERA_SH), verb, str(self.folder), str(node)], stdin=subprocess.DEVNULL,
                           stdout=log, stderr=log, check=True, timeout=allow(150))

    def servers(self, first):
        """As mysql.host has them, this node first."""
        return ", ".join(f"127.0.0.{node}:{self.port}" for node in (NODES * 2)[first - 1:first + 2])


@pytest.fixture(scope="module")
def cluster(stack):
    cluster = Cluster(os.environ["GATEHOUSE_TEST_GALERA"])
    password = Path(stack.env["STACK_DIR"], "mysql.password").read_text().strip()
    cluster.run(
        "CREATE DATABASE gatehouse; CREATE USER gatehouse@localhost;"
        f"CREATE USER gatehouse@'127.0.0.%' IDENTIFIED BY '{password}';"
        "GRANT ALL ON gatehouse.* TO gatehouse@'127.0.0.%'", database="")
    cluster.run("CREATE TABLE user (id int PRIMARY KEY, username varchar(45), password varchar(255))")
    return cluster


@pytest.fixture(scope="module")
def settings(stack, cluster):
    """Gives the settings of a host that prefers that node."""
    def of(node):
        mysql = {"socket": "", "host": cluster.servers(node)}
        return Members.settings(mysql=mysql, session={"hosts": "several", "max_per_user": 10_000})

    done = run_verb(stack, "migrate", config=write_config(stack, "galera", of(1)))
    assert done.returncode == 0, done.stderr
    Members(SimpleNamespace(database=cluster))
    return of


@pytest.fixture(scope="module")
def pair(stack, settings):
    with Instance(stack, "galera-a", settings(1)) as a, Instance(stack, "galera-b", settings(2)) as b:
        for host in (a, b):
            host.wait_until_serving(allow(5))
            eventually(lambda host=host: log_in(host).status == 200, allow(5))
        yield a, b


@contextmanager
def watched(hosts, cookie):
    """Counts what somebody sees who is inside all the time."""
    seen, over = Counter(), threading.Event()

    def watch():
        while not over.wait(0.02):
            for host in hosts:
                seen[status(host, cookie)] += 1

    thread = threading.Thread(target=watch)
    thread.start()
    yield seen
    over.set()
    thread.join()


def time_until_resumed(host):
    begun = time.monotonic()
    eventually(lambda: log_in(host, 1).status == 200, allow(RESUMED), what="logins work again")
    return time.monotonic() - begun


@pytest.mark.parametrize("node", NODES)
def test_a_node_killed_under_load_costs_no_session_and_all_resumes(cluster, pair, capsys, node):
    inside = cookie_of(pair[0], 2)
    assert [status(host, inside) for host in pair] == [200, 200]
    with Crowd(pair[0].place) as crowd, Crowd(pair[1].place) as other, watched(pair, inside) as seen:
        for each in (crowd, other):
            each.wait_for_logouts(50)
        cluster.kill(node)
        took = [time_until_resumed(host) for host in pair]
        for each in (crowd, other):
            each.wait_for_logouts(50)
    answers = crowd.statuses + other.statuses
    with capsys.disabled():
        print(f"\nnode {node} killed: logins work again after {took[0]:.1f} and {took[1]:.1f} s; meanwhile "
              f"{dict(answers)}, {crowd.unanswered + other.unanswered} without an answer; inside: {dict(seen)}")
    try:
        assert set(answers) <= {(what, code) for what in ("login", "logout") for code in (200, 503)}
        assert crowd.unanswered + other.unanswered == 0
        assert set(seen) == {200}
        for host in pair:
            for each in (crowd, other):
                eventually(lambda h=host, e=each: set(statuses(h.place, e.inside)) == {200}, allow(5))
                eventually(lambda h=host, e=each: set(statuses(h.place, e.outside)) == {401}, allow(2))
    finally:
        cluster.start(node)
