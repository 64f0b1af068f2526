"""Who changes next: keys in the order of their instants, without growing under keys that change again and again."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

_SLACK = 1_000  # outdated entries tolerated before the heap is built anew

Key = TypeVar("Key", int, tuple[int, int])


class Agenda(Generic[Key]):
    """A heap of (instant, key) with at most one valid instant per key."""

    def __init__(self) -> None:
        self._due: dict[Key, float] = {}
        self._heap: list[tuple[float, Key]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def expect(self, key: Key, instant: float | None) -> None:
        """The key changes at this instant and no other; None: never."""
        if instant is None:
            self._due.pop(key, None)
        elif self._due.get(key) != instant:
            self._due[key] = instant
            heappush(self._heap, (instant, key))
        # Rows that change again and again leave outdated entries; a desk that runs for a week must not grow.
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = [(due, waiting) for waiting, due in self._due.items()]
            heapify(self._heap)

    def take(self, now: float) -> list[Key]:
        """Those whose instant has come; they are expected no more."""
        due = []
        while self._heap and self._heap[0][0] <= now:
            instant, key = heappop(self._heap)
            if self._due.get(key) == instant:
                del self._due[key]
                due.append(key)
        return due
