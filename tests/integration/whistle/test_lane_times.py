"""When a lane must answer, may sign in and must be there; early, on time, late; and where."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, TooLate
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.support.clocks import beijing, pass_time, travel

pytestmark = pytest.mark.database

NINE = "2026-11-24 09:00"  # a working Tuesday
METRE = 1 / 111_194.9  # degrees of latitude


def _dues(whistles: Whistles, number: int, lane: int = 1) -> tuple[datetime, datetime, datetime]:
    row = whistles.party(number, lane)
    return row["confirm_due"], row["arrive_from"], row["arrive_due"]


@pytest.mark.parametrize(("at", "facts", "confirm", "arrive"), [
    (NINE, {"level": "key"}, "2026-11-24 09:30", "2026-11-24 11:15"),
    (NINE, {"level": "normal"}, "2026-11-24 11:00", "2026-11-24 17:15"),
    ("2026-11-24 19:00", {"level": "normal"}, "2026-11-25 09:00", "2026-11-25 15:15"),  # 工作时: 08:00 to 20:00
    ("2026-11-27 23:30", {"level": "key"}, "2026-11-28 00:00", "2026-11-28 01:45"),  # 紧急工作时 runs by night
    (NINE, {"scope": "应急处置", "scenario": "Y01"}, "2026-11-24 09:15", "2026-11-24 10:15"),
    (NINE, {"scope": "综合执法", "scenario": "Z01"}, "2026-11-24 09:30", "2026-11-24 11:15"),
])  # fmt: skip
def test_limits_run_from_the_issue_on_the_levels_clock_and_the_scenarios_minutes_first(
    at: str, facts: dict[str, Any], confirm: str, arrive: str, whistles: Whistles
) -> None:
    issue = travel(whistles, at)
    assert _dues(whistles, whistles.issued(**facts)) == (beijing(confirm), issue, beijing(arrive))


def test_the_scenarios_level_is_the_least(whistles: Whistles) -> None:
    number = whistles.open(scope="综合执法", scenario="Z01", level="normal")
    assert whistles.summons(number)["level"] == "key"
    whistles.do("leader", number, "edit", level="normal")
    assert whistles.summons(number)["level"] == "key"
    whistles.do("leader", number, "edit", level="hard")
    assert whistles.summons(number)["level"] == "hard"


def test_at_an_appointed_time_sign_in_opens_half_an_hour_before(whistles: Whistles) -> None:
    issue = travel(whistles, NINE)
    meet = issue + timedelta(hours=3)
    number = whistles.issued(meet_at=meet.isoformat())
    assert _dues(whistles, number)[1:] == (meet - timedelta(minutes=30), meet + timedelta(minutes=15))
    with pytest.raises(TooLate) as early:
        whistles.lane("cg", number, "arrive", **PLACE)
    assert "11-24 11:30" in early.value.message
    travel(whistles, meet - timedelta(minutes=30))
    whistles.lane("cg", number, "arrive", **PLACE)
    assert whistles.party(number)["arrival"] == "early"


@pytest.mark.parametrize(
    ("minutes", "arrival"), [(-1, "early"), (0, "on_time"), (15, "on_time"), (15.1, "late"), (300, "late")]
)
def test_early_on_time_and_late_are_told_by_the_clock(minutes: float, arrival: str, whistles: Whistles) -> None:
    meet = travel(whistles, NINE) + timedelta(hours=1)
    number = whistles.issued(meet_at=meet.isoformat())
    whistles.lane("cg", number, "respond")
    travel(whistles, meet + timedelta(minutes=minutes))
    whistles.lane("leader", number, "witness") if minutes == 15 else whistles.lane("cg", number, "arrive", **PLACE)
    assert whistles.party(number)["arrival"] == arrival
    assert whistles.party(number)["witnessed"] == (minutes == 15)


@pytest.mark.parametrize(("minutes", "response"), [(0, "on_time"), (30, "on_time"), (30.1, "late")])
def test_an_answer_is_on_time_until_its_due(minutes: float, response: str, whistles: Whistles) -> None:
    travel(whistles, NINE)
    number = whistles.issued()
    pass_time(whistles, minutes=minutes)
    whistles.lane("cg", number, "respond")
    assert whistles.party(number)["response"] == response


def test_whoever_comes_without_having_answered_answers_by_coming(whistles: Whistles) -> None:
    travel(whistles, NINE)
    number = whistles.issued()
    pass_time(whistles, minutes=40)
    whistles.lane("cg", number, "arrive", **PLACE, came=4)
    row = whistles.party(number)
    assert (row["response"], row["responded_at"], row["came"]) == ("late", row["arrived_at"], 4)
    assert whistles.actions(number, 1) == ["join", "arrive"]


def test_a_lane_called_later_has_its_own_time_to_answer_and_as_long_to_come(whistles: Whistles) -> None:
    meet = travel(whistles, NINE) + timedelta(minutes=45)
    number = whistles.issued(meet_at=meet.isoformat())
    later = pass_time(whistles, minutes=40)
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-SW"), heads=2)
    due = later + timedelta(minutes=30)
    assert _dues(whistles, number, 3) == (due, later, due + timedelta(minutes=15))
    assert whistles.party(number, 3)["heads"] == 2
    assert whistles.summons(number)["state"] == "issued"


def test_another_time_moves_whoever_may_still_come_in_time_and_forgives_nobody(whistles: Whistles) -> None:
    meet = travel(whistles, NINE) + timedelta(minutes=20)
    number = whistles.issued(meet_at=meet.isoformat())
    whistles.lane("cg", number, "arrive", **PLACE)
    there = whistles.party(number)
    whistles.lane("ga", number, "respond", 2)
    travel(whistles, meet + timedelta(minutes=10))
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-SW"))
    travel(whistles, meet + timedelta(minutes=16))
    missed = _dues(whistles, number, 2)[1:]
    new = meet + timedelta(hours=4)
    whistles.do("leader", number, "reschedule", meet_at=new.isoformat(), reason="大雨", place="西门")
    assert _dues(whistles, number, 2)[1:] == missed  # nothing forgives it
    assert whistles.party(number, 2)["arrival"] == "absent"  # though no duty had come by
    assert _dues(whistles, number, 3)[1:] == (new - timedelta(minutes=30), new + timedelta(minutes=15))
    assert whistles.party(number, 3)["arrival"] is None
    said = whistles.sql("select what from cc.joint_event where entity_id = %s and action = 'reschedule'", number)
    assert said["kept"] == [2] and [moved[0] for moved in said["lanes"]] == [3] and said["note"]
    assert _dues(whistles, number)[1:] == (there["arrive_from"], there["arrive_due"])
    assert "missed_arrival" in whistles.actions(number, 2)  # the trace keeps it


def test_the_handling_limit_is_the_scenarios_hours_or_the_orders_end(whistles: Whistles) -> None:
    issue = travel(whistles, NINE)
    number = whistles.issued(scope="应急处置", scenario="Y01")
    assert whistles.party(number)["handle_due"] == issue + timedelta(hours=24)
    ends = issue + timedelta(hours=6)
    order = whistles.issued("order", ends_at=ends.isoformat())
    assert whistles.summons(order)["handle_due"] == whistles.party(order)["handle_due"] == ends
    assert whistles.party(whistles.issued())["handle_due"] is None


def test_a_unit_signs_in_where_it_stands_or_somebody_on_the_spot_says_so(whistles: Whistles) -> None:
    number = whistles.issued()
    for wrong in ({}, {"came": 3}, {"lon": PLACE["lon"]}, {"lon": "", "lat": ""}):
        with pytest.raises(InvalidInput, match="坐标|经纬度|取值"):
            whistles.lane("cg", number, "arrive", **wrong)
    with pytest.raises(InvalidInput, match="请填写坐标，或请召集方登记报到") as refused:
        whistles.lane("cg", number, "arrive")
    assert refused.value.detail["field"] == "lon"
    assert whistles.party(number)["state"] == "pending"
    whistles.lane("leader", number, "witness")
    assert whistles.party(number)["witnessed"]


def test_where_the_call_names_no_point_the_word_counts_and_the_trace_says_so(whistles: Whistles) -> None:
    number = whistles.issued(lon=None, lat=None)
    whistles.lane("cg", number, "arrive", came=2)
    whistles.lane("ga", number, "arrive", 2, **PLACE)
    told = "select party_no, what->>'note' from cc.joint_event where entity_id = %s and action = 'arrive' order by 1"
    assert whistles.rows(told, number) == [(1, "无坐标"), (2, None)]
    assert [whistles.party(number, n)["distance_m"] for n in (1, 2)] == [None, None]
    assert (whistles.party(number)["arrival"], whistles.party(number)["lon"]) == ("early", None)


@pytest.mark.parametrize(("metres", "inside"), [(0, True), (199, True), (201.5, False)])
def test_sign_in_counts_within_the_radius(metres: float, inside: bool, whistles: Whistles) -> None:
    number = whistles.issued()
    place = {"lon": PLACE["lon"], "lat": PLACE["lat"] + metres * METRE}
    if inside:
        whistles.lane("cg", number, "arrive", **place)
        assert whistles.party(number)["distance_m"] == round(metres)
    else:
        with pytest.raises(InvalidInput, match="200 米"):
            whistles.lane("cg", number, "arrive", **place)
        assert whistles.party(number)["state"] == "pending"


def test_without_a_place_on_the_map_any_place_counts(whistles: Whistles) -> None:
    number = whistles.issued(lon=None, lat=None)
    whistles.lane("cg", number, "arrive", lon=1, lat=1)
    assert whistles.party(number)["distance_m"] is None


def test_an_answer_due_at_the_appointed_hour_runs_on_the_clock_on_the_wall(whistles: Whistles) -> None:
    issue = travel(whistles, "2026-11-24 20:10")  # after office hours
    number = whistles.issued(level="normal", meet_at=(issue + timedelta(minutes=44)).isoformat())
    assert (_dues(whistles, number)[0], whistles.party(number)["clock"]) == (issue + timedelta(minutes=44), "urgent")
    told = "select distinct clock, due from cc.notice where entity_id = %s and kind = 'to_confirm'"
    assert whistles.rows(told, number) == [("urgent", issue + timedelta(minutes=44))]
    later = whistles.issued(level="normal", meet_at=(issue + timedelta(days=3)).isoformat())
    assert whistles.party(later)["clock"] == "hours"
