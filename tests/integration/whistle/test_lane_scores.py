"""一哨一考: points by the clock, weights, citizens, 申诉, 通报 and 整改, and the period's table."""

from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import beijing, pass_time, travel

pytestmark = pytest.mark.database

STREET = sum(GOOD.values()) / 4  # 87.5


def _figures(whistles: Whistles, number: int, lane: int = 1) -> tuple[int | None, float | None]:
    row = whistles.party(number, lane)
    return row["response_score"], None if row["score"] is None else float(row["score"])


@pytest.mark.parametrize(("answered", "came", "acted", "points"), [
    (0, 10, True, 100), (31, 40, True, 85), (0, 136, True, 80), (31, 136, True, 65), (0, 10, False, 70),
    (None, 136, True, 65), (0, None, False, 30), (31, None, False, 15), (None, None, False, 0),
])  # fmt: skip
def test_points_are_given_by_the_clock(
    answered: int | None, came: int | None, acted: bool, points: int, whistles: Whistles
) -> None:
    """Minutes after the issue; a key whistle must be answered after 30 and come to after 135 at the latest."""
    start = travel(whistles, "2026-11-24 09:00")
    number = whistles.issued(level="hard")  # 60 and 255 minutes: half as fast
    for minutes, action, args in ((answered, "respond", {}), (came, "arrive", PLACE)):
        if minutes is not None:
            slow = minutes * (60 / 30 if action == "respond" else 255 / 135)
            travel(whistles, start + (beijing("2026-11-24 09:01") - start) * slow)
            whistles.lane("cg", number, action, **args)
    if acted:
        whistles.lane("cg", number, "act", text="已劝离")
    pass_time(whistles, hours=5)
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="到时限")
    assert whistles.party(number)["response_score"] == points
    assert whistles.party(number, 2)["response_score"] == 0
    assert whistles.summons(number)["ruled"]


def test_what_was_not_yet_due_is_not_judged(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.lane("cg", number, "respond")
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="险情解除")
    assert [whistles.party(number, n)["response_score"] for n in (1, 2)] == [100, None]
    whistles.rate_all(number)
    assert _figures(whistles, number, 2) == (None, STREET)


def test_whoever_left_is_scored_only_if_something_was_missed(whistles: Whistles) -> None:
    number = whistles.issued(units=("D-CG", "D-GA", "PCS-A", "A-CGK"), level="hard")
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定")
    whistles.lane("leader", number, "withdraw_party", 2, reason="不需要")
    pass_time(whistles, minutes=61)
    whistles.lane("leader", number, "release")
    whistles.lane("leader", number, "replace", 3, unit_id=whistles.unit("D-SW"), reason="一直没有人来")
    whistles.all_forward(number, "signed")
    whistles.close(number)
    assert [_figures(whistles, number, n) for n in (1, 2, 3)] == [(None, None), (None, None), (0, 0.0)]
    assert whistles.actions(number, 3) == ["join", "missed_confirm", "replace"]
    assert whistles.party(number, 3)["replaced_by"] == 5
    assert [_figures(whistles, number, n) for n in (4, 5)] == [(85, None), (100, None)]


def test_the_whole_is_the_weighted_mean_of_what_is_there(whistles: Whistles) -> None:
    number = whistles.to("rating")
    whistles.lane("leader", number, "rate", **GOOD)
    assert _figures(whistles, number) == (100, pytest.approx((0.4 * 100 + 0.4 * STREET) / 0.8))
    assert whistles.summons(number)["state"] == "rating"
    whistles.do("followup", number, "follow_up", satisfied="basically")
    assert _figures(whistles, number) == (100, pytest.approx(0.4 * 100 + 0.4 * STREET + 0.2 * 60))
    with pytest.raises(TooLate):
        whistles.do("evaluator", number, "follow_up", satisfied="satisfied")
    whistles.lane("leader", number, "rate", 2, **GOOD)
    assert _figures(whistles, number, 2) == _figures(whistles, number)
    assert whistles.summons(number)["state"] == "verifying"


