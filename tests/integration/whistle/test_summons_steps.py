"""What somebody must do next stands open as a notice, with its limit, for the right post, and goes when it is done."""

from datetime import timedelta

import pytest

from commandcenter.domain.errors import TooLate, WrongState
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import travel

pytestmark = pytest.mark.database


def _open(whistles: Whistles, number: int) -> set[tuple[int | None, str, str, str]]:
    """(lane, kind, role, organisation) of what is open now."""
    return set(whistles.rows(
        "select n.party_no, n.kind, n.to_role, o.key from cc.notice n join cc.org o on o.id = n.to_org"
        " where n.entity_id = %s and n.closed_at is null", number,
    ))  # fmt: skip


def _due(whistles: Whistles, number: int, kind: str, lane: int) -> object:
    asked = "select due from cc.notice where entity_id = %s and kind = %s and party_no = %s and closed_at is null"
    return whistles.sql(asked, number, kind, lane)


def test_a_whistle_tells_each_post_its_next_step(whistles: Whistles) -> None:
    number = whistles.open()
    assert _open(whistles, number) == {(None, "to_sign", "street_leader", "A")}
    whistles.do("leader", number, "sign")
    lanes = {1: "D-CG", 2: "D-GA"}
    assert _open(whistles, number) == {(n, "to_confirm", "handler", key) for n, key in lanes.items()}
    row = whistles.party(number)
    assert _due(whistles, number, "to_confirm", 1) == row["confirm_due"]
    whistles.lane("cg", number, "respond")
    assert _open(whistles, number) == {(1, "to_arrive", "handler", "D-CG"), (2, "to_confirm", "handler", "D-GA")}
    assert _due(whistles, number, "to_arrive", 1) == row["arrive_due"]
    whistles.lane("cg", number, "arrive", **PLACE)
    assert _due(whistles, number, "to_act", 1) == row["arrive_due"] + timedelta(hours=24)
    whistles.forward(number, 1, "done")
    assert (1, "to_sign_off", "handler", "D-CG") in _open(whistles, number)
    whistles.all_forward(number, "signed")
    assert _open(whistles, number) == {(None, "to_close", "street_leader", "A")}
    whistles.close(number)
    assert _open(whistles, number) == {(None, "to_rate", "street_leader", "A")}
    whistles.rate_all(number)
    assert _open(whistles, number) == {(None, "to_verify", "evaluator", "T"), (None, "to_verify", "supervisor", "T")}
    whistles.lane("cg", number, "object", reason="不服")
    assert (1, "to_decide", "evaluator", "T") in _open(whistles, number)
    whistles.do("evaluator", number, "verify")
    assert _open(whistles, number) == {(1, "to_decide", "evaluator", "T")}
    whistles.lane("evaluator", number, "decide", upheld="no", decision="证据充分")
    assert _open(whistles, number) == {(1, "changed", "handler", "D-CG")}  # whoever asked is told of the ruling


def test_an_order_waits_for_its_supervisor_and_its_leading_unit(whistles: Whistles) -> None:
    number = whistles.open("order")
    assert _open(whistles, number) == {(None, "to_sign", "supervisor", "T")}
    whistles.do("supervisor", number, "sign")
    whistles.all_forward(number, "signed")
    assert _open(whistles, number) == {(None, "to_close", "handler", "D-CG")}
    whistles.close(number)
    assert _open(whistles, number) == {(None, "to_rate", "supervisor", "T")}
    for lane in (1, 2):
        whistles.lane("supervisor", number, "rate", lane, **GOOD)
    assert _open(whistles, number) == set()


