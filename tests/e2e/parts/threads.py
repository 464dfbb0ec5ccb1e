"""Threads that work beside a test, until its block ends."""
import threading


class Threads:
    """A context manager, to use or to derive from. Each of `works`, a function without arguments, runs
    on a thread of its own. Those that go on and on ask `goes_on` before each turn. The end of the block
    waits for all of them, and fails if one of them failed, since what it did not do nobody has tested."""

    def __init__(self, works):
        self._ending = threading.Event()
        self._errors = []
        self._threads = [threading.Thread(target=self._run, args=(work,)) for work in works]

    def goes_on(self, pause=0):
        """Waits for so many seconds. False as soon as the block has ended."""
        return not self._ending.wait(pause)

    def _run(self, work):
        try:
            work()
        except Exception as error:  # pylint: disable=broad-except
            self._errors.append(error)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failed, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join()
        if self._errors and failed is None:
            raise self._errors[0]
