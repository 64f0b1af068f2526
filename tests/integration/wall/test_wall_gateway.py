"""By the gateway: whistles, the ranking of the month and the values as the program gets them, against the rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.wall import SLOTS, UnitRank, WallEvent
from commandcenter.profiles.wall_file import default_plan, read_plan
from db.gateways.wall_loading import load_wall
from tests.integration.wall.recount import Rows
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database


def _closed_whistle(whistles: Whistles, answer_after: float, **facts: Any) -> int:
    """One that 城管委 answers and comes to and 公安 misses, ended by a ruling and rated."""
    number = whistles.issued(**facts)
    pass_time(whistles, minutes=answer_after)
    whistles.lane("cg", number, "respond")
    whistles.lane("cg", number, "arrive", **PLACE)
    whistles.lane("cg", number, "act", text="已劝离")
    pass_time(whistles, hours=6)
    whistles.sql("select cc.run_duty()")
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="到时限")
    whistles.rate_all(number)
    return number


def _ranking(hands: Hands, since: datetime, until: datetime) -> dict[int, tuple[int, float | None, float | None]]:
    lanes: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for unit, response, score in hands.rows(
        "select p.unit_id, p.response_score, p.score from cc.summons_party p join cc.summons s on s.id = p.summons_id"
        " where coalesce(s.closed_at, s.archived_at) >= %s and coalesce(s.closed_at, s.archived_at) < %s"
        " and (p.response_score is not null or p.score is not null)", since, until,
    ):  # fmt: skip
        lanes[unit].append((response, score))
    return {unit: (len(rows), _mean(r for r, _ in rows), _mean(s for _, s in rows)) for unit, rows in lanes.items()}


def _mean(values: Any) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def test_whistles_and_the_ranking_of_the_month_are_what_the_lanes_say(town: Town, hands: Hands) -> None:
    whistles = Whistles(town)
    travel(hands, "2026-03-30 22:00")
    _closed_whistle(whistles, 1)                 # issued in March and closed in March
    travel(hands, "2026-03-31 22:00")
    late = _closed_whistle(whistles, 1)          # issued in March, closed in April
    assert whistles.summons(late)["closed_at"] > beijing("2026-04-01 00:00")
    travel(hands, "2026-04-02 09:00")
    _closed_whistle(whistles, 1)
    _closed_whistle(whistles, 45)                # answered late
    whistles.issued()                            # nobody has answered
    whistles.open()                              # a draft is no whistle yet
    rows, now = Rows(hands), hands.sql("select cc.city_now()")
    began, ends = beijing("2026-04-01 00:00"), beijing("2026-05-01 00:00")
    for login in ("screen", "supervisor", "leader"):
        month = town.session(login).wall.month()
        assert (month.month_began, month.month_ends) == (began.timestamp(), ends.timestamp())
        midnight = now.astimezone(began.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
        today = [at for _, at, kind, _, _ in rows.whistles if kind == "whistle" and at >= midnight]
        assert month.whistles_today == len(today) > 0
        judged = [response for at, response, *_ in rows.lanes if at >= began]
        assert (month.answers, month.answered_in_time) == (len(judged), judged.count("on_time"))
        assert 0 < month.answered_in_time < month.answers
        told = {rank.unit_id: (rank.lanes, rank.response, rank.score) for rank in month.units}
        wanted = _ranking(hands, began, ends)
        assert told.keys() == wanted.keys() and len(told) == 3
        for unit, (lanes, response, score) in wanted.items():
            assert told[unit] == (lanes, pytest.approx(response), pytest.approx(score))
        scores = [rank.score or 0 for rank in month.units]
        assert scores == sorted(scores, reverse=True) and isinstance(month.units[0], UnitRank)
    assert town.session("leader_b").wall.month().whistles_today == 0


def test_the_values_of_a_day(town: Town, hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-17 09:03")
    paths.to("closed")
    late = paths.to("in_progress", citizen=False, lon=116.0225)
    pass_time(hands, hours=5)
    hands.act("cg", late, "feedback", result="已清理")
    screen = town.session("screen")
    today, month, past = screen.wall.today(), screen.wall.month(), screen.wall.past()
    assert (today.reported, today.closed, today.closing_rate, today.growth) == (2, 1, 0.5, None)
    assert today.steps == (2, 2, 2, 2, 2, 1, 1)
    channels = {screen.directory.channels[key].short_name: n for key, n in today.channels.items()}
    assert channels == {"12345": 1, "巡查": 1}
    proactive = {key: channel.proactive for key, channel in screen.directory.channels.items()}
    assert today.found_first(proactive) == 0.5
    assert today.shift is not None and (today.shift.label, today.shift.reported, today.shift.closed) == ("白班", 2, 1)
    assert len(today.trend.reported) == len(today.trend.closed) == SLOTS
    assert (sum(today.trend.reported), sum(today.trend.closed)) == (2, 1)
    assert (month.on_time_rate, month.satisfaction, month.followed_up) == (0.5, 1.0, 1)
    handle = next(stage for stage in month.stages if stage.stage == "handle")
    assert (handle.n, handle.late, handle.used_s) == (2, 1, 5 * 3600)
    assert (past.last_week, past.last_year) == (None, None)
    workers = screen.wall.workers()
    assert (workers.on_duty, workers.patrolling) == (0, 0)
    assert workers.total == hands.sql("select count(*) from cc.grid_team where role in ('leader','worker')"
                                      " and grid_id is not null")  # fmt: skip
    street = town.session("leader_b").wall.today()
    assert (street.reported, street.closed) == (1, 0)


def test_the_latest_events_say_when_where_what_and_to_whom(town: Town, hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-17 09:00")
    whistles = Whistles(town)
    case = paths.to("dispatched")
    pass_time(hands, minutes=1)
    number = whistles.issued()
    pass_time(hands, minutes=1)
    other = hands.report(lon=116.0225)
    found = town.session("screen").wall.latest(5)
    assert [(e.matter, e.entity_id, e.action) for e in found] == [
        ("case", other, "report"), ("whistle", number, "issue"), ("case", case, "dispatch"), ("case", case, "file"),
        ("case", case, "report"),
    ]  # fmt: skip
    sent = found[2]
    assert sent == WallEvent(
        beijing("2026-03-17 09:00").timestamp(), "case", case, sent.seq, hands.org("A"), hands.item("暴露垃圾"),
        "dispatch", hands.org("D-CG"), False,
    )  # fmt: skip
    assert [e.entity_id for e in town.session("leader_b").wall.latest()] == [other]
    assert town.session("screen").wall.latest(0) == []
    assert len(town.session("screen").wall.latest(10_000)) == 5


def test_what_is_told_is_found_behind_much_that_is_not(town: Town, hands: Hands, paths: Paths) -> None:
    """Of the street and of others; notes are not told in the hall."""
    travel(hands, "2026-03-17 09:00")
    mine, theirs = paths.to("in_progress", lon=116.0225), hands.report()
    note = hands.act("cg", mine, "note", text="在路上")["event"]
    for case, event in ((mine, note), (theirs, 1)):
        hands.sql("insert into cc.feed (kind, entity_id, district_id, street_id, event_seq)"
                  " select 'case', c.id, c.district_id, c.street_id, %s from cc.cases c, generate_series(1, 900) n"
                  " where c.id = %s", event, case)  # fmt: skip
    found = town.session("leader_b").wall.latest(3)
    assert [(e.entity_id, e.action) for e in found] == [(mine, "dispatch"), (mine, "file"), (mine, "report")]


def test_the_plan_is_the_deployments_or_the_programs(town: Town, hands: Hands, tmp_path: Any) -> None:
    hands.sql("delete from cc.wall_plan")
    assert town.session("screen").wall.plan() == default_plan()
    plan = read_plan(default_plan_file())
    with town.owner.begin() as connection:
        load_wall(connection, plan)
        load_wall(connection, None)
    assert town.session("dispatcher").wall.plan() == plan


def default_plan_file() -> Any:
    from commandcenter.profiles.reader import RESOURCES

    return RESOURCES / "profiles" / "wuji" / "wall.toml"


def test_a_shift_that_is_on_past_midnight_is_the_one_that_began_yesterday(town: Town, hands: Hands) -> None:
    travel(hands, "2026-03-31 20:30")
    hands.report()
    for at in ("2026-03-31 23:59:59", "2026-04-01 00:00", "2026-04-01 07:59:59"):
        travel(hands, at)
        shift = town.session("screen").wall.today().shift
        assert shift is not None and (shift.label, shift.reported) == ("夜班", 1)
        assert shift.began == beijing("2026-03-31 20:00").timestamp()
        assert shift.ends == shift.began + timedelta(hours=12).total_seconds()
    hands.sql("delete from cc.wall_plan")
    assert town.session("screen").wall.today().shift is None
