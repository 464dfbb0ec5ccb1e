"""Two hosts on a group of three MySQL 9.7 servers (Group Replication) of which one at a time is ill, with one
primary and with three.

tests/run.sh --full runs this, by tests/support/group_replication.sh: GATEHOUSE_TEST_GROUP is its folder.
"""
import os
import subprocess

import pytest

from cluster import NODES, Cluster, check_that_a_restored_backup_shows, fill_up, make_room, pair, trouble
from instance import write_config
from waiting import allow, eventually


class Group(Cluster):
    script = "group_replication.sh"
    variable = "GATEHOUSE_TEST_GROUP"
    causal = "SET SESSION group_replication_consistency = 'BEFORE'"

    @property
    def how(self):
        return {"tls_ca": str(self.folder / "certificate.pem")}

    def _account(self, password):
        return (f"CREATE USER gatehouse@localhost IDENTIFIED BY '{password}';"
                "GRANT ALL ON gatehouse.* TO gatehouse@localhost;"
                "GRANT SELECT ON performance_schema.replication_group_members TO gatehouse@localhost")

    def writable_node(self):
        return next(node for node in NODES if self.takes_writes_at_all(node))

    def takes_writes_at_all(self, node):
        return self.run("SELECT @@super_read_only", node, "").strip() == "0"

    def members(self, node):
        """(address, state, role) of each, as this node sees them."""
        rows = self.run("SELECT MEMBER_HOST, MEMBER_STATE, MEMBER_ROLE FROM"
                        " performance_schema.replication_group_members", node, "")
        return {tuple(line.split("\t")) for line in rows.splitlines()}

    def wait_until_whole(self):
        def whole():
            try:
                seen = [self.members(node) for node in NODES]
            except subprocess.CalledProcessError:
                return False
            return len(seen[0]) == 3 and all(view == seen[0] for view in seen) and \
                all(state == "ONLINE" for _, state, _ in seen[0])
        eventually(whole, allow(60), every=0.2, what="all three are ONLINE")

    def make_primary(self, node):
        uuid = self.run("SELECT @@server_uuid", node, "").strip()
        self.run(f"SELECT group_replication_set_as_primary('{uuid}')", node, "")

    def cut(self, node):
        self.call("cut", node)

    def heal(self, node):
        self.call("heal", node)
        try:
            self.wait_until_whole()
        except AssertionError:
            self.call("join", node)
            self.wait_until_whole()


@pytest.fixture(scope="module")
def cluster():
    return Group()


@pytest.fixture(scope="module")
def settings(stack, cluster):
    return cluster.prepare(stack)


@pytest.fixture(scope="module")
def hosts(stack, settings):
    with pair(stack, settings) as both:
        yield both


@pytest.fixture(params=["single-primary", "multi-primary"], scope="module")
def mode(request, cluster):
    cluster.wait_until_whole()
    uuid = cluster.run("SELECT @@server_uuid", 1, "").strip()
    cluster.run("SELECT group_replication_switch_to_multi_primary_mode()" if request.param == "multi-primary" else
                f"SELECT group_replication_switch_to_single_primary_mode('{uuid}')", 1, "")
    return request.param


@pytest.fixture(params=NODES)
def node(request, cluster, mode):
    """The one that is ill; the primary, where there is only one."""
    if mode == "single-primary":
        cluster.make_primary(request.param)
    return request.param


def others(node):
    return [other for other in NODES if other != node]


def test_a_primary_that_is_killed(cluster, hosts, capsys, mode, node):
    with trouble(cluster, hosts, capsys, f"{mode}, node {node} killed", others(node)) as inflicted:
        cluster.call("kill", node)
        inflicted()
        cluster.call("start", node)


def test_a_primary_that_is_cut_off(cluster, hosts, capsys, mode, node):
    with trouble(cluster, hosts, capsys, f"{mode}, node {node} cut off", others(node)) as inflicted:
        cluster.cut(node)
        inflicted()
        cluster.heal(node)


def test_a_primary_that_is_stopped_and_goes_on(cluster, hosts, capsys, mode):
    if mode == "single-primary":
        cluster.make_primary(1)
    with trouble(cluster, hosts, capsys, f"{mode}, node 1 stopped", others(1)) as inflicted:
        with cluster.stopped(1):
            inflicted()
        cluster.heal(1)


def test_a_server_that_is_offline(cluster, hosts, capsys, mode):
    """Of its own will: for all but administrators."""
    sick = 1 if mode == "multi-primary" else next(node for node in NODES if not cluster.takes_writes_at_all(node))
    with trouble(cluster, hosts, capsys, f"{mode}, node {sick} offline", others(sick)) as inflicted:
        cluster.run("SET GLOBAL offline_mode = ON", sick, "")
        inflicted()
        cluster.run("SET GLOBAL offline_mode = OFF", sick, "")


def test_a_switch_over(cluster, hosts, capsys, mode):
    if mode == "multi-primary":
        pytest.skip("every node is a primary")
    for node in NODES:
        with trouble(cluster, hosts, capsys, f"{mode}, switched over to node {node}", NODES) as inflicted:
            cluster.make_primary(node)
            inflicted()


def test_a_primary_that_is_made_read_only(cluster, hosts, capsys, mode):
    if mode == "single-primary":
        cluster.make_primary(1)
    survivors = others(1) if mode == "multi-primary" else None
    with trouble(cluster, hosts, capsys, f"{mode}, node 1 read-only", survivors) as inflicted:
        cluster.run("SET GLOBAL super_read_only = ON", 1, "")
        inflicted()
        cluster.run("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF", 1, "")


def test_a_primary_that_is_locked(cluster, hosts, capsys, mode):
    if mode == "single-primary":
        cluster.make_primary(1)
    survivors = others(1) if mode == "multi-primary" else None
    with trouble(cluster, hosts, capsys, f"{mode}, node 1 locked", survivors) as inflicted:
        with cluster.session("FLUSH TABLES WITH READ LOCK", 1):
            inflicted()


def test_a_primary_whose_disk_is_full(cluster, hosts, capsys, mode):
    """It waits for room, and with it whoever writes there; MySQL looks for room once a minute."""
    with cluster.disk_of_its_own(1) as disk:
        cluster.wait_until_whole()
        if mode == "single-primary":
            cluster.make_primary(1)
        survivors = others(1) if mode == "multi-primary" else None
        with trouble(cluster, hosts, capsys, f"{mode}, node 1 with a full disk", survivors) as inflicted:
            fill_up(disk)
            inflicted()
            make_room(disk)
    cluster.wait_until_whole()


def test_a_backup_that_is_restored(stack, settings, cluster, hosts, mode):
    check_that_a_restored_backup_shows(stack, cluster, hosts, write_config(stack, f"restored-{mode}", settings(1)))
