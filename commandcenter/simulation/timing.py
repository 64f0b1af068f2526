"""How long people take: log-normal shares of a stage's limit, on the stage's clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CatalogueItem, Directory
from commandcenter.domain.workflow import load_workflow
from commandcenter.profiles.model import Profile

_CENTRE = frozenset({"accept", "file", "dispatch"})
_MOST = 6.0  # nobody takes more than this many limits
OFF_HOURS_SLOWER = 5.0  # outside office hours work goes on, this much slower
_MORNING_H, _EVENING_H = 8, 20


class Timing:
    """Limits of every stage and the instants at which people are done. All instants are Unix seconds."""

    def __init__(self, profile: Profile, directory: Directory) -> None:
        self.work_time = WorkTime(directory.calendar)
        self._zone = ZoneInfo(directory.time_zone)
        self._usual = {s.code: (s.minutes * 60.0, s.clock) for s in load_workflow().stages}
        self._limits = _limits(profile, directory.items)

    def limit(self, item_id: int | None, stage: str) -> tuple[float, str]:
        """(seconds, clock) of a stage for an item; the workflow's own limit while there is none."""
        return self._limits.get((item_id, stage)) or self._usual[stage]

    def after(self, start: float, clock: str, seconds: float) -> float:
        """The instant when that many seconds of the clock have passed."""
        position = None if clock == "urgent" else self.work_time.position(clock, start)
        reached = None if position is None else self.work_time.instant(clock, position + round(seconds))
        return start + seconds if reached is None else max(reached, start)

    def due(self, start: float, item_id: int | None, stage: str, share: float = 1.0) -> float:
        """The deadline of a stage that begins at `start`, as the database computes it."""
        seconds, clock = self.limit(item_id, stage)
        return self.after(start, clock, max(60.0, seconds * share))

    def done_at(self, rng: Random, start: float, item_id: int | None, stage: str, pace: tuple[float, float]) -> float:
        """When somebody who works at this pace, (median, sigma) of the limit, is done."""
        seconds, clock = self.limit(item_id, stage)
        taken = max(20.0, seconds * min(_MOST, rng.lognormvariate(math.log(pace[0]), pace[1])))
        regular = self.after(start, clock, taken)
        off_hours = start + taken * OFF_HOURS_SLOWER
        if stage not in _CENTRE and clock != "urgent":
            off_hours = self._by_day(rng, off_hours)
        return min(regular, off_hours)

    def local(self, instant: float) -> datetime:
        """The city's local time."""
        return datetime.fromtimestamp(instant, self._zone)

    def _by_day(self, rng: Random, instant: float) -> float:
        local = self.local(instant)
        if _MORNING_H <= local.hour < _EVENING_H:
            return instant
        morning = local.replace(hour=_MORNING_H, minute=0, second=0, microsecond=0).timestamp()
        return morning + (86400 if local.hour >= _EVENING_H else 0) + rng.uniform(0, 5400)


def _limits(profile: Profile, items: Mapping[int, CatalogueItem]) -> dict[tuple[int | None, str], tuple[float, str]]:
    by_code = {item.code: item.limits for item in profile.catalogue}
    return {
        (item.id, limit.stage): (limit.minutes * 60.0, limit.clock)
        for item in items.values()
        for limit in by_code.get(item.code, ())
    }
