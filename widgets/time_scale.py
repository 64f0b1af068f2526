"""Where a moment lies on a track of pixels, and which marks stand beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
_STEPS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY)
_LEAST_SPAN = HOUR  # no closer look than an hour


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark: its place in px, and its words."""

    x: float
    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Shows `left` to `right` (Unix seconds) of what lies between `since` and `until` over `width` px."""

    since: float
    until: float
    left: float
    right: float
    width: float

    @classmethod
    def whole(cls, since: float, until: float, width: float) -> TimeScale:
        """All of it."""
        return cls(since, until, since, until, width)

    @property
    def span(self) -> float:
        """Seconds shown."""
        return max(1.0, self.right - self.left)

    def x(self, moment: float) -> float:
        """Place of a moment in px; outside 0 to width when it is not shown."""
        return (moment - self.left) / self.span * self.width

    def moment(self, x: float) -> float:
        """The moment at a place, within since and until."""
        return min(max(self.left + x / max(1.0, self.width) * self.span, self.since), self.until)

    def zoomed(self, factor: float, around: float) -> TimeScale:
        """`factor` times as close, this moment keeping its place."""
        whole = max(1.0, self.until - self.since)
        span = min(whole, max(min(_LEAST_SPAN, whole), self.span / factor))
        share = (around - self.left) / self.span
        return self._from(around - share * span, span)

    def showing(self, moment: float) -> TimeScale:
        """Moved, if need be, so that this moment is seen."""
        if self.left <= moment <= self.right:
            return self
        return self._from(moment - self.span / 2, self.span)

    def within(self, since: float, until: float) -> TimeScale:
        """Other limits; what showed all, or the end, still does."""
        if (self.left, self.right) == (self.since, self.until):
            return TimeScale.whole(since, until, self.width)
        span = min(self.span, max(1.0, until - since))
        left = until - span if self.right == self.until else self.left
        return replace(self, since=since, until=until)._from(left, span)

    def resized(self, width: float) -> TimeScale:
        """The same over another width."""
        return replace(self, width=width)

    def _from(self, left: float, span: float) -> TimeScale:
        left = min(max(left, self.since), max(self.since, self.until - span))
        return replace(self, left=left, right=left + span)

    def ticks(self, zone: tzinfo, least_px: float) -> list[Tick]:
        """Marks at whole days, hours or minutes of the zone, at least so far apart; midnights are strong."""
        wanted = least_px / max(1.0, self.width) * self.span
        step = next((one for one in _STEPS if one >= wanted), _STEPS[-1])
        made, at = [], datetime.fromtimestamp(self.left, zone).replace(hour=0, minute=0, second=0, microsecond=0)
        if step > DAY:  # the same days whatever part is shown
            at -= timedelta(days=at.toordinal() % int(step / DAY))
        while (seconds := at.timestamp()) <= self.right:
            if seconds >= self.left:
                midnight = at.hour == at.minute == 0
                made.append(Tick(self.x(seconds), f"{at:%m-%d}" if midnight else f"{at:%H:%M}", midnight))
            at += timedelta(seconds=step)
        return made
