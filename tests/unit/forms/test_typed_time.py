"""Instants and durations as people type them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.forms.typed_time import format_instant, format_minutes, parse_instant, parse_minutes

NOW = datetime(2026, 9, 30, 15, 20, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("明天", "2026-10-01 周四 09:00"),
        ("明天 9点半", "2026-10-01 周四 09:30"),
        ("今天18:00", "2026-09-30 周三 18:00"),
        ("16点半", "2026-09-30 周三 16:30"),
        ("19:00", "2026-09-30 周三 19:00"),
        ("9点", "2026-10-01 周四 09:00"),
        ("25点", None),
        ("下周一", "2026-10-05 周一 09:00"),
        ("下周日 8点", "2026-10-11 周日 08:00"),
        ("+3天", "2026-10-03 周六 15:20"),
        ("2小时后", "2026-09-30 周三 17:20"),
        ("30分钟", "2026-09-30 周三 15:50"),
        ("10-8 14:30", "2026-10-08 周四 14:30"),
        ("10月8日", "2026-10-08 周四 09:00"),
        ("2-14 8:00", "2027-02-14 周日 08:00"),
        ("2026-10-08 09:00", "2026-10-08 周四 09:00"),
        ("2026-10-08T09:00", "2026-10-08 周四 09:00"),
        ("2-29", None),
        ("13-45", None),
        ("明天 25点", None),
        ("胡说", None),
        ("", None),
    ],
)
def test_an_instant_is_read(typed: str, meant: str | None) -> None:
    instant = parse_instant(typed, NOW)
    assert (None if instant is None else format_instant(instant)) == meant


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("90", 90), ("2小时", 120), ("1.5h", 90), ("1天", 1440), ("30 分钟", 30), ("-5", None), ("x", None), ("", None)],
)
def test_a_duration_is_read(typed: str, minutes: int | None) -> None:
    assert parse_minutes(typed) == minutes


def test_durations_are_said_in_hours_and_minutes() -> None:
    assert [format_minutes(m) for m in (0, 30, 60, 90)] == ["0 分", "30 分", "1 小时", "1 小时 30 分"]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    instant = parse_instant(text, NOW)
    assert instant is None or instant.tzinfo is not None
    minutes = parse_minutes(text)
    assert minutes is None or minutes >= 0


@given(st.from_regex(r"\+?[0-9]{1,25}(天|小时|h|分)", fullmatch=True))
def test_huge_amounts_are_refused_not_raised(text: str) -> None:
    parse_instant(text, NOW)
    parse_minutes(text)
