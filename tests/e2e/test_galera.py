"""Two hosts on a Galera cluster of which one node at a time is ill.

tests/run.sh --full runs this, by tests/support/galera.sh: GATEHOUSE_TEST_GALERA is its folder.
"""
import os
import signal

import pytest

from cluster import NODES, Cluster, pair, trouble
from waiting import allow, eventually

LOCKED = 75  # seconds: longer than an ended session is remembered, and than a poll looks back


class Galera(Cluster):
    script = "galera.sh"
    variable = "GATEHOUSE_TEST_GALERA"
    causal = "SET SESSION wsrep_sync_wait = 1"

    def _account(self, password):
        return ("CREATE USER gatehouse@localhost;"
                f"CREATE USER gatehouse@'127.0.0.%' IDENTIFIED BY '{password}';"
                "GRANT ALL ON gatehouse.* TO gatehouse@'127.0.0.%'")

    def wait_until_synced(self, node):
        eventually(lambda: "Synced" in self.run("SHOW STATUS LIKE 'wsrep_local_state_comment'", node, ""), allow(60),
                   what="the node is in step")


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
        cluster.wait_until_synced(node)


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


def test_a_node_that_is_locked(cluster, hosts, capsys):
    with trouble(cluster, hosts, capsys, "node 1 locked", others(1)) as inflicted:
        with cluster.session("FLUSH TABLES WITH READ LOCK", 1):
            inflicted()


def test_a_node_that_is_stopped_and_goes_on(cluster, hosts, capsys):
    with trouble(cluster, hosts, capsys, "node 1 stopped", others(1)) as inflicted:
        os.kill(cluster.pid(1), signal.SIGSTOP)
        inflicted()
        os.kill(cluster.pid(1), signal.SIGCONT)
        cluster.wait_until_synced(1)


def test_a_node_that_is_desynced_and_locked_for_long(cluster, hosts, capsys):
    with trouble(cluster, hosts, capsys, "node 1 desynced and locked", others(1), LOCKED) as inflicted:
        cluster.run("SET GLOBAL wsrep_desync = ON", 1, "")
        with cluster.session("FLUSH TABLES WITH READ LOCK", 1):
            inflicted()
        cluster.run("SET GLOBAL wsrep_desync = OFF", 1, "")
        cluster.wait_until_synced(1)
