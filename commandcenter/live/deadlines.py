"""Which held rows are near their limit or past it, kept right as time goes by without looking at every row."""

from __future__ import annotations

from collections.abc import Mapping

from commandcenter.domain.model import CaseRow
from commandcenter.live.agenda import Agenda
from commandcenter.live.queues import NEAR, OVERDUE, timing


def _next_change(row: CaseRow, status: str | None) -> float | None:
    """The next instant at which the row's status may change, None if never."""
    if row.deadline is None or not row.open or status == OVERDUE:
        return None
    if status == NEAR or row.warn_at is None:
        return row.deadline
    return min(row.warn_at, row.deadline)


class DeadlineWatch:
    """Holds a status (near, overdue, None) per case id; an agenda says who changes next."""

    def __init__(self, rows: Mapping[int, CaseRow]) -> None:
        self._rows = rows
        self._status: dict[int, str] = {}
        self._agenda: Agenda[int] = Agenda()
        self._now = float("-inf")

    @property
    def now(self) -> float:
        """The moment to which the statuses belong (Unix seconds of the city's clock)."""
        return self._now

    def status(self, case_id: int) -> str | None:
        """near, overdue or None."""
        return self._status.get(case_id)

    def put(self, row: CaseRow) -> str | None:
        """Watch a row or its new version; returns its status now."""
        status = timing(row, self._now)
        if status is None:
            self._status.pop(row.id, None)
        else:
            self._status[row.id] = status
        self._agenda.expect(row.id, _next_change(row, status))
        return status

    def drop(self, case_id: int) -> None:
        """Watch it no more."""
        self._status.pop(case_id, None)
        self._agenda.expect(case_id, None)

    def advance(self, now: float) -> list[int]:
        """Move to `now`; ids whose status changed. A clock that was set back is looked through row by row."""
        backwards, self._now = now < self._now, now
        due = self._agenda.take(now)
        return [case_id for case_id in (list(self._rows) if backwards else due) if self._changed(case_id)]

    def _changed(self, case_id: int) -> bool:
        before = self._status.get(case_id)
        return self.put(self._rows[case_id]) != before
