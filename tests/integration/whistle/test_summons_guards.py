"""What each guard of whistle.toml, order.toml and party.toml refuses, and how a draft must be filled in."""

import json
import uuid
from typing import Any

import psycopg2
import pytest

from commandcenter.domain.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from commandcenter.domain.joint_workflow import load_machine
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import pass_time

pytestmark = pytest.mark.database


@pytest.mark.parametrize("machine", ["whistle", "order", "party"])
def test_every_guard_that_the_data_names_is_known(machine: str, whistles: Whistles) -> None:
    number = whistles.issued()
    ask = (
        "select cc.guard_lane(%s, s, p, '{}', 'handler', now()) from cc.summons s join cc.summons_party p on"
        " p.summons_id = s.id where s.id = %s and p.no = 1" if machine == "party" else
        "select cc.guard_summons(%s, s, '{}', o, 'handler', now()) from cc.summons s, cc.operator o"
        " where s.id = %s limit 1"
    )  # fmt: skip
    guards = {guard for action in load_machine(machine).actions for guard in action.guards}
    assert guards
    for guard in (*guards, "no_such_guard"):
        try:
            whistles.sql(ask, guard, number)
        except psycopg2.Error as error:
            assert ("unknown guard" in str(error)) == (guard == "no_such_guard"), guard
        else:
            assert guard != "no_such_guard"


def _refused(error: type[DomainError], field: str | None, deed: Any) -> None:
    with pytest.raises(error) as refused:
        deed()
    assert type(refused.value) is error
    assert refused.value.detail.get("field") == field, refused.value


@pytest.mark.parametrize(("facts", "field"), [
    ({"title": None}, "title"), ({"title": " 　"}, "title"), ({"title": "长" * 101}, "title"),
    ({"scope": "其他"}, "scope"), ({"level": "top"}, "level"), ({"scenario": "Z99"}, "scenario"),
    ({"scope": "应急处置", "scenario": "Z01"}, "scenario"), ({"lat": None}, "lon"), ({"lon": 190}, "lon"),
    ({"lon": "NaN"}, "lon"), ({"meet_at": "2020-01-01T00:00:00+08:00"}, "meet_at"),
    ({"meet_at": "infinity"}, "meet_at"), ({"meet_at": "morgen"}, "meet_at"), ({"caller_id": 1_000_000}, "caller_id"),
    ({"caller_kind": "district"}, "caller_kind"), ({"caller_kind": "grid"}, "grid_id"),
    ({"grid_id": 99_999}, "grid_id"), ({"cases": [1]}, "cases"), ({"cases": ["x"]}, "cases"),
    ({"cases": {"a": 1}}, "cases"), ({"parties": [7]}, "parties"), ({"parties": [{"unit_id": 1_000_000}]}, "unit_id"),
    ({"parties": [{"unit_id": None}]}, "unit_id"), ({"checks": ["x"]}, None), ({"from_id": 5}, "from_id"),
    ({"version": 2}, "version"), ({"place": "长" * 201}, "place"),
])  # fmt: skip
def test_a_draft_that_does_not_hold_together_is_refused(
    facts: dict[str, Any], field: str | None, whistles: Whistles
) -> None:
    _refused(InvalidInput, field, lambda: whistles.open_with("dispatcher", "whistle", whistles.args(**facts)))


@pytest.mark.parametrize(("parties", "field"), [
    ([("D-CG", {"heads": 0})], "heads"), ([("D-CG", {"heads": 1000})], "heads"),
    ([("D-CG", {}), ("D-CG", {})], "unit_id"), ([("D-CG", {"lead": True}), ("D-GA", {"lead": True})], "parties"),
    ([("A", {})], "unit_id"), ([("T", {})], "unit_id"), ([("B", {})], "unit_id"),
])  # fmt: skip
def test_only_units_that_may_be_called_once_and_with_one_lead(
    parties: list[tuple[str, dict[str, Any]]], field: str, whistles: Whistles
) -> None:
    listed = [{"unit_id": whistles.unit(key), **more} for key, more in parties]
    _refused(InvalidInput, field, lambda: whistles.open_with("leader", "whistle", whistles.args(parties=listed)))


