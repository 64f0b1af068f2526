"""How many open cases lie in each node of the territory, by the state of their clock; and the map's classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.model import CaseRow
from ui.models.map_areas import GRID, Areas, Key

NORMAL, NEAR, OVERDUE = 0, 1, 2  # kinds of a case's marker
TIMINGS = (NORMAL, NEAR, OVERDUE)
TIMING_LABELS = ("正常", "临期", "超期")
CLASS_FROM = (0, 1, 2, 3, 4, 5, 7, 9)  # open cases from which a cell has the class: 0–9+ of the wall's legend
CLASS_LABELS = ("0", "1", "2", "3", "4", "5–6", "7–8", "9+")

Timing = Callable[[int], str | None]
_KINDS = {"near": NEAR, "overdue": OVERDUE}
_NONE = (0, 0, 0, 0)


def class_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The class 0..7 of each number of open cases."""
    return np.searchsorted(CLASS_FROM, counts, side="right").astype(np.int64) - 1


def kind_of(timing: str | None) -> int:
    """正常 0, 临期 1, 超期 2 from what the live picture says of a case."""
    return _KINDS.get(timing or "", NORMAL)


_PLACELESS = 3
_Place = tuple[tuple[list[int], ...], int]  # counts of every node above, and the cell or 0


class CaseTally:
    """Counts that follow each change. Only open cases count; whoever is told twice counts once."""

    def __init__(self, areas: Areas) -> None:
        self.areas = areas
        self._held: dict[int, tuple[_Place, int, bool]] = {}
        self._counts: dict[Key, list[int]] = {}  # by kind, then those without a place
        self._places: dict[tuple[int | None, int | None, int | None], _Place] = {}

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._held

    def kind(self, case_id: int) -> int | None:
        """正常, 临期 or 超期 as it was told; None for a case that does not count."""
        held = self._held.get(case_id)
        return None if held is None else held[1]

    def count(self, key: Key, kind: int | None = None) -> int:
        """Open cases in a node, of this kind or of all."""
        counts = self._counts.get(key, _NONE)
        return sum(counts[:_PLACELESS]) if kind is None else counts[kind]

    def placeless(self, key: Key) -> int:
        """Open cases of a node that have no coordinates."""
        return self._counts.get(key, _NONE)[_PLACELESS]

    def cell_counts(self, cells: Iterable[int]) -> NDArray[np.int64]:
        """Open cases of each cell, in their order."""
        return np.array([self.count((GRID, cell)) for cell in cells], np.int64)

    def put(self, rows: Iterable[CaseRow], timing: Timing) -> set[int]:
        """These are new, newer or closed; the cells whose count is another."""
        touched: set[int] = set()
        for row in rows:
            self._leave(row.id, touched)
            if row.open:
                self._enter(row, kind_of(timing(row.id)), touched)
        touched.discard(0)
        return touched

    def drop(self, ids: Iterable[int]) -> set[int]:
        """These are gone; the cells whose count is another."""
        touched: set[int] = set()
        for case_id in ids:
            self._leave(case_id, touched)
        touched.discard(0)
        return touched

    # ------------------------------------------------------------ inside
    def _enter(self, row: CaseRow, kind: int, touched: set[int]) -> None:
        place, placed = self._place(row), row.lon is not None and row.lat is not None
        self._held[row.id] = place, kind, placed
        for counts in place[0]:
            counts[kind] += 1
            if not placed:
                counts[_PLACELESS] += 1
        touched.add(place[1])

    def _leave(self, case_id: int, touched: set[int]) -> None:
        held = self._held.pop(case_id, None)
        if held is None:
            return
        place, kind, placed = held
        for counts in place[0]:
            counts[kind] -= 1
            if not placed:
                counts[_PLACELESS] -= 1
        touched.add(place[1])

    def _place(self, row: CaseRow) -> _Place:
        """Many cases lie in one grid: its nodes are looked up once."""
        facts = row.street_id, row.community_id, row.grid_id
        place = self._places.get(facts)
        if place is None:
            chain = self.areas.chain(row)
            counts = tuple(self._counts.setdefault(key, [0] * (_PLACELESS + 1)) for key in chain)
            place = self._places[facts] = counts, chain[-1][1] if chain[-1][0] == GRID else 0
        return place
