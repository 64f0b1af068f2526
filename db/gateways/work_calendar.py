"""The work calendar as rows: statutory holidays and make-up workdays (调休) from the package chinesecalendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import Connection, text

from db.gateways.copying import copy_rows

CLOCKS = ("hours", "days")
FIRST_DAY, YEARS_AHEAD = date(2025, 1, 1), 2
_COLUMNS = ("district_id", "clock", "day", "working", "note", "open_s", "before_s")
_UNANNOUNCED = "放假安排尚未公布"

_DAYS = text("select day, note from cc.calendar_day where district_id = :d and clock = 'hours'")
_ANNOUNCE = text("update cc.calendar_day set working = :working, note = :note where district_id = :d and day = :day")


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
        return day.weekday() < 5, _UNANNOUNCED
    weekend = day.weekday() >= 5
    if holiday:
        return False, name or ""
    return True, f"调休上班（{name}）" if weekend else ""


def extend_calendar(connection: Connection, district: int, today: date) -> bool:
    """Give a district its days up to the end of the second year ahead, and what has been announced meanwhile.

    Days that were announced before stay as they are: deadlines were computed by them. True when anything changed.
    """
    known: dict[date, str] = {row.day: row.note for row in connection.execute(_DAYS, {"d": district})}
    wanted = list(calendar_days(FIRST_DAY, date(today.year + YEARS_AHEAD, 12, 31)))
    missing = [row for row in wanted if row[0] not in known]
    announced = [row for row in wanted if known.get(row[0]) == _UNANNOUNCED and row[2] != _UNANNOUNCED]
    copy_rows(connection, "calendar_day", _COLUMNS, [(district, c, *row, 0, 0) for c in CLOCKS for row in missing])
    for day, working, note in announced:
        connection.execute(_ANNOUNCE, {"d": district, "day": day, "working": working, "note": note})
    if missing or announced:
        connection.execute(text("select cc.recount_calendar(:d)"), {"d": district})
    return bool(missing or announced)