def test_a_community_calls_only_who_serves_its_street_and_at_once(whistles: Whistles) -> None:
    units = {key: [{"unit_id": whistles.unit(key)}] for key in ("PCS-A", "PCS-B", "D-CG", "A-CGK")}
    for key in ("PCS-B", "D-CG"):
        args = whistles.args(caller_id=whistles.unit("A1"), parties=units[key])
        _refused(InvalidInput, "unit_id", lambda args=args: whistles.open_with("grid_a1", "whistle", args))
    for key in ("PCS-A", "A-CGK"):
        args = whistles.args(caller_id=whistles.unit("A1"), parties=units[key])
        answer = whistles.open_with("grid_a1", "whistle", args)
        assert answer["state"] == "issued"
        assert whistles.actions(answer["entity_id"]) == ["draft", "issue", "join"]
        row = whistles.summons(answer["entity_id"])
        ground = (row["street_id"], row["community_id"], row["signed_by"])
        assert ground == (whistles.unit("A"), whistles.unit("A1"), None)
    empty = whistles.args(caller_id=whistles.unit("A1"), parties=[])
    _refused(InvalidInput, "parties", lambda: whistles.open_with("grid_a1", "whistle", empty))


def test_a_grid_calls_through_its_community_with_the_streets_signature(whistles: Whistles) -> None:
    grid = whistles.sql("select id from cc.grid where key = 'G-A1-0'")
    other = whistles.sql("select id from cc.grid where key = 'G-B1-0'")
    args = whistles.args(caller_id=whistles.unit("A1"), caller_kind="grid", grid_id=grid, units=("PCS-A",))
    _refused(InvalidInput, "grid_id", lambda: whistles.open_with("grid_a1", "whistle", args | {"grid_id": other}))
    number = whistles.open_with("grid_a1", "whistle", args)["entity_id"]
    assert (whistles.summons(number)["state"], whistles.summons(number)["grid_id"]) == ("draft", grid)
    assert whistles.do("leader", number, "sign")["state"] == "issued"


def test_a_specialists_line_may_be_called_below_the_street_but_no_other_streets_agency(whistles: Whistles) -> None:
    """In 甲街道 a specialist works for 水务; what kind may be called is the rules' business."""
    with whistles.trying():
        whistles.sql("update cc.whistle_caller set calls = '{department,agency}' where kind = 'community'")
        whistles.sql("update cc.grid_team set line = '公安' where line = '法官'")
        ask = "select cc.callable_by(s, %s) from cc.summons s where id = %s"
        number = whistles.open(caller_id=whistles.unit("A1"), units=("PCS-A",))
        units = ("D-SW", "D-CG", "D-GA", "PCS-A", "PCS-B")
        may = {key for key in units if whistles.sql(ask, whistles.unit(key), number)}
        assert may == {"D-SW", "D-GA", "PCS-A"}


def test_nobody_calls_for_another_street_and_only_a_district_orders(whistles: Whistles) -> None:
    for login in ("leader_b", "street_b", "grid_a1", "cg", "evaluator", "admin"):
        _refused(NotAllowed, None, lambda login=login: whistles.open_with(login, "whistle", whistles.args()))
    for login in ("leader", "dispatcher", "evaluator"):
        _refused(NotAllowed, None, lambda login=login: whistles.open_with(login, "order", whistles.args("order")))
    street = whistles.args("order", caller_id=whistles.unit("A"))
    _refused(InvalidInput, "caller_id", lambda: whistles.open_with("supervisor", "order", street))


def test_signing_needs_parties_and_a_time_that_lies_ahead(whistles: Whistles) -> None:
    alone, soon = whistles.open("order", parties=[]), whistles.ahead(hours=1)
    _refused(InvalidInput, "parties", lambda: whistles.do("supervisor", alone, "consult", title="会商", meet_at=soon))
    _refused(InvalidInput, "parties", lambda: whistles.do("leader", whistles.open(parties=[]), "sign"))
    late = whistles.open(meet_at=whistles.ahead(minutes=10))
    whistles.sql("update cc.summons set meet_at = cc.city_now() - interval '1 second' where id = %s", late)
    _refused(InvalidInput, "meet_at", lambda: whistles.do("leader", late, "sign"))


