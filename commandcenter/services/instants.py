"""Reads the many ways in which a table writes a moment: date cells, Excel serial numbers, digits, Chinese words."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from commandcenter.services.table_reader import Cell

# Excel counts days from 1899-12-30 (its 1900 was a leap year by mistake); the bounds are 1980-01-01 and 2099-12-31.
SERIAL_EPOCH = datetime(1899, 12, 30)
SERIAL_MIN, SERIAL_MAX = 29_221, 73_050

_DAY = r"(?P<year>\d{4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*[日号]?"
_WEEKDAY = r"(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
_HALF = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|AM|PM|am|pm)"
_SECOND = r"(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
_CLOCK = rf"(?P<hour>\d{{1,2}})\s*[:时点]\s*(?:(?P<minute>\d{{1,2}})\s*(?:[:分]\s*{_SECOND})?)?"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_WRITTEN = re.compile(rf"{_DAY}{_WEEKDAY}(?:[\sT]*{_HALF}?\s*{_CLOCK}\s*(?P<half_after>AM|PM|am|pm)?\s*{_ZONE})?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "PM", "中午"})


def read_instant(cell: Cell, zone: tzinfo) -> datetime:
    """The moment as an aware datetime; what names no zone is local time in `zone`. Raises ValueError."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=zone)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise ValueError("no moment")
    if isinstance(cell, str):
        return _from_text(unicodedata.normalize("NFKC", cell).strip(), zone)
    return _from_number(cell, zone)


def _from_number(number: float, zone: tzinfo) -> datetime:
    if SERIAL_MIN <= number < SERIAL_MAX:
        # A serial is a binary fraction of a day: 11:25:05 comes out as 11:25:04.999.
        return (SERIAL_EPOCH + timedelta(seconds=round(number * 86_400))).replace(tzinfo=zone)
    return _from_digits(str(int(number)) if float(number).is_integer() else "", zone)


def _from_text(text: str, zone: tzinfo) -> datetime:
    if match := _WRITTEN.fullmatch(text):
        return _from_words(match, zone)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _from_number(float(text), zone)
    return _from_digits(text, zone)


def _from_digits(text: str, zone: tzinfo) -> datetime:
    """20190104, 201901041505 or 20190104150500."""
    if (match := _DIGITS.fullmatch(text)) is None:
        raise ValueError("no moment")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _from_words(match: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = match["half"] or match["half_after"]
    return datetime(year, month, day, _hour(hour, half), minute, second, tzinfo=_zone(match["zone"]) or zone)


def _hour(hour: int, half: str | None) -> int:
    """下午3 is 15; 中午12 stays and 中午1 is 13; 凌晨12 and 12 AM are 0. 晚上12点 may mean either day."""
    if half == "晚上" and hour == 12:
        raise ValueError("no moment")
    if half is None or hour > 12:
        return hour
    if half.upper() in _AFTERNOON:
        return hour + 12 if hour < (11 if half == "中午" else 12) else hour
    return 0 if hour == 12 and half in ("凌晨", "AM", "am") else hour


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
