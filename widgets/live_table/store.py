"""Rows by key in an append-only list: a row's position never shifts until the gaps are packed."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

_PACK_FROM = 1024
_GONE = object()


class RowStore:
    """Rows at positions 0..n−1, oldest first, with a key → position dict; a removed row leaves a gap."""

    def __init__(self, key: Callable[[Any], Hashable]) -> None:
        self.key = key
        self._rows: list[Any] = []
        self._positions: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def span(self) -> int:
        """Number of positions, gaps included."""
        return len(self._rows)

    def fill(self, rows: Iterable[Any]) -> None:
        """Take these rows, oldest first; raises ValueError on a double key and then changes nothing."""
        taken = list(rows)
        positions = {self.key(row): position for position, row in enumerate(taken)}
        if len(positions) != len(taken):
            raise ValueError("two rows have the same key")
        self._rows, self._positions = taken, positions

    def at(self, position: int) -> Any:
        """The row at a position that is in use."""
        return self._rows[position]

    def position(self, key: Hashable) -> int | None:
        """Position of a key; None if there is no such row."""
        return self._positions.get(key)

    def positions(self) -> Iterator[int]:
        """Positions in use, ascending."""
        return (position for position, row in enumerate(self._rows) if row is not _GONE)

    def values(self, of: Callable[[Any], Any]) -> list[Any]:
        """A value per position; a gap's is None and never asked for."""
        return [None if row is _GONE else of(row) for row in self._rows]

    def add(self, row: Any) -> int:
        """Append a row of a new key; returns its position."""
        self._positions[self.key(row)] = len(self._rows)
        self._rows.append(row)
        return len(self._rows) - 1

    def replace(self, position: int, row: Any) -> None:
        """Put another row of the same key at a position."""
        self._rows[position] = row

    def drop(self, position: int) -> None:
        """Remove the row at a position and leave a gap."""
        del self._positions[self.key(self._rows[position])]
        self._rows[position] = _GONE

    def worth_packing(self) -> bool:
        """More gaps than rows, and enough of them to matter."""
        gaps = len(self._rows) - len(self._positions)
        return gaps > _PACK_FROM and gaps > len(self._positions)

    def pack(self) -> list[int]:
        """Close the gaps; returns the old positions, ascending: the new position is the index in it."""
        kept = list(self.positions())
        self._rows = [self._rows[position] for position in kept]
        self._positions = {self.key(row): position for position, row in enumerate(self._rows)}
        return kept
