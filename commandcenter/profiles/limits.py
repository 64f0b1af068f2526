"""Stage limits as people write them: ``2紧急工作时``, ``30工作分``, ``4工作时``, ``15工作日``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from commandcenter.profiles.model import OfficeWindow, StageLimit

MAX_MINUTES: Final = 366 * 24 * 60
_WRITTEN: Final = re.compile(r"([1-9]\d{0,5})(紧急工作时|紧急工作分|工作时|工作分|工作日)")
_CLOCK: Final = MappingProxyType(
    {"紧急工作时": "urgent", "紧急工作分": "urgent", "工作时": "hours", "工作分": "hours", "工作日": "days"}
)


def minutes_per_day(windows: Iterable[OfficeWindow]) -> dict[str, int]:
    """Clock → minutes that it runs on a working day."""
    total: dict[str, int] = {}
    for window in windows:
        total[window.clock] = total.get(window.clock, 0) + window.end_minute - window.start_minute
    return total


def parse_limit(stage: str, text: str, day_minutes: Mapping[str, int]) -> StageLimit:
    """Read one limit; ``ValueError`` with a Chinese reason if it is none or beyond a year."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"时限“{text}”应写成数字加 紧急工作时/紧急工作分/工作时/工作分/工作日")
    unit = match[2]
    clock = _CLOCK[unit]
    factor = day_minutes[clock] if unit == "工作日" else 60 if unit.endswith("时") else 1
    if (minutes := int(match[1]) * factor) > MAX_MINUTES:
        raise ValueError(f"时限“{text}”超过一年")
    return StageLimit(stage, minutes, clock)
