"""The city's clock on the client: carried on from the last feed batch by a monotonic clock, never the wall clock."""

from __future__ import annotations

import time
from collections.abc import Callable

JITTER_S = 2.0  # real seconds by which batches may contradict each other through latency alone


class CityClock:
    """Tells the city's time between two feed batches.

    Latency makes a batch's time a little old when it arrives; such small steps back are held still, so that no
    countdown runs backwards. A step beyond the jitter is a clock that was set, and is followed.
    """

    def __init__(self, city_time: float, speed: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._told = city_time
        self._anchor(city_time, speed)

    @property
    def speed(self) -> float:
        """City seconds per real second."""
        return self._speed

    def heard(self, city_time: float, speed: float) -> None:
        """Take over what a feed batch told: Unix seconds of the city's clock, and its speed."""
        before = self._extrapolated()
        self._anchor(city_time, speed)
        if before - city_time > JITTER_S * max(speed, 1.0):
            self._told = city_time

    def now(self) -> float:
        """Unix seconds of the city's clock."""
        self._told = max(self._told, self._extrapolated())
        return self._told

    def _anchor(self, city_time: float, speed: float) -> None:
        self._base, self._speed, self._at = city_time, speed, self._monotonic()

    def _extrapolated(self) -> float:
        return self._base + (self._monotonic() - self._at) * self._speed
