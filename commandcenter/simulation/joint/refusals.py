"""What was refused is tried again later, and not for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from commandcenter.simulation.joint.deeds import Deed, Row

_SULK_S = 1800.0  # pause after a refusal, city seconds; twice as long after the next
_PATIENCE = 3  # refusals after which nobody tries again until somebody else moves it


class Refusals:
    """Counts them by matter, lane, action and version."""

    def __init__(self) -> None:
        self._count: Counter[tuple[int, int | None, str, int]] = Counter()
        self._not_before: dict[int, float] = {}

    def note(self, row: Row, deed: Deed, now: float) -> None:
        """One more."""
        key = _key(row, deed)
        self._count[key] += 1
        self._not_before[row.id] = now + _SULK_S * self._count[key]

    def bearable(self, row: Row, deed: Deed) -> bool:
        """Whether it is worth another try."""
        return self._count[_key(row, deed)] < _PATIENCE

    def after(self, row: Row, deed: Deed) -> Deed:
        """The deed, not before the pause is over."""
        at = self._not_before.get(row.id, 0.0)
        return deed if deed.at >= at else replace(deed, at=at)

    def forget(self, number: int) -> None:
        """This matter is over."""
        self._not_before.pop(number, None)


def _key(row: Row, deed: Deed) -> tuple[int, int | None, str, int]:
    return row.id, deed.party_no, deed.action, deed.version
