"""A limit on the CPU time that hostile input may cost, whatever else the machine is doing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooMuchWork(BaseException):
    """Not an Exception, so that nothing under test takes it for one of its own."""


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Interrupt what is inside after so much CPU time of this process."""

    def stop(signum, frame):
        raise TooMuchWork(f"more than {seconds} s of CPU time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
