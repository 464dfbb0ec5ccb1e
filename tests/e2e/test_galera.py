"""Two hosts on a Galera cluster of which one node at a time is ill.

tests/run.sh --full runs this, by tests/support/galera.sh: GATEHOUSE_TEST_GALERA is its folder.
"""
import subprocess
import time

import pytest

from cluster import NODES, Cluster, check_that_a_restored_backup_shows, fill_up, make_room, pair, trouble
from instance import write_config
from member import cookie_of, status
from waiting import allow, eventually

STALE = 5  # seconds: the least session.max_stale
LOCKED = 75  # seconds: longer than an ended session is remembered, and than a poll looks back


class Galera(Cluster):
    script = "galera.sh"
    variable = "GATEHOUSE_TEST_GALERA"
    causal = "SET SESSION wsrep_sync_wait = 1"

    def _account(self, password):
        return ("CREATE USER gatehouse@localhost;"
                f"CREATE USER gatehouse@'127.0.0.%' IDENTIFIED BY '{password}';"
                "GRANT ALL ON gatehouse.* TO gatehouse@'127.0.0.%'")

    def wait_until_whole(self):
        """A node that has been away still says that it is in step, until it learns that the others went on without
        it: only what all three have taken proves that they are three again."""
        eventually(lambda: all(self._sees_all(node) and self.takes_writes(node) for node in NODES), allow(90), every=0.2,
                   what="all three are in step")

    def _sees_all(self, node):
        try:
            seen = self.run("SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_local_state_comment')",
                            node, "", timeout=5)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return False
        return set(seen.splitlines()) == {"wsrep_cluster_size\t3", "wsrep_local_state_comment\tSynced"}


@pytest.fixture(scope="module")
def cluster():
    return Galera()


@pytest.fixture(scope="module")
def settings(stack, cluster):
    return cluster.prepare(stack)


@pytest.fixture(scope="module")
def hosts(stack, settings):
    with pair(stack, settings) as both:
        yield both


def others(node):
    return [other for other in NODES if other != node]


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_killed(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} killed", others(node)) as inflicted:
        cluster.call("kill", node)
        inflicted()
        cluster.call("start", node)


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_isolated(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} isolated", others(node)) as inflicted:
        cluster.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'", node, "")
        inflicted()
        cluster.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'", node, "")
        cluster.wait_until_whole()


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_rejects_queries(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} rejects queries", others(node)) as inflicted:
        cluster.run("SET GLOBAL wsrep_reject_queries = ALL", node, "")
        inflicted()
        cluster.run("SET GLOBAL wsrep_reject_queries = NONE", node, "")


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_read_only(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} read-only", others(node)) as inflicted:
        cluster.run("SET GLOBAL read_only = ON", node, "")
        inflicted()
        cluster.run("SET GLOBAL read_only = OFF", node, "")


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_locked(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} locked", others(node)) as inflicted:
        with cluster.session("FLUSH TABLES WITH READ LOCK", node):
            inflicted()


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_stopped_and_goes_on(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} stopped", others(node)) as inflicted:
        with cluster.stopped(node):
            inflicted()
        cluster.wait_until_whole()


@pytest.mark.parametrize("node", NODES)
def test_a_node_that_is_desynced_and_locked_for_long(cluster, hosts, capsys, node):
    with trouble(cluster, hosts, capsys, f"node {node} desynced and locked", others(node), LOCKED) as inflicted:
        cluster.run("SET GLOBAL wsrep_desync = ON", node, "")
        with cluster.session("FLUSH TABLES WITH READ LOCK", node):
            inflicted()
        cluster.run("SET GLOBAL wsrep_desync = OFF", node, "")
        cluster.wait_until_whole()


def test_a_node_whose_disk_is_full(cluster, hosts, capsys):
    """What the others write does not fit there: it leaves them."""
    cluster.run("CREATE TABLE filler (n int AUTO_INCREMENT PRIMARY KEY, text longblob)", 2)
    with cluster.disk_of_its_own(1) as disk:
        with trouble(cluster, hosts, capsys, "node 1 with a full disk", others(1)) as inflicted:
            fill_up(disk)
            cluster.run("INSERT INTO filler (text) VALUES (REPEAT('x', 12000000))", 2)
            eventually(lambda: not cluster.takes_writes(1), allow(60), what="the node has left")
            inflicted()
            cluster.run("TRUNCATE filler", 2)
            make_room(disk)
            cluster.call("kill", 1)
            cluster.call("start", 1)


def test_no_node_that_is_current(stack, settings, cluster, capsys):
    """Each is alone: after session.max_stale nobody is let in any more, and nobody is lost."""
    with pair(stack, settings, "stale", max_stale=f"{STALE}s") as hosts:
        cookie = cookie_of(hosts[0])
        with trouble(cluster, hosts, capsys, "each node isolated", ()) as inflicted:
            for node in NODES:
                cluster.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'", node, "")
            inflicted()
            for host in hosts:
                eventually(lambda host=host: status(host, cookie) == 503, allow(STALE + 2), what="it is stale")
            for _ in range(20):
                time.sleep(0.1)
                assert {status(host, cookie) for host in hosts} == {503}
            for node in NODES:
                cluster.run("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'", node, "")
        assert {status(host, cookie) for host in hosts} == {200}


def test_a_backup_that_is_restored(stack, settings, cluster, hosts):
    check_that_a_restored_backup_shows(stack, cluster, hosts, write_config(stack, "restored", settings(1)))