def test_a_request_to_be_released_waits_for_the_streets_head(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    assert (1, "to_decide", "street_leader", "A") in _open(whistles, number)
    whistles.lane("leader", number, "insist", reason="属于职责")
    assert _open(whistles, number) == {(1, "to_confirm", "handler", "D-CG"), (2, "to_confirm", "handler", "D-GA")}
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    whistles.lane("leader", number, "release")
    assert _open(whistles, number) == {(2, "to_confirm", "handler", "D-GA")}


def test_whoever_takes_over_is_told_and_whoever_left_hears_that_he_need_not_come(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.lane("leader", number, "replace", unit_id=whistles.unit("D-SW"), reason="力量不足")
    assert _open(whistles, number) == {
        (1, "changed", "handler", "D-CG"), (2, "to_confirm", "handler", "D-GA"), (3, "to_confirm", "handler", "D-SW"),
    }  # fmt: skip
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-CG"))
    assert (1, "changed", "handler", "D-CG") not in _open(whistles, number)  # called again
    whistles.do("leader", number, "withdraw", reason="已消除")
    assert _open(whistles, number) == {
        (1, "changed", "handler", "D-CG"), (2, "changed", "handler", "D-GA"), (3, "changed", "handler", "D-SW"),
        (4, "changed", "handler", "D-CG"),
    }  # fmt: skip


def test_nobody_hears_of_a_draft_that_is_given_up(whistles: Whistles) -> None:
    number = whistles.open()
    whistles.do("leader", number, "discard", reason="重复")
    assert _open(whistles, number) == set()


def test_another_time_is_told_anew(whistles: Whistles) -> None:
    number = whistles.issued(meet_at=whistles.ahead(hours=5))
    whistles.lane("cg", number, "respond")
    before = _due(whistles, number, "to_arrive", 1)
    whistles.do("leader", number, "reschedule", meet_at=whistles.ahead(hours=9), reason="大雨")
    after = _due(whistles, number, "to_arrive", 1)
    assert after == whistles.party(number)["arrive_due"] != before


def test_the_words_name_nobody_and_no_place(whistles: Whistles) -> None:
    number = whistles.issued(title="张三丰违建", place="锦绣花园")
    whistles.lane("cg", number, "ask_release", reason="张三丰", legal_basis="三定方案")
    said = whistles.rows("select words from cc.notice where entity_id = %s", number)
    no = whistles.summons(number)["no"]
    assert len(said) >= 4
    for (words,) in said:
        assert words.startswith(f"吹哨 {no} ") and len(words) <= 200
        assert "张三丰" not in words and "锦绣" not in words


# ------------------------------------------------------------------ whoever reported is asked
ASKED = (None, "to_do", "followup", "T")


@pytest.fixture
def reported(whistles: Whistles) -> int:
    """A citizen's case."""
    return whistles.report(citizen=True)


def test_reporters_who_were_not_asked_are_reminded_of_until_they_are(whistles: Whistles, reported: int) -> None:
    number = whistles.issued(cases=[reported])
    whistles.all_forward(number, "signed")
    assert ASKED not in _open(whistles, number)
    whistles.close(number)
    assert ASKED in _open(whistles, number)
    whistles.rate_all(number)
    assert ASKED in _open(whistles, number)
    whistles.do("evaluator", number, "verify")
    assert _open(whistles, number) == {ASKED}
    whistles.do("followup", number, "follow_up", satisfied="satisfied")
    assert _open(whistles, number) == set()


def test_an_archived_whistle_is_followed_up_and_its_months_figures_follow(whistles: Whistles, reported: int) -> None:
    number = whistles.to("archived", cases=[reported])
    since, until = whistles.now() - timedelta(days=1), whistles.now() + timedelta(days=1)

    def month() -> tuple[float | None, float]:
        ask = "select citizen, score from cc.unit_scores(%s, %s) where unit_id = %s"
        found: tuple[float | None, float] = whistles.rows(ask, since, until, whistles.unit("D-CG"))[0]
        return found

    def by_hand() -> float:
        ask = ("select avg(p.score) from cc.summons s join cc.summons_party p on p.summons_id = s.id"
               " where p.unit_id = %s and s.closed_at >= %s and s.closed_at < %s and p.score is not null")  # fmt: skip
        return float(whistles.sql(ask, whistles.unit("D-CG"), since, until))

    before, row = month(), whistles.party(number)
    whistles.do("followup", number, "follow_up", satisfied="dissatisfied")
    after = whistles.party(number)
    assert (whistles.summons(number)["state"], whistles.summons(number)["citizen_score"]) == ("archived", 0)
    street = sum(after[name] for name in GOOD) / 4
    assert after["score"] == pytest.approx(0.4 * after["response_score"] + 0.4 * street)
    assert after["score"] < row["score"]
    assert month()[1] == pytest.approx(by_hand()) and month()[1] < before[1] and month()[0] is not None
    with pytest.raises(TooLate):
        whistles.do("evaluator", number, "follow_up", satisfied="satisfied")


def test_nobody_is_reminded_of_reporters_that_are_none_or_after_the_time_is_over(
    whistles: Whistles, reported: int
) -> None:
    assert ASKED not in _open(whistles, whistles.to("verifying"))
    number = whistles.to("verifying", cases=[reported])
    due = whistles.sql("select due from cc.notice where entity_id = %s and to_role = 'followup'", number)
    travel(whistles, due - timedelta(minutes=1))
    whistles.sql("select cc.run_duty()")
    assert ASKED in _open(whistles, number)
    travel(whistles, due + timedelta(minutes=1))
    whistles.sql("select cc.run_duty()")
    assert ASKED not in _open(whistles, number)
    whistles.do("followup", number, "follow_up", satisfied="satisfied")


def test_an_order_speaks_its_own_words_in_reminders_and_refusals(whistles: Whistles) -> None:
    number = whistles.issued("order", meet_at=whistles.ahead(hours=2))
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    with pytest.raises(WrongState, match="已有待批的退出申请"):
        whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    whistles.lane("supervisor", number, "insist", reason="属于职责")
    with pytest.raises(WrongState, match="没有待批的退出申请"):
        whistles.lane("supervisor", number, "insist", reason="属于职责")
    said = " ".join(words for (words,) in whistles.rows("select words from cc.notice where entity_id = %s", number))
    assert "待确认，地点与时间见程序" in said and "退出申请已驳回，请确认" in said and "有退出申请待批" in said
    assert "退哨" not in said and "响应" not in said and "吹哨" not in said
