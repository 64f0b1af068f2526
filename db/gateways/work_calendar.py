"""The work calendar as rows: statutory holidays and make-up workdays (调休) from the package chinesecalendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

CLOCKS = ("hours", "days")


def calendar_days(first: date, last: date) -> Iterator[tuple[date, bool, str]]:
    """(day, working, note) from first to last inclusive.

    Beyond the years that the State Council has announced, Monday to Friday count as working days and the note says so;
    an upgrade of the package and a reload bring the announced ones.
    """
    day = first
    while day <= last:
        yield day, *_working(day)
        day += timedelta(days=1)


def _working(day: date) -> tuple[bool, str]:
    try:
        holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return day.weekday() < 5, "放假安排尚未公布"
    weekend = day.weekday() >= 5
    if holiday:
        return False, name or ""
    return True, f"调休上班（{name}）" if weekend else ""
