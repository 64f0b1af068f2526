"""Every figure of the wall equals what the rows say: over days, at every border, for every scope, folded or not."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import DomainError, NotAllowed
from db.upgrade import upgrade
from tests.integration.wall.city_life import Life
from tests.integration.wall.recount import Rows
from tests.support.clocks import beijing, travel
from tests.support.hands import Hands
from tests.support.paths import Paths

pytestmark = pytest.mark.database

SCOPES = {"screen": "T", "supervisor": "T", "leader": "A", "leader_b": "B", "community": "A1"}
FOLD = "select cc.roll_up()"
LATEST = """select jsonb_agg(jsonb_build_array(to_timestamp(at), matter, entity_id, seq, action, unit_id))
  from cc.wall_latest(%s)"""


def assert_all_true(hands: Hands, zone: str = "Asia/Shanghai", scopes: dict[str, str] | None = None) -> None:
    """Each part is what the rows say at this moment, for every scope: login → key of its place, "" for a whole city."""
    rows, now = Rows(hands, zone), hands.sql("select cc.city_now()")
    for login, key in (scopes or SCOPES).items():
        place = hands.org(key) if key else None
        for part, wanted in (
            ("wall_today", rows.today(place, now)), ("wall_month", rows.month(place, now)),
            ("wall_past", rows.past(place, now)),
        ):  # fmt: skip
            told = hands.as_person(login, f"select cc.{part}()")
            assert _plain(told) == _plain(wanted), f"{part} of {login} at {now}"
        told = hands.as_person(login, LATEST, 20) or []
        wanted = [(datetime.fromisoformat(at), *rest) for at, *rest in told]
        assert wanted == rows.latest(place, 20, now), f"latest of {login} at {now}"


def _plain(told: Any) -> Any:
    """Instants to the millisecond: the clock goes on by nanoseconds between the questions of a test."""
    if isinstance(told, dict):
        return {key: _plain(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_plain(value) for value in told]
    return round(told, 3) if isinstance(told, float) else told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_over_days_of_a_living_town_every_figure_is_what_the_rows_say(seed: int, hands: Hands) -> None:
    life = Life(hands, seed, beijing("2026-03-30 18:00"))
    fold = random.Random(seed)
    for hours in (1, 5, 3, 8, 14, 10, 9):  # over the month's end, past two midnights
        life.go(life.now + timedelta(hours=hours), 26)
        if fold.random() < 0.6:
            hands.sql(FOLD)
        assert_all_true(hands)
    assert life.done > 100
    hands.sql("select cc.rebuild_rollup()")
    assert_all_true(hands)


def test_a_week_and_a_year_ago_are_there_when_the_records_reach_back_and_absent_before(hands: Hands) -> None:
    life = Life(hands, 4, beijing("2025-03-10 09:00"))
    life.go(beijing("2025-03-11 12:00"), 30)
    travel(hands, "2026-03-11 08:00")
    assert hands.as_person("screen", "select cc.wall_past()")["last_year"] is None  # it begins an hour too early
    life.now = travel(hands, "2026-03-11 12:00")
    life.go(beijing("2026-03-11 13:00"), 10)
    hands.sql(FOLD)
    told = hands.as_person("screen", "select cc.wall_past()")
    assert sum(told["last_year"]["reported"]) > 0 and told["last_week"] is not None
    assert_all_true(hands)
    life.now = travel(hands, "2026-03-18 12:30")
    assert sum(hands.as_person("screen", "select cc.wall_past()")["last_week"]["reported"]) > 0
    assert_all_true(hands)


BORDERS = {
    "midnight": "2026-03-17 00:00", "the month's end": "2026-04-01 00:00", "the year's end": "2027-01-01 00:00",
    "the shift's end": "2026-03-17 20:00", "the morning shift": "2026-03-17 08:00", "ten minutes": "2026-03-17 10:10",
    "an hour": "2026-03-17 10:00",
}  # fmt: skip


@pytest.mark.parametrize("border", BORDERS.values(), ids=BORDERS)
def test_a_second_before_and_a_second_after_a_border_are_on_their_own_sides(
    border: str, hands: Hands, paths: Paths
) -> None:
    edge = beijing(border)
    for fold in (False, True):
        for seconds in (-1.0, -0.001, 0.0, 0.001, 1.0):
            travel(hands, edge + timedelta(seconds=seconds))
            if seconds >= 0 or not fold:
                hands.report()
        if fold:
            hands.sql(FOLD)
        assert_all_true(hands)
        edge += timedelta(days=1)


def test_of_two_reports_around_midnight_one_is_todays(hands: Hands) -> None:
    travel(hands, "2026-03-31 23:59:59")
    hands.report()
    assert _reported(hands) == 1
    travel(hands, "2026-04-01 00:00:00")
    assert _reported(hands) == 0
    travel(hands, "2026-04-01 00:00:01")
    hands.report()
    told = hands.as_person("screen", "select cc.wall_today()")
    assert (told["measures"]["report"], told["reported_before"], told["shift"]["reported"]) == (1, 0, 2)
    travel(hands, "2026-04-01 23:59:59.500")
    assert hands.as_person("screen", "select cc.wall_today()")["reported_before"] == 1


def test_a_handling_that_ends_after_the_months_end_is_the_new_months(hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-31 23:50")
    case, late = paths.to("in_progress"), paths.to("in_progress")
    travel(hands, "2026-03-31 23:59:59")
    hands.act("cg", case, "feedback", result="已清理")
    month = hands.as_person("screen", "select cc.wall_month()")
    assert (month["handled"], month["handled_late"]) == (1, 0)
    travel(hands, "2026-04-01 00:00:00")
    assert hands.as_person("screen", "select cc.wall_month()")["handled"] == 0
    travel(hands, "2026-04-01 09:00:00")
    hands.act("cg", late, "feedback", result="已清理")
    month = hands.as_person("screen", "select cc.wall_month()")
    assert (month["handled"], month["handled_late"]) == (1, 1)


@pytest.mark.parametrize("zone", ["Asia/Urumqi", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"])
def test_days_months_and_shifts_are_the_districts_own(zone: str, hands: Hands) -> None:
    hands.sql("update cc.district set time_zone = %s", zone)
    hands.sql("select cc.rebuild_rollup()")
    rows = Rows(hands, zone)
    midnight = datetime(2026, 4, 1, tzinfo=rows.zone)
    for fold, hour in enumerate((0, 8, 20)):
        for seconds in (-1, 0, 1):
            travel(hands, midnight + timedelta(hours=hour, seconds=seconds))
            hands.report()
            assert_all_true(hands, zone)
        if fold % 2 == 0:
            hands.sql(FOLD)
    assert_all_true(hands, zone)


def test_what_commits_late_and_what_is_rolled_back(hands: Hands) -> None:
    travel(hands, "2026-03-17 10:00")
    other = Hands(hands.town)
    other.sql("begin")
    other.report()
    hands.report()
    hands.sql(FOLD)
    assert _reported(hands) == 1
    other.sql("commit")
    assert _reported(hands) == 2
    with hands.trying():
        hands.report()
        assert _reported(hands) == 3
    assert _reported(hands) == 2
    hands.sql(FOLD)
    assert_all_true(hands)


def test_who_folds_and_acts_in_one_transaction_is_counted_once(hands: Hands) -> None:
    """As the duty does: its marks come after its fold. Its snapshot may or may not hold its own rows."""
    travel(hands, "2026-03-17 10:00")
    for others_follow in (False, True):
        hands.sql("begin")
        hands.report()
        if others_follow:
            Hands(hands.town).sql("create table public.later (x int); drop table public.later")
        hands.sql(FOLD)
        hands.report()
        assert_all_true(hands)
        hands.sql("commit")
        assert_all_true(hands)
        hands.sql(FOLD)
        assert_all_true(hands)
    assert _reported(hands) == 4


def test_whoever_has_no_territory_has_no_wall(hands: Hands) -> None:
    for login in ("cg", "pcs", "admin", "gateway"):
        for part in ("wall_today()", "wall_month()", "wall_past()", "wall_latest(5)"):
            with pytest.raises(NotAllowed, match="没有辖区"):
                hands.as_person(login, f"select cc.{part}")
    hands.sql("update cc.operator set active = false where login = 't_screen'")
    with pytest.raises(DomainError, match="停用"):
        hands.as_person("screen", "select cc.wall_today()")


def test_figures_wait_while_the_counters_are_rebuilt(hands: Hands) -> None:
    hands.sql("update cc.feed_epoch set epoch = gen_random_uuid()")
    for part in ("wall_today", "wall_month", "wall_past"):
        with pytest.raises(DomainError, match="统计正在重建"):
            hands.as_person("screen", f"select cc.{part}()")


def test_an_upgrade_counts_what_a_city_did_before_there_was_a_wall(hands: Hands) -> None:
    life = Life(hands, 5, beijing("2026-03-30 18:00"))
    life.go(beijing("2026-03-31 09:00"), 30)
    hands.sql(FOLD)
    hands.sql("truncate cc.place_day, cc.place_slot")
    hands.sql("update cc.rollup_state set seen = null")  # as 0008_wall.sql leaves it
    upgrade(hands.town.owner)
    assert hands.sql("select count(*) from cc.place_day") > 0
    assert_all_true(hands)


def test_slots_older_than_last_years_trend_are_dropped(hands: Hands) -> None:
    travel(hands, "2025-03-01 10:00")
    hands.report()
    travel(hands, "2026-03-01 10:00")
    hands.report()
    hands.sql(FOLD)
    hands.sql("select cc.forget_old()")
    assert hands.sql("select count(distinct slot) from cc.place_slot") == 2
    travel(hands, "2026-03-07 10:00")
    hands.sql("select cc.forget_old()")
    assert hands.sql("select count(distinct slot) from cc.place_slot") == 1


def _reported(hands: Hands) -> int:
    return int(hands.as_person("screen", "select cc.wall_today()")["measures"].get("report", 0))
