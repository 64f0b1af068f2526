"""Working time on the client, for showing what is left; the database alone decides deadlines."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from commandcenter.domain.model import Calendar


class WorkTime:
    """Counts working seconds by the district's calendar with a prefix sum over its days.

    The same arithmetic as db/schema/functions/20_clock.sql. Clocks: urgent (紧急工作时, plain time), hours (工作时),
    days (工作日).
    """

    def __init__(self, calendar: Calendar) -> None:
        self._zone = ZoneInfo(calendar.time_zone)
        self._windows = calendar.windows
        self._first = date.fromisoformat(calendar.days[0][0]).toordinal() if calendar.days else 0
        self._working = [working for _, working in calendar.days]
        self._before = {clock: self._prefix(clock) for clock in calendar.windows}

    def _prefix(self, clock: str) -> list[int]:
        day_s = sum(b - a for a, b in self._windows[clock])
        return [0, *accumulate(day_s if working else 0 for working in self._working)]

    def position(self, clock: str, instant: float) -> int | None:
        """Working seconds from the calendar's first day to a Unix time; None outside the calendar."""
        local = datetime.fromtimestamp(instant, self._zone)
        day = local.toordinal() - self._first
        if clock not in self._windows or not 0 <= day < len(self._working):
            return None
        before = self._before[clock][day]
        if not self._working[day]:
            return before
        second = local.hour * 3600 + local.minute * 60 + local.second
        return before + sum(max(0, min(second, b) - a) for a, b in self._windows[clock])

    def left(self, clock: str | None, now: float, deadline: float) -> float:
        """Seconds left until the deadline on its clock, negative past it. Outside the calendar: plain."""
        if clock is not None and clock != "urgent":
            here, there = self.position(clock, now), self.position(clock, deadline)
            if here is not None and there is not None:
                return there - here
        return deadline - now

    def clock_to(self, clock: str | None, deadline: float) -> str | None:
        """The clock by which the time until a deadline counts. A deadline at which its clock stands still was not made
        by it but by an appointed hour: None, plain time."""
        before, after = (self.position(clock, deadline + s) if clock else None for s in (-1, 1))
        return None if before is not None and before == after else clock

    def instant(self, clock: str, position: int) -> float | None:
        """The first Unix time at which that many working seconds have passed; None outside."""
        wanted = max(position, 1)
        day = bisect_right(self._before[clock], wanted - 1) - 1
        if not 0 <= day < len(self._working):
            return None
        rest = wanted - self._before[clock][day]
        midnight = datetime.combine(date.fromordinal(self._first + day), datetime.min.time(), self._zone)
        for a, b in self._windows[clock]:
            if rest <= b - a:
                return midnight.timestamp() + a + rest
            rest -= b - a
        return None
