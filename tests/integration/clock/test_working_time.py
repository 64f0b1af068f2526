"""Working time in the database: by hand over the holidays of 2026, and against the client's on any instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commandcenter.domain.calendar import WorkTime
from tests.support.clocks import beijing
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database

# The State Council's arrangement for 2026, counted by hand.
# National Day: off 1–7 October; Sunday 20 September and Saturday 10 October are worked instead.
# Spring Festival: off 15–23 February; Saturdays 14 and 28 February are worked instead.
# hours: 08–20; days: 09–12 and 13–18.
ADDED = [
    ("hours", "2026-09-30 19:00", 2 * 60, "2026-10-08 09:00"),  # an hour before the holiday, an hour after it
    ("hours", "2026-10-03 12:00", 60, "2026-10-08 09:00"),  # begins in the holiday
    ("hours", "2026-10-09 19:30", 60, "2026-10-10 08:30"),  # a Friday goes on into the make-up Saturday
    ("hours", "2026-10-10 19:30", 60, "2026-10-12 08:30"),  # but not into the Sunday after it
    ("hours", "2026-09-19 10:00", 60, "2026-09-20 09:00"),  # a plain Saturday waits for the make-up Sunday
    ("hours", "2026-09-20 19:59", 2, "2026-09-21 08:01"),
    ("hours", "2026-09-30 20:00", 1, "2026-10-08 08:01"),
    ("hours", "2026-09-30 07:00", 12 * 60, "2026-09-30 20:00"),  # a full day ends that evening, not next morning
    ("hours", "2026-09-30 07:00", 12 * 60 + 1, "2026-10-08 08:01"),
    ("days", "2026-09-30 11:30", 60, "2026-09-30 13:30"),  # over lunch
    ("days", "2026-09-30 12:30", 60, "2026-09-30 14:00"),
    ("days", "2026-09-30 17:30", 60, "2026-10-08 09:30"),
    ("days", "2026-09-29 09:00", 3 * 480, "2026-10-08 18:00"),  # three working days: 29, 30, 8
    ("days", "2026-09-29 10:00", 3 * 480, "2026-10-09 10:00"),
    ("days", "2026-02-13 09:00", 3 * 480, "2026-02-24 18:00"),  # Friday 13, make-up Saturday 14, Tuesday 24
    ("hours", "2026-02-14 19:00", 120, "2026-02-24 09:00"),
    ("hours", "2026-02-27 19:00", 120, "2026-02-28 09:00"),  # make-up Saturday
    ("hours", "2026-02-28 19:00", 120, "2026-03-02 09:00"),
    ("days", "2026-02-13 09:00", 15 * 480, "2026-03-11 18:00"),  # 13, 14, 24–28 February, 2–6, 9–11 March
    ("urgent", "2026-10-01 23:30", 60, "2026-10-02 00:30"),
]
BETWEEN = [
    ("hours", "2026-09-30 19:00", "2026-10-08 09:00", 120),
    ("hours", "2026-10-01 00:00", "2026-10-08 00:00", 0),
    ("hours", "2026-10-08 09:00", "2026-09-30 19:00", -120),
    ("hours", "2026-09-20 00:00", "2026-09-21 00:00", 12 * 60),
    ("days", "2026-10-10 12:10", "2026-10-10 12:50", 0),
    ("days", "2026-02-14 00:00", "2026-03-01 00:00", 6 * 480),  # 14, 24, 25, 26, 27, 28
    ("urgent", "2026-10-01 00:00", "2026-10-02 00:00", 1440),
]


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def work_time(shared_town: Town) -> WorkTime:
    return WorkTime(shared_town.session("evaluator").directory.calendar)


def _district(hands: Hands) -> int:
    return int(hands.sql("select district_id from cc.district"))


@pytest.mark.parametrize(("clock", "start", "minutes", "due"), ADDED)
def test_adding_working_minutes(clock: str, start: str, minutes: int, due: str, hands: Hands) -> None:
    got = hands.sql("select cc.work_add(%s, %s, %s, %s)", _district(hands), clock, beijing(start), minutes * 60)
    assert got == beijing(due)


@pytest.mark.parametrize(("clock", "start", "end", "minutes"), BETWEEN)
def test_counting_working_minutes(clock: str, start: str, end: str, minutes: int, hands: Hands) -> None:
    got = hands.sql("select cc.work_between(%s, %s, %s, %s)", _district(hands), clock, beijing(start), beijing(end))
    assert got == minutes * 60


def test_the_calendar_names_holidays_and_make_up_days(hands: Hands) -> None:
    days = "select day, working, note from cc.calendar_day where clock = 'days' and day >= '2026-09-20'"
    rows = {str(day): (working, note) for day, working, note in hands.rows(days)}
    assert rows["2026-10-01"][0] is False and rows["2026-10-01"][1]
    assert rows["2026-10-10"][0] is True and "调休" in rows["2026-10-10"][1]
    assert rows["2026-09-20"][0] is True and "调休" in rows["2026-09-20"][1]


def test_outside_the_calendar_is_said_in_words(hands: Hands) -> None:
    with pytest.raises(Exception, match="工作日历没有覆盖"):
        hands.sql("select cc.work_add(%s, 'hours', '2019-01-01', 60)", _district(hands))
    with pytest.raises(Exception, match="工作日历没有覆盖"):
        hands.sql("select cc.work_add(%s, 'hours', %s, %s)", _district(hands), beijing("2026-10-10 09:00"), 10**9)


FIRST = datetime(2025, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 700 * 86400 * 1000).map(lambda ms: FIRST + timedelta(days=1, milliseconds=ms))
CLOCKS = st.sampled_from(["hours", "days"])
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(clock=CLOCKS, instant=INSTANTS)
def test_database_and_client_agree_on_the_position(
    clock: str, instant: datetime, hands: Hands, work_time: WorkTime
) -> None:
    got = hands.sql("select cc.work_position(%s, %s, %s)", _district(hands), clock, instant)
    assert got == work_time.position(clock, instant.timestamp())


@RELAXED
@given(clock=CLOCKS, instant=INSTANTS, minutes=st.integers(1, 30 * 24 * 60))
def test_database_and_client_agree_on_the_deadline(
    clock: str, instant: datetime, minutes: int, hands: Hands, work_time: WorkTime
) -> None:
    due = hands.sql("select cc.work_add(%s, %s, %s, %s)", _district(hands), clock, instant, minutes * 60)
    here = work_time.position(clock, instant.timestamp())
    assert here is not None
    assert due.timestamp() == work_time.instant(clock, here + minutes * 60)


@RELAXED
@given(clock=CLOCKS, instant=INSTANTS, minutes=st.integers(1, 30 * 24 * 60))
def test_what_was_added_is_what_lies_between(clock: str, instant: datetime, minutes: int, hands: Hands) -> None:
    between = hands.sql(
        "select cc.work_between(%s, %s, %s, cc.work_add(%s, %s, %s, %s))",
        _district(hands), clock, instant, _district(hands), clock, instant, minutes * 60,
    )  # fmt: skip
    assert between == minutes * 60
