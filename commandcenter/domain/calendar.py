"""Working time on the client, for showing what is left. The database alone decides deadlines (db/schema/functions/20_clock.sql)."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commandcenter.domain.model import Calendar


class WorkTime:
    """Counts working seconds by the district's calendar with a prefix sum over its days."""

    def __init__(self, calendar: Calendar) -> None:
        self._zone = ZoneInfo(calendar.time_zone)
        self._windows = calendar.windows
        self._day_s = sum(b - a for a, b in calendar.windows)
        self._first = date.fromisoformat(calendar.days[0][0]).toordinal() if calendar.days else 0
        self._working = [working for _, working in calendar.days]
        self._before = [0]
        for working in self._working:
            self._before.append(self._before[-1] + (self._day_s if working else 0))

    def position(self, instant: float) -> int | None:
        """Working seconds from the calendar's first day to a Unix time; None outside the calendar."""
        local = datetime.fromtimestamp(instant, self._zone)
        day = local.toordinal() - self._first
        if not 0 <= day < len(self._working):
            return None
        if not self._working[day]:
            return self._before[day]
        second = local.hour * 3600 + local.minute * 60 + local.second
        return self._before[day] + sum(max(0, min(second, b) - a) for a, b in self._windows)

    def left(self, clock: str | None, now: float, deadline: float) -> float:
        """Seconds left until the deadline on its clock, negative when past it. Outside the calendar: plain seconds."""
        if clock != "urgent":
            here, there = self.position(now), self.position(deadline)
            if here is not None and there is not None:
                return there - here
        return deadline - now

    def instant(self, position: int) -> float | None:
        """The first Unix time at which that many working seconds have passed; None outside the calendar."""
        day = bisect_right(self._before, max(position, 1) - 1) - 1
        while 0 <= day < len(self._working) and not self._working[day]:
            day += 1
        if not 0 <= day < len(self._working):
            return None
        rest = max(position, 1) - self._before[day]
        midnight = datetime.combine(date.fromordinal(self._first + day), datetime.min.time(), self._zone).timestamp()
        for a, b in self._windows:
            if rest <= b - a:
                return midnight + a + rest
            rest -= b - a
        return None
