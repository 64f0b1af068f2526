"""The time of a replay: stands, or runs at a speed, between two limits and never past what is known."""

from __future__ import annotations

import time
from collections.abc import Callable

SPEEDS = (1, 10, 60, 300, 600)  # offered; any between the first and the last may be set


class ReplayClock:
    """Unix seconds of the city's clock. Made standing at `until`."""

    def __init__(self, since: float, until: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since, self._until = since, until
        self._known: float | None = None
        self._speed = float(SPEEDS[0])
        self._base, self._begun = until, monotonic()
        self._playing = False

    # ------------------------------------------------------------ asking
    @property
    def since(self) -> float:
        """The first moment that can be shown."""
        return self._since

    @property
    def until(self) -> float:
        """The last."""
        return self._until

    @property
    def speed(self) -> float:
        """City seconds per real second while it plays."""
        return self._speed

    @property
    def playing(self) -> bool:
        """Whether it runs; it waits by itself at what is not known yet, and ends at the last moment."""
        return self._playing

    @property
    def over(self) -> bool:
        """The last moment has been reached."""
        return self.now() >= self._until

    def now(self) -> float:
        """The moment shown."""
        if not self._playing:
            return self._base
        reached = self._base + (self._monotonic() - self._begun) * self._speed
        bound = self._until if self._known is None else min(self._until, self._known)
        if reached > bound:
            self._anchor(max(bound, self._base))  # time spent waiting is not made up for
            return self._base
        return reached

    # ------------------------------------------------------------ doing
    def play(self) -> None:
        """Run on from here."""
        self._anchor(self._base)
        self._playing = True

    def pause(self) -> None:
        """Stand."""
        self._anchor(self.now())
        self._playing = False

    def jump(self, at: float) -> float:
        """To this moment, or the nearest that can be shown; the moment."""
        self._anchor(self.clamped(at))
        return self._base

    def set_speed(self, speed: float) -> None:
        """1 to 600 times as fast as the city lived. Raises ValueError for any other."""
        if not SPEEDS[0] <= speed <= SPEEDS[-1]:
            raise ValueError(f"speed must lie between {SPEEDS[0]} and {SPEEDS[-1]}, not {speed}")
        self._anchor(self.now())
        self._speed = float(speed)

    def set_limits(self, since: float, until: float) -> None:
        """The present went on; a moment outside is moved to the nearest."""
        at = self.now()
        self._since, self._until = since, until
        self._anchor(self.clamped(at))

    def know_until(self, at: float | None) -> None:
        """What happened is known until then: it runs no further. None: no such bound."""
        present = self.now()
        self._known = at
        self._anchor(present)

    def clamped(self, at: float) -> float:
        """The nearest moment that can be shown."""
        return min(max(at, self._since), self._until)

    def _anchor(self, at: float) -> None:
        self._base, self._begun = at, self._monotonic()
