"""Counts what the agents did; safe between threads."""

from __future__ import annotations

import threading
import time
from collections import Counter

from commandcenter.simulation.settings import SimulationStats

_COUNTED = {
    "report": "reported",
    "file": "filed",
    "dispatch": "dispatched",
    "rule": "dispatched",
    "close": "closed",
    "self_handle": "self_handled",
    "return_case": "returned",
    "rework": "reworked",
    "reject": "rejected",
    "merge": "merged",
    "force_close": "forced",
}
_UNCOUNTED = ("overdue", "actions", "races", "whistles", "orders", "meetings", "joint_actions")


class Tally:
    """Counters of one run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._active_s = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """The city runs from now on."""
        with self._lock:
            self._since = time.monotonic()

    def stop(self) -> None:
        """The city stands still."""
        with self._lock:
            self._active_s, self._since = self._active(), None

    def did(self, action: str) -> None:
        """One command was carried out."""
        with self._lock:
            self._counts["actions"] += 1
            self._counts[_COUNTED.get(action, "")] += 1

    def count(self, what: str) -> None:
        """Something that is no command: overdue, races."""
        with self._lock:
            self._counts[what] += 1

    def error(self, kind: str) -> None:
        """A command was refused or an agent failed."""
        with self._lock:
            self._errors[kind] += 1

    def stats(self, *, waiting: int, running: int) -> SimulationStats:
        """A copy of the figures."""
        with self._lock:
            seconds, counts = self._active(), dict(self._counts)
            named = {name: counts.get(name, 0) for name in (*set(_COUNTED.values()), *_UNCOUNTED)}
            rate = named["actions"] / seconds if seconds > 0 else 0.0
            return SimulationStats(
                **named,
                waiting=waiting,
                running=running,
                errors=dict(self._errors),
                seconds=seconds,
                actions_per_s=rate,
            )

    def _active(self) -> float:
        return self._active_s + (time.monotonic() - self._since if self._since is not None else 0.0)
