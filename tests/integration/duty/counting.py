"""What the counters must say: recomputed from the trace and the stages by plain SQL, apart from the program's."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.support.hands import Hands

_EVENTS = """
select e.district_id, date_trunc('hour', e.at), e.action, coalesce(e.street_id, 0), coalesce(e.community_id, 0),
  coalesce(case e.action when 'return_case' then (e.what->>'from_unit')::int else e.unit_id end, 0), c.channel_id,
  count(*), 0::numeric, 0::bigint
from cc.case_event e join cc.cases c on c.id = e.case_id group by 1, 2, 3, 4, 5, 6, 7"""
# A stage ends at the instant of an event of its case. While the city's clock stands still several events share one:
# tests that recount let it run.
_STAGES = """
select s.district_id, date_trunc('hour', s.ended_at), 'stage.' || s.stage, coalesce(e.street_id, 0),
  coalesce(e.community_id, 0), coalesce(s.unit_id, 0), c.channel_id, count(*), sum(s.used_s),
  count(*) filter (where s.overdue)
from cc.case_stage s join cc.cases c on c.id = s.case_id
join cc.case_event e on e.case_id = s.case_id and e.at = s.ended_at and e.seq > s.seq
where s.ended_at is not null group by 1, 2, 3, 4, 5, 6, 7"""
_HOURLY = """
select district_id, hour, measure, street_id, community_id, unit_id, channel_id, n, used_s, late from cc.hourly"""
_DAYS = """
select day, unit_id, measure, n, used_s, late from cc.unit_day"""


def recounted(hands: Hands) -> set[tuple[Any, ...]]:
    """Every row that cc.hourly must have once all is folded."""
    return {tuple(row) for row in hands.rows(f"{_EVENTS} union all {_STAGES}")}


def counted(hands: Hands) -> set[tuple[Any, ...]]:
    """The rows that it has."""
    return {tuple(row) for row in hands.rows(_HOURLY)}


def assert_counted_once(hands: Hands) -> None:
    """Counters by hour and by unit and day are what the trace says, nothing missing and nothing twice."""
    wanted = recounted(hands)
    found = counted(hands)
    assert (found - wanted, wanted - found) == (set(), set())
    days: Counter[tuple[Any, ...]] = Counter()
    used: Counter[tuple[Any, ...]] = Counter()
    zone = "select (%s::timestamptz at time zone 'Asia/Shanghai')::date"
    day_of = {hour: hands.sql(zone, hour) for hour in {row[1] for row in wanted}}
    for _, hour, measure, _, _, unit, _, n, used_s, _ in wanted:
        if unit:
            days[day_of[hour], unit, measure] += n
            used[day_of[hour], unit, measure] += int(used_s)
    by_day = hands.rows(_DAYS)
    assert {row[:3]: row[3] for row in by_day} == dict(days)
    assert {row[:3]: row[4] for row in by_day} == dict(used)


def totals(hands: Hands) -> dict[str, int]:
    """How often each action or event is in the trace, and how many stages of each kind ended."""
    sql = """select action, count(*) from cc.case_event group by 1
             union all select 'stage.' || stage, count(*) from cc.case_stage where ended_at is not null group by 1"""
    return dict(hands.rows(sql))


def figures(hands: Hands, login: str = "supervisor") -> dict[str, int]:
    """What cc.figures tells somebody, of all time."""
    found = hands.as_person(login, "select jsonb_object_agg(measure, n) from cc.figures('-infinity')")
    return dict(found or {})
