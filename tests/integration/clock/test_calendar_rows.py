"""The calendar grows by itself: each upgrade adds the years ahead and what has been announced meanwhile."""

from datetime import date

from sqlalchemy import text

from db.gateways.work_calendar import extend_calendar
from tests.support.town import Town


def test_an_upgrade_years_later_finds_the_days_to_come(town: Town) -> None:
    district = town.scalar("select min(district_id) from cc.district")
    with town.owner.begin() as connection:
        assert not extend_calendar(connection, district, date.today())
        assert extend_calendar(connection, district, date(date.today().year + 3, 3, 1))
    last = town.scalar("select max(day) from cc.calendar_day where clock = 'days'")
    assert last == date(date.today().year + 5, 12, 31)
    gaps = """select count(*) from cc.calendar_day a where a.clock = 'hours' and a.day < %s and not exists (
      select from cc.calendar_day b where b.clock = 'hours' and b.day = a.day + 1
        and b.before_s = a.before_s + a.open_s)"""
    assert town.scalar(gaps, last) == 0


def test_an_announced_holiday_replaces_the_guess_and_nothing_else(town: Town) -> None:
    district, day = town.scalar("select min(district_id) from cc.district"), date(2026, 10, 1)
    with town.owner.begin() as connection:
        guess = "update cc.calendar_day set working = true, note = '放假安排尚未公布' where day = :day"
        connection.execute(text(guess), {"day": day})
        assert extend_calendar(connection, district, date.today())
    assert town.scalar("select bool_or(working) from cc.calendar_day where day = %s", day) is False
