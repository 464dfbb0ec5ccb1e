"""Threads that work beside a test, until its block ends."""
import threading


class Threads:
    """A context manager, to use or to derive from. Each of `works`, a function without arguments, runs
    on a thread of its own. Those that go on and on ask `goes_on` before each turn. The end of the block
    waits for all of them, and fails if one of them failed, since what it did not do nobody has tested."""

    def __init__(self, works):
        self.__ending = threading.Event()
        self.__errors = []
        self.__threads = [threading.Thread(target=self.__run, args=(work,)) for work in works]

    def goes_on(self, pause=0):
        """Waits for so many seconds. False as soon as the block has ended."""
        return not self.__ending.wait(pause)

    def __run(self, work):
        try:
            work()
        except Exception as error:  # pylint: disable=broad-except
            self.__errors.append(error)

    def __enter__(self):
        for thread in self.__threads:
            thread.start()
        return self

    def __exit__(self, failed, *_):
        self.__ending.set()
        for thread in self.__threads:
            thread.join()
        if self.__errors and failed is None:
            raise self.__errors[0]
