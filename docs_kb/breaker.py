"""A fuse: after a failure, leave the broken service alone for a while instead of waiting for it again."""

import time


class Breaker:
    """Remembers in this process that a service failed; every process finds out for itself."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the service failed less than `seconds` ago and should be left alone."""
        return time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        self._closed_again_at = time.monotonic() + self.seconds

    def reset(self) -> None:
        self._closed_again_at = 0.0


# Queue and cache stand on one Redis: whoever finds it silent spares the other the wait.
redis_breaker = Breaker(seconds=30)