def test_an_order_needs_time_and_place(whistles: Whistles) -> None:
    _refused(InvalidInput, "meet_at", lambda: whistles.do("supervisor", whistles.open("order", meet_at=None), "sign"))
    nowhere = whistles.open("order", place="", lon=None, lat=None)
    _refused(InvalidInput, "place", lambda: whistles.do("supervisor", nowhere, "sign"))
    _refused(InvalidInput, "ends_at", lambda: whistles.open("order", ends_at=whistles.ahead(minutes=5)))


def test_edits_need_something_and_whole_places(whistles: Whistles) -> None:
    number = whistles.open("order")
    _refused(InvalidInput, None, lambda: whistles.do("supervisor", number, "edit"))
    _refused(InvalidInput, "lon", lambda: whistles.do("supervisor", number, "edit", lon=116))
    _refused(InvalidInput, "lon", lambda: whistles.do("supervisor", number, "edit", lon=116, lat=91))
    _refused(InvalidInput, "title", lambda: whistles.do("supervisor", number, "edit", title="　"))
    far, soon = whistles.ahead(days=181), whistles.ahead(seconds=5)
    _refused(InvalidInput, "meet_at", lambda: whistles.do("supervisor", number, "edit", meet_at=far))
    _refused(InvalidInput, "ends_at", lambda: whistles.do("supervisor", number, "edit", ends_at=soon))
    whistles.do("supervisor", number, "edit", title="夜市整治", reason="新情况", place="东门", lon=116, lat=40)
    assert whistles.rows("select title, reason, place from cc.summons_detail where summons_id = %s", number) == [
        ("夜市整治", "新情况", "东门")
    ]


