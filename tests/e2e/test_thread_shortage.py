"""A host that gives the service too few threads: it says so and ends, and never by a signal."""
import os
import subprocess

import pytest

from fastcgi import ask
from instance import write_config
from processes import spawn
from visitor import HOME
from waiting import allow, eventually

# In the place of the C library's: the first FEW threads are made, and no other.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
static int made;
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument) {
  int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
  if (__sync_fetch_and_add(&made, 1) >= atoi(getenv("FEW"))) return EAGAIN;
  return create(thread, attributes, routine, argument);
}
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shim")
    (folder / "few.c").write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / "few.so", folder / "few.c"], check=True)
    return folder / "few.so"


def test_a_start_without_enough_threads_is_a_clear_error(stack, shim, tmp_path):
    place = tmp_path / "s.sock"
    config = write_config(stack, "few-threads", {"server": {"listen": f"unix:{place}", "socket_group": ""}})
    failed = 0
    for few in range(40):
        log = tmp_path / f"{few}.log"
        process = spawn(stack.command(config), log, env={**os.environ, "LD_PRELOAD": str(shim), "FEW": str(few)})
        eventually(lambda: not process.running or "serves" in log.read_text(), allow(15), what="it decides")
        if process.running:
            assert ask(str(place), HOME, timeout=allow(5)).status in (401, 503)
            assert process.stop(allow(12)) == 0, log.read_text()
            break
        assert process.exit_code(allow(1)) == 1, (few, log.read_text())
        assert "gives it no more threads" in log.read_text()
        failed += 1
    assert 8 <= failed < 40
