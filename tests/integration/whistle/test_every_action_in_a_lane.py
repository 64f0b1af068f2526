"""Every action × person in lanes of every state, within every state of the whole: done and traced, or refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from commandcenter.domain.errors import NotAllowed
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.workflow import Action
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.integration.whistle.reach import A_FEW, Ground, refusal, roles_allowed
from tests.support.town import PNG
from tests.support.town_profile import OPERATORS

pytestmark = pytest.mark.database

PARTY = load_machine("party")


def _arrived(w: Whistles, kind: str) -> int:
    number = w.issued(kind)
    w.forward(number, 1, "arrived")
    w.proof(w.clerk(number, 1), number)
    return number


def _lane_at(state: str) -> Callable[[Whistles, str], int]:
    def build(w: Whistles, kind: str) -> int:
        number = w.issued(kind)
        w.forward(number, 1, state)
        return number

    return build


def _ended(action: str, **args: Any) -> Callable[[Whistles, str], int]:
    def build(w: Whistles, kind: str) -> int:
        number = w.issued(kind)
        unit = {"unit_id": w.unit("PCS-A")} if action == "replace" else {}
        if action == "release":
            w.lane("cg", number, "ask_release", reason="不属于职责", legal_basis="三定方案")
        w.lane(w.head_of(number), number, action, **args, **unit)
        return number

    return build


def _ruled(w: Whistles, kind: str) -> int:
    number = w.issued(kind)
    w.do("supervisor", number, "rule_close", conclusion="结束", reason="长期无人到场")
    return number


def _over(state: str) -> Callable[[Whistles, str], int]:
    return lambda w, kind: w.to(state, kind)


# (state of the whole, state of lane 1) and how to get there; lane 1 is 区城管委's, lane 2 公安分局's and waits.
SCENES: dict[tuple[str, str], Callable[[Whistles, str], int]] = {
    ("draft", "pending"): lambda w, kind: w.open(kind),
    ("issued", "pending"): _lane_at("pending"),
    ("issued", "responded"): _lane_at("responded"),
    ("issued", "arrived"): _arrived,
    ("issued", "done"): _lane_at("done"),
    ("issued", "signed"): _lane_at("signed"),
    ("issued", "released"): _ended("release"),
    ("issued", "replaced"): _ended("replace", reason="力量不足"),
    ("issued", "withdrawn"): _ended("withdraw_party", reason="不需要"),
    ("rating", "pending"): _ruled,
    ("rating", "signed"): _over("rating"),
    ("verifying", "signed"): _over("verifying"),
    ("archived", "signed"): _over("archived"),
    ("withdrawn", "withdrawn"): _over("withdrawn"),
}
CASES = [
    (kind, head, lane, action.code)
    for kind in ("whistle", "order") for head, lane in SCENES for action in PARTY.actions
    if not (kind == "order" and head == "verifying")
]  # fmt: skip


# What must be true beside the states before the action's guards let it pass; every attempt is taken back, so one
# summons serves all actions that need the same.
PREPARED = {"release": "asked", "insist": "asked", "object": "rated", "decide": "objected", "publish": "late"}


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, ...], int]:
    """Summons by kind, states and preparation."""
    return {}


def _prepared(w: Whistles, made: dict[tuple[str, ...], int], kind: str, head: str, lane: str, action: Action) -> int:
    legal = lane in action.sources and head in action.head
    key = (kind, head, lane, PREPARED.get(action.code, "") if legal else "")
    if key[3] in ("rated", "objected") and lane in ("replaced", "withdrawn"):
        pytest.skip("nothing to object to: it missed nothing")
    if key not in made:
        made[key] = SCENES[head, lane](w, kind)
        _prepare(w, made[key], head, key[3])
    return made[key]


def _prepare(w: Whistles, number: int, head: str, how: str) -> None:
    if how == "asked":
        w.lane("cg", number, "ask_release", reason="不属于职责", legal_basis="三定方案")
    if how in ("rated", "objected") and head == "rating":
        w.lane(w.head_of(number), number, "rate", **GOOD)
    if how == "objected":
        w.lane("cg", number, "object", reason="到场时间有误")
    if how == "late":
        w.sql("update cc.summons_party set response = 'late' where summons_id = %s and no = 1", number)


def _args(w: Whistles, action: Action) -> dict[str, Any]:
    given = {
        "note": "备注", "reason": "理由充分", "legal_basis": "三定方案", "unit_id": w.unit("D-SW"), "heads": 2,
        "came": 3, **PLACE, "text": "已劝离", "result": "已处置", "documents": "罚字 1 号", "people": 1,
        "goods": 2, **GOOD, "upheld": "yes", "decision": "情况属实", "kind": "late_response",
    }  # fmt: skip
    fields = (*action.required, *(f for f in action.optional if action.code != "decide" or f == "efficiency"))
    return {field: given[field] for field in fields}


def _do(w: Whistles, login: str, number: int, action: Action, args: dict[str, Any], version: int) -> Any:
    if action.code == "attach":
        return w.as_person(
            login, "select cc.attach_joint(%s, 'summons', %s, 1, 'after', 'a.png', 'image/png', %s)",
            str(uuid.uuid4()), number, PNG,
        )  # fmt: skip
    return w.lane(login, number, action.code, 1, version=version, **args)


def _ground(w: Whistles, kind: str, head: str, lane: str) -> Ground:
    seen = () if head == "draft" else ("D-CG", "D-GA", *(("PCS-A",) if lane == "replaced" else ()))
    lead = None if head in ("draft", "withdrawn") else "D-CG" if lane in ("pending", "responded", "arrived") else "D-GA"
    return Ground("A" if kind == "whistle" else "T", "A" if kind == "whistle" else None, ("D-CG",), seen, lead)


@pytest.mark.parametrize(("kind", "head", "lane", "code"), CASES)
def test_a_lane(
    kind: str, head: str, lane: str, code: str, whistles: Whistles, made: dict[tuple[str, ...], int]
) -> None:
    action = PARTY.action[code]
    number = _prepared(whistles, made, kind, head, lane, action)
    before, args = whistles.party(number), _args(whistles, action)
    assert (whistles.summons(number)["state"], before["state"]) == (head, lane)
    ground, events = _ground(whistles, kind, head, lane), whistles.summons(number)["events"]
    for person in OPERATORS if lane in action.sources and head in action.head else A_FEW:
        expected = refusal(action, person, ground, lane, head)
        if code == "decide" and expected is None and person.login == whistles.rater(number):
            expected = NotAllowed  # who rated does not judge the objection
        with whistles.trying():
            if expected is not None:
                with pytest.raises(expected) as refused:
                    _do(whistles, person.login, number, action, args, before["version"])
                assert type(refused.value) is expected, person.login
                continue
            _do(whistles, person.login, number, action, args, before["version"])
            done = whistles.rows(
                "select role, actor_login, from_state, to_state from cc.joint_event"
                " where entity_id = %s and party_no = 1 and seq > %s and action = %s", number, events, code,
            )  # fmt: skip
            assert len(done) == 1 and done[0][0] in roles_allowed(action, person, ground, lane, head)
            after = whistles.party(number)
            assert done[0][1:] == (person.login, lane, after["state"])
            assert after["state"] == (lane if action.to == "=" else action.to)
            assert after["version"] == before["version"] + (0 if action.keeps_version else 1)
