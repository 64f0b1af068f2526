"""Every way in which tables write a moment comes to the same moment; what is none is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.services.instants import read_instant

ZONE = ZoneInfo("Asia/Shanghai")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019/1/4 0:00:00", at(2019, 1, 4)),
        ("2019-02-06 17:49:18", at(2019, 2, 6, 17, 49, 18)),
        ("2020-1-6", at(2020, 1, 6)),
        ("2020.01.06 8:05", at(2020, 1, 6, 8, 5)),
        ("2019年1月4日 下午3:05", at(2019, 1, 4, 15, 5)),
        ("2019年1月4日下午3时5分20秒", at(2019, 1, 4, 15, 5, 20)),
        ("2019年1月4日", at(2019, 1, 4)),
        ("2019年1月4日 星期五 15点30分", at(2019, 1, 4, 15, 30)),
        ("2019年1月4日 3点", at(2019, 1, 4, 3)),
        ("２０１９年１月４日　１５：０５", at(2019, 1, 4, 15, 5)),
        ("2019/1/4 3:05 PM", at(2019, 1, 4, 15, 5)),
        ("2019/1/4 12:05 AM", at(2019, 1, 4, 0, 5)),
        ("2019/1/4 凌晨12:05", at(2019, 1, 4, 0, 5)),
        ("2019/1/4 中午12:30", at(2019, 1, 4, 12, 30)),
        ("2019/1/4 中午1:30", at(2019, 1, 4, 13, 30)),
        ("2019/1/4 下午15:05", at(2019, 1, 4, 15, 5)),
        ("2019-02-06T17:49:18Z", at(2019, 2, 7, 1, 49, 18)),
        ("2019-02-06T17:49:18.123+0900", at(2019, 2, 6, 16, 49, 18)),
        ("20190104", at(2019, 1, 4)),
        ("201901041505", at(2019, 1, 4, 15, 5)),
        (20190104150500.0, at(2019, 1, 4, 15, 5)),
        ("43469.5", at(2019, 1, 4, 12)),
        (43469, at(2019, 1, 4)),
        (43469.47575231482, at(2019, 1, 4, 11, 25, 5)),
        (datetime(2019, 1, 4, 15, 5), at(2019, 1, 4, 15, 5)),
        (date(2019, 1, 4), at(2019, 1, 4)),
    ],
)
def test_a_moment_is_read(cell: object, expected: datetime) -> None:
    assert read_instant(cell, ZONE) == expected


@pytest.mark.parametrize(
    "cell",
    ["", "昨天下午", "2019-13-01", "2019-02-30", "1/4/2019", "19-1-4", "2019-1-4 25:00", "2019-1-4 晚上12:00", "12345",
     "13900000001", 12.0, 1e12, float("nan"), float("inf"), True, time(3, 4), timedelta(1), "2019-1-4 3:05 abc"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(cell: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_instant(cell, ZONE)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2099, 12, 30)).map(lambda d: d.replace(microsecond=0)))
def test_all_spellings_agree(moment: datetime) -> None:
    half, hour = ("上午" if moment.hour < 12 else "下午"), moment.hour % 12 or 12
    expected = moment.replace(tzinfo=ZONE)
    if moment.hour > 0:
        assert read_instant(f"{moment:%Y年%m月%d日} {half}{hour}:{moment:%M:%S}", ZONE) == expected
    assert read_instant(f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}", ZONE) == expected
    assert read_instant((moment - datetime(1899, 12, 30)) / timedelta(days=1), ZONE) == expected
    assert read_instant(moment, ZONE) == expected


@given(st.text(max_size=30) | st.floats())
def test_rubbish_is_refused_or_read_but_never_breaks(cell: object) -> None:
    with suppress(ValueError):
        assert read_instant(cell, ZONE).tzinfo is not None
