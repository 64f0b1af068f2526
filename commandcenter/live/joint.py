"""The picture of whistles, orders, meetings and tasks that are open now, merged by id; no threads, no Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.live.joint_due import Due, LaneWatch
from commandcenter.live.queues import OVERDUE
from commandcenter.ports_joint import JointRows

Row = SummonsRow | MeetingRow | TaskRow
R = TypeVar("R", SummonsRow, MeetingRow, TaskRow)
Column = tuple[str, str]  # kind and state: a column of the board
_REMEMBERED = 5_000       # ids gone lately, so that a late answer does not bring them back


@dataclass(frozen=True, slots=True)
class JointChange:
    """Rows that are new or newer, and ids that left because they are over or out of scope."""

    summons: tuple[SummonsRow, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    removed: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """All that differ."""
        return self.removed.union(_ids(self.summons), _ids(self.meetings), _ids(self.tasks))

    def __bool__(self) -> bool:
        return bool(self.summons or self.meetings or self.tasks or self.removed)


class JointPicture:
    """Open rows by id, how many stand in each column, and what each lane must do next. All calls from one thread.

    A full load is begin_load (before asking) and load (with the answer); merges in between win over what the load
    read earlier.
    """

    def __init__(self, work_time: WorkTime | None = None) -> None:
        self._summons: dict[int, SummonsRow] = {}
        self._meetings: dict[int, MeetingRow] = {}
        self._tasks: dict[int, TaskRow] = {}
        self._counts: dict[Column, int] = {}
        self._by_unit: dict[int, set[int]] = {}
        self._watch = LaneWatch(work_time)
        self._gone: dict[int, int] = {}      # id → number of events with which it left
        self._merged: set[int] | None = None  # asked for while a load is under way
        self.summons: Mapping[int, SummonsRow] = MappingProxyType(self._summons)
        self.meetings: Mapping[int, MeetingRow] = MappingProxyType(self._meetings)
        self.tasks: Mapping[int, TaskRow] = MappingProxyType(self._tasks)
        self.counts: Mapping[Column, int] = MappingProxyType(self._counts)

    # ------------------------------------------------------------ asking
    def lanes_of(self, units: Collection[int]) -> list[tuple[SummonsRow, Party]]:
        """Live lanes of these units in open summons, the oldest summons first."""
        ids = sorted({key for unit in units for key in self._by_unit.get(unit, ())})
        return [
            (row, party) for row in (self._summons[key] for key in ids)
            for party in row.live_parties if party.unit_id in units
        ]  # fmt: skip

    def due(self, summons_id: int, party_no: int) -> Due | None:
        """What a lane must do next, and by when."""
        return self._watch.due(summons_id, party_no)

    def timing(self, summons_id: int, party_no: int | None = None) -> str | None:
        """near (临期), overdue (超期) or None as of the last `advance`; without a lane the worst of all."""
        return self._watch.status(summons_id, party_no)

    def overdue(self, kind: str, state: str) -> int:
        """How many of a column have a lane past its limit."""
        held = (row for row in self._summons.values() if (row.kind, row.state) == (kind, state))
        return sum(self._watch.status(row.id) == OVERDUE for row in held)

    # ------------------------------------------------------------ changing
    def advance(self, now: float) -> frozenset[int]:
        """Let time pass to `now` (Unix seconds of the city's clock); summons of which a lane's 临期/超期 changed."""
        return self._watch.advance(now)

    def begin_load(self) -> None:
        """Everything is going to be asked for."""
        self._merged = set()

    def load(self, rows: JointRows) -> JointChange:
        """What is open, as it was read after begin_load, or after everything merged so far."""
        newer, self._merged = self._merged or set(), None
        kept = JointRows(
            _without(rows.summons, newer - self._summons.keys()),
            _without(rows.meetings, newer - self._meetings.keys()),
            _without(rows.tasks, newer - self._tasks.keys()),
        )
        held = (*self._summons, *self._meetings, *self._tasks)
        return self._take(kept, [key for key in held if key not in newer])

    def merge(self, rows: JointRows, asked: Collection[int]) -> JointChange:
        """Take in the answer to a question for the ids `asked`: newer rows replace held ones; rows that are over and
        ids that did not come back leave. A row older than the one held, or than the one that left, changes nothing."""
        if self._merged is not None:
            self._merged.update(asked)
        return self._take(rows, asked)

    def _take(self, rows: JointRows, asked: Iterable[int]) -> JointChange:
        removed: set[int] = set()
        summons = tuple(row for row in rows.summons if self._took(self._summons, row, removed))
        meetings = tuple(row for row in rows.meetings if self._took(self._meetings, row, removed))
        tasks = tuple(row for row in rows.tasks if self._took(self._tasks, row, removed))
        found = _ids(rows.summons) | _ids(rows.meetings) | _ids(rows.tasks)
        removed.update(key for key in asked if key not in found and self._remove(key))
        return JointChange(summons, meetings, tasks, frozenset(removed))

    def _took(self, held: dict[int, R], row: R, removed: set[int]) -> bool:
        """Whether the row is news and stays; one that is over is told by its id."""
        before = held.get(row.id)
        known = before.events if before is not None else self._gone.get(row.id, 0)
        if known > row.events or before == row:
            return False
        if not row.open:
            if self._remove(row.id):
                removed.add(row.id)
            self._note_gone(row.id, row.events)
            return False
        self._forget(row.id)
        self._gone.pop(row.id, None)
        held[row.id] = row
        if isinstance(row, SummonsRow):
            self._index(row)
        return True

    def _remove(self, key: int) -> bool:
        row = self._forget(key)
        if row is not None:
            self._note_gone(key, row.events)
        return row is not None

    def _forget(self, key: int) -> Row | None:
        """Take a row out of every index."""
        if (summons := self._summons.pop(key, None)) is not None:
            self._unindex(summons)
            return summons
        return self._meetings.pop(key, None) or self._tasks.pop(key, None)

    def _note_gone(self, key: int, events: int) -> None:
        self._gone.pop(key, None)
        self._gone[key] = events
        if len(self._gone) > _REMEMBERED:
            del self._gone[next(iter(self._gone))]

    # ------------------------------------------------------------ indexes
    def _index(self, row: SummonsRow) -> None:
        self._count(row, +1)
        for party in row.live_parties:
            self._by_unit.setdefault(party.unit_id, set()).add(row.id)
        self._watch.put(row)

    def _unindex(self, row: SummonsRow) -> None:
        self._count(row, -1)
        for party in row.live_parties:
            waiting = self._by_unit[party.unit_id]
            waiting.discard(row.id)
            if not waiting:
                del self._by_unit[party.unit_id]
        self._watch.drop(row.id)

    def _count(self, row: SummonsRow, step: int) -> None:
        column = row.kind, row.state
        left = self._counts.get(column, 0) + step
        if left:
            self._counts[column] = left
        else:
            self._counts.pop(column, None)


def _ids(rows: Iterable[Row]) -> set[int]:
    return {row.id for row in rows}


def _without(rows: tuple[R, ...], ids: Collection[int]) -> tuple[R, ...]:
    return tuple(row for row in rows if row.id not in ids)