def test_only_the_head_widens_after_the_issue_and_only_by_units_that_may_be_called(whistles: Whistles) -> None:
    number = whistles.issued()
    _refused(NotAllowed, None, lambda: whistles.do("dispatcher", number, "add_party", unit_id=whistles.unit("D-SW")))
    _refused(InvalidInput, "unit_id", lambda: whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-CG")))
    _refused(InvalidInput, "unit_id", lambda: whistles.do("leader", number, "add_party", unit_id=whistles.unit("B")))
    again = {"unit_id": whistles.unit("D-GA"), "reason": "力量不足"}
    _refused(InvalidInput, "unit_id", lambda: whistles.lane("leader", number, "replace", **again))
    whistles.do("grid_worker", whistles.open(), "add_party", unit_id=whistles.unit("D-SW"))


def test_a_level_is_never_lowered(whistles: Whistles) -> None:
    number = whistles.issued(level="key")
    for level in ("normal", "key"):
        down = {"level": level, "reason": "x"}
        _refused(InvalidInput, "level", lambda down=down: whistles.do("leader", number, "raise_level", **down))
    whistles.do("leader", number, "raise_level", level="hard", reason="久拖不决")
    assert whistles.summons(number)["level"] == "hard"
    assert [whistles.party(number, n)["unit_id"] for n in whistles.lanes(number)] == [
        whistles.unit(key) for key in ("D-CG", "D-GA", "D-SW")
    ]


def test_nothing_is_withdrawn_once_somebody_came(whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.lane("cg", number, "arrive", **PLACE)
    _refused(WrongState, None, lambda: whistles.do("leader", number, "withdraw", reason="x"))
    for lane in (1, 2):
        assert whistles.party(number, lane)["live"]


def test_a_summons_closes_only_when_all_have_signed_or_a_supervisor_rules(whistles: Whistles) -> None:
    number = whistles.to("acting", "order")
    whistles.forward(number, 1, "signed")
    for login in ("cg", "supervisor"):
        _refused(WrongState, None, lambda login=login: whistles.do(login, number, "close", conclusion="好了"))
    whistles.forward(number, 2, "signed")
    _refused(WrongState, None, lambda: whistles.do("cg", number, "close", conclusion="好了"))  # the checklist
    _refused(WrongState, None, lambda: whistles.do("supervisor", number, "rule_close", conclusion="好了", reason="x"))
    _refused(InvalidInput, "check", lambda: whistles.do("ga", number, "tick", check=9))
    whistles.do("ga", number, "tick", check=1)
    assert whistles.rows("select done_party from cc.summons_check where summons_id = %s", number) == [(2,)]
    _refused(InvalidInput, "check", lambda: whistles.do("ga", number, "tick", check=1))
    assert whistles.do("cg", number, "close", conclusion="好了")["state"] == "rating"
    assert not whistles.summons(number)["ruled"]


def test_lanes_refuse_what_does_not_fit(whistles: Whistles) -> None:
    number = whistles.issued()
    _refused(WrongState, None, lambda: whistles.lane("leader", number, "release"))
    _refused(WrongState, None, lambda: whistles.lane("leader", number, "insist", reason="x"))
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定")
    _refused(WrongState, None, lambda: whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定"))
    whistles.lane("leader", number, "release")
    assert whistles.party(number, 2)["lead"]  # whoever leads is never lost
    _refused(WrongState, None, lambda: whistles.lane("leader", number, "withdraw_party", 2, reason="x"))
    _refused(NotFound, None, lambda: whistles.lane("leader", number, "withdraw_party", 9, version=1, reason="x"))
    whistles.lane("ga", number, "arrive", 2, **PLACE)
    _refused(InvalidInput, None, lambda: whistles.lane("ga", number, "finish", 2, result="已处置"))  # no photo
    whistles.proof("ga", number, 2)
    whistles.lane("ga", number, "finish", 2, result="已处置")
    whistles.lane("leader", number, "return_lane", 2, reason="未清理")
    _refused(InvalidInput, None, lambda: whistles.lane("ga", number, "finish", 2, result="已处置"))  # nor a new one
    whistles.lane("leader", number, "dispute", 2, reason="照片不符")
    _refused(WrongState, None, lambda: whistles.lane("leader", number, "dispute", 2, reason="照片不符"))


@pytest.mark.parametrize(("args", "field"), [
    ({"efficiency": 59}, "reason"), ({"efficiency": 101}, "efficiency"), ({"efficiency": -1}, "efficiency"),
    ({"efficiency": 90.5}, "efficiency"), ({"efficiency": "good"}, "efficiency"), ({"efficiency": ""}, "efficiency"),
])  # fmt: skip
def test_ratings_are_whole_and_low_ones_explained(args: dict[str, Any], field: str, whistles: Whistles) -> None:
    number = whistles.to("rating")
    _refused(InvalidInput, field, lambda: whistles.lane("leader", number, "rate", **(GOOD | args)))
    whistles.lane("leader", number, "rate", **(GOOD | {"efficiency": 59, "reason": "来晚了"}))
    _refused(TooLate, None, lambda: whistles.lane("leader", number, "rate", **GOOD))


def test_an_unknown_field_and_a_stale_version_are_refused(whistles: Whistles) -> None:
    number = whistles.issued()
    _refused(InvalidInput, "state", lambda: whistles.lane("cg", number, "respond", state="signed"))
    forged = {**PLACE, "arrived_at": "2026-01-01"}
    _refused(InvalidInput, "arrived_at", lambda: whistles.lane("cg", number, "arrive", **forged))
    with pytest.raises(InvalidInput):
        whistles.as_person("cg", "select cc.lane_act(%s, %s, 1, 1, 'respond', '[]')", str(uuid.uuid4()), number)
    whistles.lane("cg", number, "respond")
    with pytest.raises(Conflict) as lost:
        whistles.lane("cg", number, "ask_release", version=1, reason="x", legal_basis="y")
    assert (lost.value.detail["who"], lost.value.detail["label"]) == ("城管委处置", "响应")
    _refused(InvalidInput, None, lambda: whistles.lane("cg", number, "explode"))


def test_a_city_without_whistle_rules_calls_nobody(whistles: Whistles) -> None:
    args = json.dumps(whistles.args(), ensure_ascii=False)
    with whistles.trying():
        whistles.sql("delete from cc.whistle_rule")
        with pytest.raises(InvalidInput, match="没有吹哨规则"):
            whistles.as_person("leader", "select cc.open_summons(%s, 'whistle', %s)", str(uuid.uuid4()), args)


def test_an_objection_has_its_days(whistles: Whistles) -> None:
    number = whistles.to("archived")
    pass_time(whistles, days=8)
    _refused(TooLate, None, lambda: whistles.lane("cg", number, "object", reason="不服"))


def test_a_title_is_one_line_and_shows_what_it_says(whistles: Whistles) -> None:
    number = whistles.open(title="占道\n经营\t整治 \u202e迷惑\u202c")
    assert whistles.sql("select title from cc.summons_detail where summons_id = %s", number) == "占道 经营 整治 迷惑"
