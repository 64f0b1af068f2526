"""Figures of the wall that stand in the live pictures: open now, 临期, 超期 and the longest, by street and by grid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow
from commandcenter.live.joint import JointPicture
from commandcenter.live.picture import PictureChange
from commandcenter.live.queues import NEAR, OVERDUE

_RANK: Final = {OVERDUE: 0, NEAR: 1}


@dataclass(frozen=True, slots=True)
class OpenNow:
    """在办 and what of it is 临期 and 超期; `longest_s`: how long the case that waits longest is past its limit, in
    plain seconds, and which one that is."""

    open: int = 0
    near: int = 0
    overdue: int = 0
    longest_s: float = 0.0
    longest_id: int | None = None


def open_now(rows: Iterable[CaseRow], timing: Callable[[int], str | None], now: float) -> OpenNow:
    """Counted row by row; `timing` tells near, overdue or None by id, as LivePicture does, and `now` as of when."""
    held = [row for row in rows if row.open]
    found = Counter(timing(row.id) or "" for row in held)
    late = ((row.deadline, row.id) for row in held if row.deadline is not None and timing(row.id) == OVERDUE)
    return _figures(len(held), found, min(late, default=None), now)


class NowTally:
    """The same for a whole city, by adding and taking away what changed: nobody looks at 100,000 rows again.

    Feed it every change of a LivePicture (`take`), the rows whose 临期 or 超期 changed (`put`), and all rows after a
    load (`reset`).
    """

    def __init__(self, timing: Callable[[int], str | None]) -> None:
        self._timing = timing
        self._held: dict[int, tuple[int | None, int | None, str | None]] = {}
        self._late: dict[int, float] = {}
        self._streets: Counter[int | None] = Counter()
        self._grids: Counter[int | None] = Counter()
        self._status: Counter[tuple[int | None, str | None]] = Counter()
        self.by_street: Mapping[int | None, int] = MappingProxyType(self._streets)
        self.by_grid: Mapping[int | None, int] = MappingProxyType(self._grids)

    def reset(self, rows: Iterable[CaseRow]) -> None:
        """These and no others."""
        for part in (self._held, self._late, self._streets, self._grids, self._status):
            part.clear()
        self.put(rows)

    def take(self, change: PictureChange) -> None:
        """What a picture said of itself."""
        self.put(change.upserted)
        self.drop(change.removed)

    def put(self, rows: Iterable[CaseRow]) -> None:
        """Count these rows, or their new versions."""
        for row in rows:
            self._forget(row.id)
            if row.open:
                self._count(row, self._timing(row.id))

    def drop(self, ids: Iterable[int]) -> None:
        """Count these no more."""
        for case_id in ids:
            self._forget(case_id)

    def whole(self, now: float) -> OpenNow:
        """Of all."""
        found = {status: self._sum(status) for status in (NEAR, OVERDUE)}
        return _figures(len(self._held), found, self._longest(self._late), now)

    def street(self, street_id: int, now: float) -> OpenNow:
        """Of one street."""
        found = {status: self._status[street_id, status] for status in (NEAR, OVERDUE)}
        late = (case_id for case_id in self._late if self._held[case_id][0] == street_id)
        return _figures(self._streets[street_id], found, self._longest(late), now)

    # ------------------------------------------------------------ inside
    def _longest(self, ids: Iterable[int]) -> tuple[float, int] | None:
        return min(((self._late[case_id], case_id) for case_id in ids), default=None)

    def _sum(self, status: str) -> int:
        return sum(n for (_, found), n in self._status.items() if found == status)

    def _count(self, row: CaseRow, status: str | None) -> None:
        self._held[row.id] = row.street_id, row.grid_id, status
        self._streets[row.street_id] += 1
        self._grids[row.grid_id] += 1
        self._status[row.street_id, status] += 1
        if status == OVERDUE and row.deadline is not None:
            self._late[row.id] = row.deadline

    def _forget(self, case_id: int) -> None:
        if (held := self._held.pop(case_id, None)) is None:
            return
        street, grid, status = held
        self._streets[street] -= 1
        self._grids[grid] -= 1
        self._status[street, status] -= 1
        self._late.pop(case_id, None)


def whistles_now(picture: JointPicture) -> list[SummonsRow]:
    """Whistles in progress: those with a lane past its limit first, then near it, then the latest."""
    whistles = [row for row in picture.summons.values() if row.kind == "whistle" and row.issued_at is not None]
    return sorted(whistles, key=lambda row: (_RANK.get(picture.timing(row.id) or "", 2), -row.id))


def _figures(held: int, found: Mapping[str, int], longest: tuple[float, int] | None, now: float) -> OpenNow:
    near, late = found.get(NEAR, 0), found.get(OVERDUE, 0)
    return OpenNow(held, near, late) if longest is None else OpenNow(held, near, late, now - longest[0], longest[1])
