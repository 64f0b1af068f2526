"""Working time against cases computed by hand from the holidays that the State Council announced for 2026."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3600
WINDOWS = {"hours": ((8 * HOUR, 20 * HOUR),), "days": ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))}


def year_2026() -> Calendar:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=k) for k in range(365)]
    return Calendar("Asia/Shanghai", WINDOWS, tuple((d.isoformat(), chinese_calendar.is_workday(d)) for d in days))


WORK = WorkTime(year_2026())


def at(text: str) -> float:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE).timestamp()


# National Day 1–7 October with Saturday 10 October worked; Mid-Autumn 25–27 September with Sunday 20 September worked;
# Spring Festival 15–23 February with Saturdays 14 and 28 February worked.
BY_HAND = [
    pytest.param("hours", "09-30 19:00", 2, "10-08 09:00", id="into National Day"),
    pytest.param("hours", "10-03 12:00", 1, "10-08 09:00", id="begun inside National Day"),
    pytest.param("hours", "10-09 18:00", 4, "10-10 10:00", id="make-up Saturday counts"),
    pytest.param("hours", "10-10 19:30", 1, "10-12 08:30", id="from make-up Saturday over Sunday"),
    pytest.param("hours", "09-24 20:30", 1, "09-28 09:00", id="after closing, over Mid-Autumn"),
    pytest.param("hours", "09-19 10:00", 12, "09-20 20:00", id="make-up Sunday filled to closing time"),
    pytest.param("days", "09-30 11:00", 8, "10-08 11:00", id="one working day with lunch, over National Day"),
    pytest.param("days", "10-10 17:00", 2, "10-12 10:00", id="working-day clock on make-up Saturday"),
    pytest.param("days", "09-25 10:00", 16, "09-29 18:00", id="two working days from Mid-Autumn"),
    pytest.param("hours", "02-13 19:00", 14, "02-24 09:00", id="over Spring Festival with make-up Saturday"),
    pytest.param("days", "02-14 14:00", 5, "02-24 10:00", id="Spring Festival eve afternoon"),
    pytest.param("hours", "02-28 19:00", 1.5, "03-02 08:30", id="make-up Saturday after Spring Festival"),
    pytest.param("urgent", "09-30 23:00", 48, "10-02 23:00", id="urgent time runs through nights and holidays"),
]


@pytest.mark.parametrize(("clock", "start", "hours", "end"), BY_HAND)
def test_time_left_equals_the_hand_computed_hours(clock: str, start: str, hours: float, end: str) -> None:
    assert WORK.left(clock, at(start), at(end)) == hours * HOUR
    assert WORK.left(clock, at(end), at(start)) == -hours * HOUR


@pytest.mark.parametrize(("clock", "start", "hours", "end"), [case for case in BY_HAND if case.values[0] != "urgent"])
def test_the_instant_is_the_first_at_which_the_hours_have_passed(
    clock: str, start: str, hours: float, end: str
) -> None:
    position = WORK.position(clock, at(start))
    assert position is not None
    assert WORK.instant(clock, position + int(hours * HOUR)) == at(end)


def test_no_working_time_passes_in_the_whole_of_national_day() -> None:
    assert WORK.left("hours", at("09-30 20:00"), at("10-08 08:00")) == 0


def test_outside_the_calendar_there_is_no_position_and_plain_time_is_shown() -> None:
    beyond = datetime(2027, 1, 2, 9, tzinfo=ZONE).timestamp()
    assert WORK.position("hours", beyond) is None
    assert WORK.left("hours", beyond - 60, beyond) == 60
    assert WORK.instant("hours", 10**9) is None


def test_a_clock_that_the_calendar_does_not_know_shows_plain_time() -> None:
    assert WORK.left("lunar", at("10-01 00:00"), at("10-01 01:00")) == HOUR
    assert WORK.left(None, at("10-01 00:00"), at("10-01 01:00")) == HOUR


instants = st.integers(int(at("01-01 00:00")), int(at("12-31 23:59")))


@given(instants, instants, st.sampled_from(["hours", "days"]))
def test_position_never_runs_backwards_nor_faster_than_time(a: int, b: int, clock: str) -> None:
    a, b = sorted((a, b))
    passed = WORK.left(clock, a, b)
    assert 0 <= passed <= b - a


@given(instants, st.sampled_from(["hours", "days"]))
def test_the_instant_of_a_position_is_never_after_the_moment_it_was_taken_at(moment: int, clock: str) -> None:
    position = WORK.position(clock, moment)
    assert position is not None
    if position > 0:
        first = WORK.instant(clock, position)
        assert first is not None
        assert first <= moment
        assert WORK.position(clock, first) == position


def test_a_deadline_at_which_its_clock_stands_still_runs_in_plain_time() -> None:
    assert [WORK.clock_to("hours", at(t)) for t in ("10-09 12:00", "10-09 20:00", "10-09 08:00")] == ["hours"] * 3
    assert [WORK.clock_to("hours", at(t)) for t in ("10-09 20:54", "10-03 12:00", "10-09 07:59")] == [None] * 3
    assert WORK.clock_to("days", at("10-09 12:30")) is None and WORK.clock_to("hours", at("10-09 12:30")) == "hours"
    assert WORK.clock_to("urgent", at("10-03 12:00")) == "urgent" and WORK.clock_to(None, at("10-03 12:00")) is None


@given(st.sampled_from(["hours", "days"]), st.integers(0, 300 * 86_400), st.integers(1, 12 * HOUR))
def test_what_the_clock_itself_made_stays_on_it(clock: str, start: int, seconds: int) -> None:
    begun = WORK.position(clock, at("01-05 00:00") + start)
    assert begun is not None
    due = WORK.instant(clock, begun + seconds)
    assert due is not None and WORK.clock_to(clock, due) == clock
