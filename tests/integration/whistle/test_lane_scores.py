"""一哨一考: points by the clock, weights, citizens, 申诉 and the period's table."""

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
    assert whistles.actions(number, 3) == ["join", "missed_confirm", "replace", "publish_by_clock"]
    assert whistles.party(number, 3)["replaced_by"] == 5
    assert [_figures(whistles, number, n) for n in (4, 5)] == [(85, None), (100, None)]


def test_a_release_does_not_wash_off_what_was_missed_before_it_was_asked_for(whistles: Whistles) -> None:
    """Silent, asks only then; answered late, asks; asks in time and waits long for the answer; answers and asks."""
    number = whistles.issued(units=("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK"), level="hard")
    ask = {"reason": "不属于", "legal_basis": "三定"}
    whistles.lane("sw", number, "ask_release", 3, **ask)
    whistles.lane("pcs", number, "respond", 4)
    pass_time(whistles, minutes=61)
    whistles.sql("select cc.run_duty()")
    whistles.lane("cg", number, "ask_release", **ask)
    whistles.lane("ga", number, "respond", 2)
    whistles.lane("ga", number, "ask_release", 2, **ask)
    whistles.lane("pcs", number, "ask_release", 4, **ask)
    for lane in (1, 2, 3, 4):
        whistles.lane("leader", number, "release", lane)
    whistles.forward(number, 5, "signed")
    whistles.close(number)
    wanted = [(0, 0.0), (50, 50.0), (None, None), (None, None)]
    assert [_figures(whistles, number, n) for n in (1, 2, 3, 4)] == wanted
    assert [whistles.party(number, n)["response"] for n in (1, 2, 3, 4)] == ["none", "late", None, "on_time"]
    listed = "select party_no, kind from cc.bulletin where summons_id = %s and party_no < 5 order by 1"
    assert whistles.rows(listed, number) == [(1, "no_response"), (2, "late_response")]


def test_a_bulletin_of_what_a_release_forgives_is_revoked(whistles: Whistles) -> None:
    number = whistles.issued(units=("D-CG", "D-GA"), level="hard")
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定")
    pass_time(whistles, minutes=61)
    whistles.sql("select cc.run_duty()")
    whistles.lane("evaluator", number, "publish", kind="no_response", text="未响应")
    whistles.lane("leader", number, "release")
    told = "select b.revoked_at is not null, k.state from cc.bulletin b join cc.task k on k.id = b.task_id"
    assert whistles.rows(f"{told} where b.summons_id = %s", number) == [(True, "cancelled")]


def test_an_arrival_that_is_disputed_brings_no_points_until_somebody_decides(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.forward(number, 1, "done")
    whistles.lane("leader", number, "dispute", reason="现场没有见到人")
    assert whistles.rows("select party_no, to_role, split_part(words, ' ', 3) from cc.notice where entity_id = %s"
                         " and kind = 'changed' and not past", number) == [
        (1, "handler", "报到被标记存疑，原因见程序，评价后可申诉")
    ]  # fmt: skip
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    assert [whistles.party(number, n)["response_score"] for n in (1, 2)] == [60, 100]  # answered 30, acted 30
    with pytest.raises(NotAllowed):  # nor does who disputed it decide
        whistles.lane("leader", number, "decide", upheld="yes", decision="算了", arrival="on_time")
    whistles.lane("cg", number, "object", reason="有照片为证")
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="属实", arrival="late")
    row = whistles.party(number)
    assert (row["arrival"], row["disputed"], row["response_score"]) == ("late", False, 80)
    before = whistles.sql("select before from cc.objection where summons_id = %s", number)
    assert (before["disputed"], before["arrival"], before["response_score"]) == (True, "early", 60)


def test_a_dispute_that_is_not_decided_for_the_unit_stands(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.all_forward(number, "done")
    whistles.lane("leader", number, "dispute", reason="现场没有见到人")
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    whistles.lane("cg", number, "object", reason="不服")
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="只改评分", efficiency=100)
    assert (whistles.party(number)["disputed"], whistles.party(number)["response_score"]) == (True, 60)
    # Disputed only after the district sent the work back, it costs as much.
    whistles.do("evaluator", number, "reject_verify", reason="再核")
    whistles.lane("leader", number, "return_lane", 2, reason="重办")
    whistles.lane("leader", number, "dispute", 2, reason="照片不是现场")
    assert whistles.party(number, 2)["response_score"] == 60


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


