"""What is left of a stage's limit, for the column 剩余 and the mark at a row's edge."""

from __future__ import annotations

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CaseRow
from commandcenter.live.queues import NEAR, OVERDUE, timing
from widgets.durations import LiveText, format_hms
from widgets.tones import Tone

_TONES = {NEAR: Tone.NEAR, OVERDUE: Tone.OVERDUE, None: Tone.NORMAL}
_NEVER = 1e11       # Unix seconds later than any deadline
_PRIORITY = 1e12    # outweighs every instant: one float compares three times as fast as a tuple


class Remaining:
    """Counts on the case's own clock; the words follow spec/ui.md: hours, minutes, seconds, overdue with a minus."""

    def __init__(self, work_time: WorkTime) -> None:
        self._work_time = work_time

    def text(self, row: CaseRow, now: float) -> LiveText:
        """What to show at a Unix time of the city."""
        if row.state == "suspended":
            return LiveText("挂起", Tone.MUTED)
        if row.deadline is None:
            return LiveText("—", Tone.MUTED)
        seconds = self._work_time.left(row.clock, now, row.deadline)
        status = timing(row, now)
        if status == OVERDUE:
            # Outside office hours no working time passes, yet the limit is over: never show a plain zero.
            seconds = min(seconds, -1.0)
        return LiveText(format_hms(seconds), _TONES[status])

    def stripe(self, row: CaseRow, now: float) -> Tone | None:
        """The mark at the row's edge: red past the limit or 紧急, amber near it."""
        status = timing(row, now)
        if status == OVERDUE or (row.urgent and row.state in ("filed", "reported", "accepted", "returned")):
            return Tone.OVERDUE
        return Tone.NEAR if status == NEAR else None


def due_order(row: CaseRow) -> float:
    """Sorts by what runs out first; suspended and ended cases last."""
    return row.deadline if row.deadline is not None else _NEVER


def work_order(row: CaseRow) -> float:
    """按优先级、剩余时间: the order in which a queue is worked, as one number because 100,000 rows are sorted by it."""
    deadline = row.deadline
    return row.priority * _PRIORITY + (_NEVER if deadline is None else deadline)