def test_only_the_street_rates_a_whistle_and_only_the_supervisor_an_order(whistles: Whistles) -> None:
    whistle, order = whistles.to("rating"), whistles.to("rating", "order")
    with pytest.raises(NotAllowed):
        whistles.lane("supervisor", whistle, "rate", **GOOD)
    district = whistles.to("rating", caller_id=whistles.unit("T"), units=("D-CG",))
    assert whistles.actions(district)[:3] == ["draft", "issue", "join"]  # needs no signature
    with pytest.raises(NotFound):
        whistles.lane("leader", district, "rate", **GOOD)
    whistles.lane("supervisor", district, "rate", **GOOD)
    assert whistles.summons(district)["state"] == "verifying"
    whistles.rate_all(order)
    assert whistles.summons(order)["state"] == "archived"
    assert "all_rated" in whistles.actions(order)


def test_work_sent_back_by_the_district_keeps_its_scores(whistles: Whistles) -> None:
    number = whistles.to("verifying")
    before = _figures(whistles, number)
    assert whistles.do("evaluator", number, "reject_verify", reason="仍有占道")["state"] == "acting"
    assert whistles.summons(number)["closed_at"] is None
    whistles.lane("leader", number, "return_lane", reason="重新清理")
    whistles.forward(number, 1, "signed")
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-SW"))
    whistles.all_forward(number, "signed")
    whistles.close(number)
    assert (_figures(whistles, number), whistles.summons(number)["state"]) == (before, "rating")
    whistles.lane("leader", number, "rate", 3, **GOOD)
    assert whistles.summons(number)["state"] == "verifying"
    whistles.do("supervisor", number, "reject_verify", reason="再看一次")
    whistles.close(number)
    assert whistles.summons(number)["state"] == "verifying"  # all were rated already


def test_whoever_comes_only_after_it_was_sent_back_keeps_what_he_missed(whistles: Whistles) -> None:
    number = whistles.issued(level="hard")
    whistles.forward(number, 1, "signed")
    pass_time(whistles, hours=5)
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="公安未到")
    whistles.rate_all(number)
    assert _figures(whistles, number, 2)[0] == 0
    assert whistles.do("evaluator", number, "reject_verify", reason="须补办")["state"] == "issued"
    whistles.forward(number, 2, "signed")
    whistles.close(number)
    assert whistles.party(number, 2)["arrival"] == "late" and _figures(whistles, number, 2)[0] == 0
    assert whistles.summons(number)["state"] == "verifying" and not whistles.summons(number)["ruled"]


def test_an_objection_is_decided_once_and_corrects_what_it_names(whistles: Whistles) -> None:
    number = whistles.to("verifying")
    whistles.lane("cg", number, "object", reason="按时到场，定位有误")
    with pytest.raises(TooLate):
        whistles.lane("cg", number, "object", reason="再申诉")
    for wrong in ({"upheld": "yes"}, {"upheld": "no", "efficiency": 100}, {"upheld": "yes", "efficiency": 101}):
        with pytest.raises(InvalidInput):
            whistles.lane("evaluator", number, "decide", decision="核实", **wrong)
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="核实", efficiency=100)
    row = whistles.party(number)
    assert (row["efficiency"], row["cooperation"], row["objection"]) == (100, GOOD["cooperation"], "upheld")
    assert float(row["score"]) == pytest.approx((100 + (100 + 80 + 85 + 95) / 4) / 2)
    before = whistles.sql("select before from cc.objection where summons_id = %s", number)
    assert before["efficiency"] == 90 and before["score"] == pytest.approx(93.75)
    with pytest.raises(WrongState):
        whistles.lane("evaluator", number, "decide", upheld="no", decision="再议")
    whistles.lane("ga", number, "object", 2, reason="不服")
    whistles.lane("supervisor", number, "decide", 2, upheld="no", decision="证据充分")
    assert _figures(whistles, number, 2) == (100, 93.75) and whistles.party(number, 2)["objection"] == "dismissed"


def test_the_points_of_the_clock_follow_from_corrected_marks_and_nobody_types_them(whistles: Whistles) -> None:
    number = whistles.issued()
    pass_time(whistles, hours=6)
    whistles.sql("select cc.run_duty()")
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    row = whistles.party(number)
    assert row["response"] == "late" and row["response_score"] < 100
    whistles.lane("cg", number, "object", reason="网络中断，已电话响应")
    with pytest.raises(InvalidInput):
        whistles.lane("evaluator", number, "decide", upheld="yes", decision="属实", response_score=100)
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="属实", response="on_time", arrival="on_time")
    after = whistles.party(number)
    assert (after["response"], after["response_score"]) == ("on_time", 100)
    assert whistles.sql("select before from cc.objection where summons_id = %s", number)["response"] == "late"


