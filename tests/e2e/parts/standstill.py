"""When a cluster stood still: no node of it answered a causal read, so nobody could know what is current."""
import select
import subprocess
import time
from functools import partial

from threads import Threads

QUICK = 0.2  # seconds that a causal read takes at most on a node that is current
PAUSE = 0.05  # seconds between two reads
GAP = 0.4  # seconds between the beginnings of two reads that belong to one span of good ones


class Standstill(Threads):
    """A context manager: asks every node by a connection of its own, over and over, until its end."""

    def __init__(self, cluster, nodes):
        super().__init__(partial(self._watch, node) for node in nodes)
        self._cluster = cluster
        self._good = {node: [] for node in nodes}  # spans (begin, end), in order

    def seconds_between(self, begin, end):
        """Of the time from `begin` to `end`, how much of it no node was current."""
        spans = sorted(span for good in self._good.values() for span in list(good))
        good, at = 0.0, begin
        for first, last in spans:
            first, last = max(first, at), min(last, end)
            if last > first:
                good += last - first
                at = last
        return end - begin - good

    def _watch(self, node):
        client = None
        while self.goes_on(PAUSE):
            client = client or self._connect(node)
            begun = time.monotonic()
            if not self._ask(client):
                client.kill()
                client.wait()
                client = None
            elif time.monotonic() - begun < QUICK:
                self._note(self._good[node], begun)
        if client:
            client.kill()
            client.wait()

    @staticmethod
    def _note(spans, begun):
        if spans and begun - spans[-1][1] < GAP:
            spans[-1] = (spans[-1][0], begun)
        else:
            spans.append((begun, begun))

    def _connect(self, node):
        command = [*self._cluster.client(node), "-n", "--skip-reconnect", "gatehouse"]
        client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, bufsize=0)
        self._send(client, self._cluster.causal)
        return client

    @staticmethod
    def _send(client, sql):
        try:
            client.stdin.write(f"{sql};\n".encode())
        except BrokenPipeError:
            pass

    def _ask(self, client):
        """False where it fails, or takes longer than a test."""
        self._send(client, "SELECT COUNT(*) FROM user")
        readable, _, _ = select.select([client.stdout], [], [], 60)
        return bool(readable and client.stdout.read(100))
