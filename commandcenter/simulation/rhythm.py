"""The rhythm of a day: how many problems come in, when and by which channel."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from commandcenter.domain.model import Channel, Directory
from commandcenter.simulation.data import CityData

_DAYS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Birth:
    """A problem is about to be reported. `at`: Unix seconds; `key` names it for all its random choices."""

    at: float
    key: str
    channel: Channel


def _at(birth: Birth) -> float:
    return birth.at


class Rhythm:
    """Arrivals day by day. A day's arrivals depend on the seed and the date only."""

    def __init__(self, directory: Directory, data: CityData, seed: int, rate: float) -> None:
        self._rhythm = data.rhythm
        self._seed, self._rate = seed, rate
        self._zone = ZoneInfo(directory.time_zone)
        self._working: Mapping[str, bool] = dict(directory.calendar.days)
        self._channels = list(directory.channels.values())
        shares = data.rhythm["channels"]
        self._days: dict[date, list[Birth]] = {}
        self._shares = [shares.get(c.code, data.rhythm["other"]) for c in self._channels]

    def between(self, start: float, end: float) -> Iterator[Birth]:
        """Births from `start` up to, without, `end`, in order."""
        day, last = self._date(start), self._date(end)
        while day <= last:
            births = self._of(day)
            yield from births[bisect_left(births, start, key=_at) : bisect_left(births, end, key=_at)]
            day += timedelta(days=1)

    def _of(self, day: date) -> list[Birth]:
        if day not in self._days:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            self._days[day] = self._day(day)
        return self._days[day]

    def _date(self, instant: float) -> date:
        return datetime.fromtimestamp(instant, self._zone).date()

    def _day(self, day: date) -> list[Birth]:
        rng = Random(f"{self._seed}/{day}")
        midnight = datetime.combine(day, datetime.min.time(), self._zone).timestamp()
        drawn = [self._arrival(rng) for _ in range(self._how_many(rng, day))]
        drawn.sort(key=lambda arrival: arrival[0])
        return [Birth(midnight + s, f"{day:%Y%m%d}-{k:05d}", channel) for k, (s, channel) in enumerate(drawn)]

    def _how_many(self, rng: Random, day: date) -> int:
        working = self._working.get(day.isoformat(), day.weekday() < 5)
        mean = self._rate * self._rhythm["working_day" if working else "free_day"]
        return max(0, round(rng.gauss(mean, math.sqrt(mean) if mean > 0 else 0)))

    def _arrival(self, rng: Random) -> tuple[float, Channel]:
        channel = rng.choices(self._channels, self._shares)[0]
        curve = self._rhythm["citizen_hours" if channel.citizen else "hours"]
        hour = rng.choices(range(24), curve)[0]
        return hour * 3600 + rng.random() * 3600, channel