def test_who_rated_an_order_does_not_decide_on_the_objection(whistles: Whistles) -> None:
    number = whistles.to("archived", "order")
    whistles.lane("cg", number, "object", reason="不服")
    rater = whistles.rater(number)
    assert rater is not None
    with pytest.raises(NotAllowed):
        whistles.lane(rater.removeprefix("t_"), number, "decide", upheld="no", decision="维持")
    whistles.lane("evaluator", number, "decide", upheld="no", decision="维持")


def test_nobody_objects_before_there_is_a_score(whistles: Whistles) -> None:
    with pytest.raises(WrongState):
        whistles.lane("cg", whistles.to("rating"), "object", reason="不服")


def test_a_bulletin_says_what_is_true_once_and_orders_the_rectification(whistles: Whistles) -> None:
    travel(whistles, "2026-11-26 10:00")  # a Thursday
    number = whistles.issued(level="hard")
    for kind in ("no_response", "late_response", "absent", "no_action"):
        with pytest.raises(InvalidInput):
            whistles.lane("evaluator", number, "publish", kind=kind, text="通报")
    pass_time(whistles, hours=6)
    whistles.sql("select cc.run_duty()")
    whistles.lane("evaluator", number, "publish", kind="no_response", text="未在时限内响应")
    whistles.lane("evaluator", number, "publish", kind="absent", text="未到场")
    with pytest.raises(TooLate):
        whistles.lane("supervisor", number, "publish", kind="absent", text="未到场")
    found = whistles.rows(
        "select b.no, b.kind, k.source, k.unit_id, k.issuer_id, k.due, k.party_no from cc.bulletin b join cc.task k"
        " on k.id = b.task_id where b.summons_id = %s order by b.id", number,
    )  # fmt: skip
    assert [f[1] for f in found] == ["no_response", "absent"] and found[0][0].startswith("TB-")
    due = beijing("2026-12-03 18:00")  # the fifth working day
    assert found[0][2:] == ("rectification", whistles.unit("D-CG"), whistles.unit("T"), due, 1)


def test_coming_without_acting_is_told_of_only_when_the_time_is_over(whistles: Whistles) -> None:
    number = whistles.issued(level="hard")
    whistles.lane("cg", number, "arrive", **PLACE)
    with pytest.raises(InvalidInput):
        whistles.lane("evaluator", number, "publish", kind="no_action", text="到场不作为")
    whistles.do("supervisor", number, "rule_close", conclusion="结束", reason="到时限")
    whistles.lane("evaluator", number, "publish", kind="no_action", text="到场不作为")
    assert whistles.party(number)["response_score"] == 70


def _scores(whistles: Whistles, login: str) -> dict[str, dict[str, Any]]:
    listed = whistles.as_person(
        login, "select coalesce(jsonb_agg(to_jsonb(u)), '[]') from cc.unit_scores('2026-01-01', '2027-01-01') u"
    )
    keys = {whistles.unit(key): key for key in ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")}
    return {keys[row["unit_id"]]: row for row in listed}


def test_the_period_counts_every_scored_lane_as_far_as_one_sees(whistles: Whistles) -> None:
    before = _scores(whistles, "supervisor")
    number = whistles.to("verifying")
    after = _scores(whistles, "supervisor")
    for key in ("D-CG", "D-GA"):
        assert after[key]["lanes"] == before[key]["lanes"] + 1 and after[key]["rated"] == before[key]["rated"] + 1
    by_hand = whistles.rows(
        "select avg(p.score), count(*) filter (where p.response = 'none') from cc.summons_party p join cc.summons s"
        " on s.id = p.summons_id where p.unit_id = %s and s.closed_at is not null and p.response_score is not null",
        whistles.unit("D-CG"),
    )[0]  # fmt: skip
    assert (after["D-CG"]["score"], after["D-CG"]["no_response"]) == (pytest.approx(float(by_hand[0])), by_hand[1])
    assert _scores(whistles, "sw").keys() <= after.keys()
    assert _scores(whistles, "street_b") == {}
    assert whistles.summons(number)["closed_at"] is not None
