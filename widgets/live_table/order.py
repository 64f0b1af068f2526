"""Which stored positions are shown, in which order: a sorted list searched by bisection."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any


class RowOrder:
    """Positions in ascending rank; shown from the end if ``reversed_`` (newest or greatest on top).

    Without values a position's rank is the position itself, so a new row is appended and shown on top without moving
    any other. With values the rank is (value, position); ties show the newest first in both directions.
    """

    def __init__(self, values: list[Any] | None = None, descending: bool = True) -> None:
        self.values = values
        self.reversed = descending
        self._positions: list[int] = []

    def __len__(self) -> int:
        return len(self._positions)

    def fill(self, positions: Iterable[int]) -> None:
        """Take these positions, given in ascending order."""
        self._positions = list(positions)
        if self.values is not None:
            if not self.reversed:
                self._positions.reverse()  # a stable sort then leaves the newest of equals in front
            self._positions.sort(key=self.values.__getitem__)

    def position_at(self, row: int) -> int:
        """Stored position shown in this row."""
        return self._positions[self._flip(row)]

    def row_of(self, position: int) -> int | None:
        """Row in which this position is shown; None if it is not."""
        index = self._index(position)
        found = index < len(self._positions) and self._positions[index] == position
        return self._flip(index) if found else None

    def rows(self, first: int = 0, end: int | None = None) -> list[int]:
        """Positions from the top row down, or those of the rows first..end−1."""
        count = len(self._positions)
        end = count if end is None else min(end, count)
        if not self.reversed:
            return self._positions[first:end]
        return self._positions[count - end : count - first][::-1]

    def removal_ranges(self, positions: Iterable[int]) -> list[tuple[int, int]]:
        """Rows (first, last) of these shown positions, merged, the last range first, ready to be removed one by one."""
        rows = (self.row_of(position) for position in positions)
        return merged(row for row in rows if row is not None)[::-1]

    def remove_rows(self, first: int, last: int) -> None:
        """Drop the rows first..last."""
        low, high = sorted((self._flip(first), self._flip(last)))
        del self._positions[low : high + 1]

    def insertions(self, positions: Iterable[int]) -> list[tuple[int, list[int]]]:
        """Where new positions belong: (index, positions in rank order), the greatest index first."""
        groups: list[tuple[int, list[int]]] = []
        for position in sorted(positions, key=self._rank):
            if groups and self._stands_before(position, groups[-1][0]):
                groups[-1][1].append(position)
            else:
                groups.append((self._index(position), [position]))
        return groups[::-1]

    def _stands_before(self, position: int, index: int) -> bool:
        """Cheaper than a search, and true for neighbours."""
        return index == len(self._positions) or self._rank(position) < self._rank(self._positions[index])

    def insertion_row(self, index: int, count: int) -> int:
        """First row that ``count`` positions will take when inserted at this index."""
        return len(self._positions) - index if self.reversed else index

    def insert_at(self, index: int, positions: list[int]) -> None:
        """Insert a group that ``insertions`` gave."""
        self._positions[index:index] = positions

    def destination(self, position: int, value: Any) -> tuple[int, int]:
        """(row now, row then) of a shown position whose value becomes another one."""
        assert self.values is not None
        index, key = self._index(position), self._rank_of(value, position)
        target = bisect_left(self._positions, key, 0, index, key=self._rank)
        if target == index:
            target = bisect_left(self._positions, key, index + 1, key=self._rank) - 1
        return self._flip(index), self._flip(target)

    def move(self, row: int, target: int) -> None:
        """Carry a row to the place it has afterwards; its value must be set in the same breath."""
        position = self._positions.pop(self._flip(row))
        self._positions.insert(len(self._positions) - target if self.reversed else target, position)

    def renumber(self, new_position: Callable[[int], int]) -> None:
        """Positions were packed together without changing their order."""
        self._positions = [new_position(position) for position in self._positions]

    def _flip(self, row: int) -> int:
        return len(self._positions) - 1 - row if self.reversed else row

    def _rank_of(self, value: Any, position: int) -> tuple[Any, int]:
        return (value, position if self.reversed else -position)

    def _rank(self, position: int) -> Any:
        return position if self.values is None else self._rank_of(self.values[position], position)

    def _index(self, position: int) -> int:
        if self.values is None:
            return bisect_left(self._positions, position)
        return bisect_left(self._positions, self._rank(position), key=self._rank)


def merged(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Rows as inclusive ranges (first, last), ascending: {3, 1, 2, 7} → [(1, 3), (7, 7)]."""
    ranges: list[tuple[int, int]] = []
    for row in sorted(rows):
        if ranges and row <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(row, ranges[-1][1]))
        else:
            ranges.append((row, row))
    return ranges
