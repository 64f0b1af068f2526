"""撤回 washes nothing off: what a unit missed before it stands as after a closing, and others are not judged."""

from typing import Any

import pytest

from commandcenter.domain.errors import TooLate
from tests.integration.whistle.lanes import Whistles
from tests.support.clocks import beijing, pass_time, travel

pytestmark = pytest.mark.database


def _withdrawn(whistles: Whistles, kind: str = "whistle", **facts: Any) -> int:
    """Answered in time, answered late, and silent until it was withdrawn, with no round of the duty before."""
    travel(whistles, "2026-11-26 10:00")  # a Thursday
    more = {"level": "hard", "units": ("D-CG", "D-GA", "D-SW")} | facts
    number = whistles.issued(kind, **more)
    whistles.lane("cg", number, "respond")
    pass_time(whistles, minutes=61)
    whistles.lane("ga", number, "respond", 2)
    whistles.do(whistles.head_of(number), number, "withdraw", reason="情况已消除")
    return number


def _points(whistles: Whistles, number: int) -> list[tuple[int | None, float | None]]:
    rows = (whistles.party(number, lane) for lane in (1, 2, 3))
    return [(row["response_score"], None if row["score"] is None else float(row["score"])) for row in rows]


def _told(whistles: Whistles, number: int) -> list[tuple[int, str, str]]:
    asked = "select b.party_no, b.kind, k.state from cc.bulletin b join cc.task k on k.id = b.task_id"
    return whistles.rows(f"{asked} where b.summons_id = %s order by b.id", number)


def test_what_was_missed_before_a_withdrawal_is_scored_and_told(whistles: Whistles) -> None:
    number = _withdrawn(whistles)
    # The late one answered with 15 of 30; nobody had to be there yet.
    assert _points(whistles, number) == [(None, None), (50, 50.0), (0, 0.0)]
    assert _told(whistles, number) == [(2, "late_response", "open"), (3, "no_response", "open")]
    assert whistles.actions(number, 3) == ["join", "missed_confirm", "publish_by_clock"]
    row = whistles.summons(number)
    assert row["state"] == "withdrawn" and not row["open"]
    assert row["closed_at"] is None and row["archived_at"] == whistles.now()  # withdrawn work clears no ledger
    assert row["level"] == "hard" and "raise_by_clock" not in whistles.actions(number)


def test_an_order_that_is_withdrawn_forgives_no_miss_either(whistles: Whistles) -> None:
    travel(whistles, "2026-11-26 10:00")
    number = _withdrawn(whistles, "order", meet_at=whistles.ahead(hours=6))  # the limit of the answer comes first
    assert [points for points, _ in _points(whistles, number)] == [None, 50, 0]
    assert [kind for _, kind, _ in _told(whistles, number)] == ["late_response", "no_response"]


def test_where_nobody_missed_anything_nothing_is_left(whistles: Whistles) -> None:
    travel(whistles, "2026-11-26 10:00")
    number = whistles.issued(units=("D-CG", "D-GA", "D-SW"))
    whistles.lane("cg", number, "respond")
    whistles.do("leader", number, "withdraw", reason="情况已消除")
    assert _points(whistles, number) == [(None, None)] * 3 and _told(whistles, number) == []


def test_a_discarded_draft_is_no_withdrawal(whistles: Whistles) -> None:
    travel(whistles, "2026-11-26 10:00")
    number = whistles.open(units=("D-CG", "D-GA", "D-SW"))
    pass_time(whistles, days=2)
    whistles.do("leader", number, "discard", reason="不再需要")
    assert _points(whistles, number) == [(None, None)] * 3 and _told(whistles, number) == []


def test_it_counts_in_the_month_and_is_behind_its_figure(whistles: Whistles, shared_town: Any) -> None:
    def month() -> dict[str, Any]:
        listed = "select jsonb_agg(to_jsonb(u)) from cc.unit_scores('2026-11-01', '2026-12-01') u where unit_id = %s"
        (row,) = whistles.as_person("evaluator", listed, whistles.unit("D-SW")) or [{"lanes": 0, "no_response": 0}]
        return dict(row)

    _withdrawn(whistles)
    before, number = month(), _withdrawn(whistles)
    after = month()
    assert (after["lanes"], after["no_response"]) == (before["lanes"] + 1, before["no_response"] + 1)
    queries = shared_town.session("evaluator").joint_queries
    since, until = beijing("2026-11-01 00:00").timestamp(), beijing("2026-12-01 00:00").timestamp()
    silent, prompt = ({row.id for row in queries.scored_lanes(whistles.unit(unit), since, until)}
                      for unit in ("D-SW", "D-CG"))  # fmt: skip
    assert number in silent and number not in prompt


def test_the_unit_may_object_and_a_ruling_takes_its_bulletin_back(whistles: Whistles) -> None:
    number = _withdrawn(whistles)
    whistles.lane("sw", number, "object", 3, reason="当时已电话答复")
    due = "select kind, to_role from cc.notice where entity_id = %s and party_no = 3 and not past order by kind"
    assert ("to_decide", "evaluator") in whistles.rows(due, number)
    whistles.lane("evaluator", number, "decide", 3, upheld="yes", decision="属实", response="on_time")
    assert _points(whistles, number)[2] == (100, 100.0)
    assert _told(whistles, number) == [(2, "late_response", "open"), (3, "no_response", "cancelled")]
    assert ("to_decide", "evaluator") not in whistles.rows(due, number)
    said = "select to_role, words from cc.notice where entity_id = %s and party_no = 3 and not past and words ~ '裁定'"
    no = whistles.summons(number)["no"]
    assert whistles.rows(said, number) == [("handler", f"吹哨 {no} 申诉已裁定，结果见程序")]  # whoever asked is told
    pass_time(whistles, days=30)
    with pytest.raises(TooLate):
        whistles.lane("ga", number, "object", 2, reason="迟了")
