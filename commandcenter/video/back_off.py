"""How long to wait before the next attempt: a little longer each time, and never all slots at the same moment."""

from __future__ import annotations

import random
from collections.abc import Callable

STREAM_STEPS_S = (0.5, 1.0, 2.0)  # a camera that comes back is seen again within 3 s
PROCESS_STEPS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # a stream that kills every decoder must not keep a core busy
JITTER = 0.4  # a wait is shortened by at most so much of itself


class BackOff:
    """The waits in turn, the last one again and again. chance: a number in [0, 1), for tests."""

    def __init__(self, steps_s: tuple[float, ...], chance: Callable[[], float] = random.random) -> None:
        self._steps_s = steps_s
        self._chance = chance
        self._failures = 0

    def wait_s(self) -> float:
        """Seconds until the next attempt, after one more failure."""
        step = self._steps_s[min(self._failures, len(self._steps_s) - 1)]
        self._failures += 1
        return step * (1 - JITTER * self._chance())

    def reset(self) -> None:
        """It went well: the next failure counts as the first."""
        self._failures = 0