RATED = ("efficiency", "cooperation", "professional", "responsibility", "rated_at", "rated_by", "score")


def test_work_sent_back_by_the_district_is_rated_anew(whistles: Whistles) -> None:
    number = whistles.to("verifying")
    points, score = _figures(whistles, number)
    old, versions = [GOOD[name] for name in RATED[:4]], [whistles.party(number, n)["version"] for n in (1, 2)]
    assert whistles.do("evaluator", number, "reject_verify", reason="仍有占道")["state"] == "acting"
    assert whistles.summons(number)["closed_at"] is None
    for lane in (1, 2):
        row = whistles.party(number, lane)
        assert [row[name] for name in RATED] == [None] * 7
        assert (row["response_score"], row["version"]) == (points, versions[lane - 1] + 1)
    said = whistles.sql("select what from cc.joint_event where entity_id = %s and action = 'reject_verify'", number)
    assert said["ratings"] == [[lane, *old, score] for lane in (1, 2)]
    whistles.lane("leader", number, "return_lane", reason="重新清理")
    whistles.forward(number, 1, "signed")
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-SW"))
    whistles.all_forward(number, "signed")
    whistles.close(number)
    assert (_figures(whistles, number), whistles.summons(number)["state"]) == ((points, None), "rating")
    for lane in (1, 2, 3):
        assert whistles.summons(number)["state"] == "rating"
        whistles.lane("leader", number, "rate", lane, **(GOOD | {"efficiency": 70}))
    assert whistles.summons(number)["state"] == "verifying"
    assert _figures(whistles, number) == (points, pytest.approx((points + STREET - 5) / 2))
    with pytest.raises(WrongState):
        whistles.lane("leader", number, "rate", **GOOD)


def test_to_a_new_rating_one_may_object_anew_and_an_old_objection_is_still_decided(whistles: Whistles) -> None:
    number = whistles.to("verifying")
    whistles.lane("cg", number, "object", reason="评分过低")
    whistles.lane("evaluator", number, "decide", upheld="no", decision="维持")
    whistles.lane("ga", number, "object", 2, reason="按时到场")
    whistles.do("supervisor", number, "reject_verify", reason="再看一次")
    assert [whistles.party(number, n)["objection"] for n in (1, 2)] == [None, "open"]
    for lane, login in ((1, "cg"), (2, "ga")):
        with pytest.raises(WrongState):
            whistles.lane(login, number, "object", lane, reason="没有评分")
    whistles.close(number)
    whistles.lane("evaluator", number, "decide", 2, upheld="no", decision="维持")
    assert _figures(whistles, number, 2) == (100, None)  # still to be rated
    whistles.rate_all(number)
    whistles.lane("cg", number, "object", reason="仍然过低")
    whistles.lane("evaluator", number, "decide", upheld="yes", decision="属实", efficiency=100)
    told = "select reason, upheld from cc.objection where summons_id = %s and party_no = 1 order by turn"
    assert whistles.rows(told, number) == [("评分过低", False), ("仍然过低", True)]
    with pytest.raises(TooLate):
        whistles.lane("cg", number, "object", reason="第三次")
    with pytest.raises(WrongState):
        whistles.lane("evaluator", number, "decide", 2, upheld="no", decision="再议")


def test_who_left_keeps_his_score_when_the_work_is_sent_back(whistles: Whistles) -> None:
    number = whistles.issued(units=("D-CG", "D-GA"), level="hard")
    pass_time(whistles, minutes=61)
    whistles.lane("leader", number, "replace", 2, unit_id=whistles.unit("D-SW"), reason="没有人来")
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    gone = _figures(whistles, number, 2)
    whistles.do("evaluator", number, "reject_verify", reason="仍有占道")
    assert _figures(whistles, number, 2) == gone == (0, 0.0)
    whistles.lane("leader", number, "return_lane", reason="重办")
    whistles.forward(number, 1, "signed")
    whistles.close(number)
    whistles.rate_all(number)
    assert _figures(whistles, number, 2) == gone and whistles.summons(number)["state"] == "verifying"


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
    assert whistles.party(number, 2)["arrival"] == "late" and _figures(whistles, number, 2) == (0, None)
    assert whistles.summons(number)["state"] == "rating" and not whistles.summons(number)["ruled"]


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
