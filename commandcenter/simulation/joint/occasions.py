"""When somebody whistles, orders or calls a meeting: day by day, from the seed and the date alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from commandcenter.domain.model import Directory
from commandcenter.simulation.joint.habits import Habits

KINDS = ("whistle", "order", "meeting")
_PER = 1000.0  # the data speak of so many reports a day
_DAYS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """Somebody is about to call others together. `at`: Unix seconds; `key` names it for all its random choices.

    goal: how far it is to come at once, for what a new city begins with; most: units that it calls then.
    """

    at: float
    key: str
    kind: str
    goal: str = ""
    most: int = 0


class Occasions:
    """How many there are follows the number of reports a day."""

    def __init__(self, directory: Directory, habits: Habits, seed: int, rate: float) -> None:
        self._habits, self._seed, self._rate = habits, seed, rate
        self._zone = ZoneInfo(directory.time_zone)
        self._working = dict(directory.calendar.days)
        self._days: dict[date, list[Occasion]] = {}

    @property
    def any(self) -> bool:
        """Whether the city reports anything at all."""
        return self._rate > 0

    def between(self, start: float, end: float) -> Iterator[Occasion]:
        """Those from `start` up to, without, `end`, in order."""
        day, last = self._date(start), self._date(end)
        while day <= last:
            yield from (occasion for occasion in self._of(day) if start <= occasion.at < end)
            day += timedelta(days=1)

    def _date(self, instant: float) -> date:
        return datetime.fromtimestamp(instant, self._zone).date()

    def _of(self, day: date) -> list[Occasion]:
        if day not in self._days:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            self._days[day] = sorted((o for kind in KINDS for o in self._drawn(day, kind)), key=lambda o: o.at)
        return self._days[day]

    def _drawn(self, day: date, kind: str) -> Iterator[Occasion]:
        rng = Random(f"{self._seed}/{kind}/{day}")
        midnight = datetime.combine(day, datetime.min.time(), self._zone).timestamp()
        for number in range(self._how_many(rng, day, kind)):
            hour = rng.choices(range(24), self._habits.raw["hours"][kind])[0]
            yield Occasion(midnight + hour * 3600 + rng.random() * 3600, f"{kind}-{day:%Y%m%d}-{number:03d}", kind)

    def _how_many(self, rng: Random, day: date, kind: str) -> int:
        shares = self._habits.raw["a_day"]
        mean = float(shares[kind]) * self._rate / _PER
        if not self._working.get(day.isoformat(), day.weekday() < 5):
            mean *= float(shares["free_day"])
        return max(0, round(rng.gauss(mean, math.sqrt(mean)))) if mean > 0 else 0
