"""Every state × action × person of a whistle and an order: done and traced, or refused as the data says."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.workflow import Action
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.integration.whistle.reach import A_FEW, Ground, refusal, roles_allowed
from tests.support.town import PNG
from tests.support.town_profile import OPERATORS

pytestmark = pytest.mark.database

KINDS = ("whistle", "order")
CASES = [
    (kind, state.code, action.code)
    for kind in KINDS for state in load_machine(kind).states for action in load_machine(kind).actions if action.sources
]  # fmt: skip


def _ground(kind: str, state: str, draft: bool) -> Ground:
    called = () if draft else ("D-CG", "D-GA")
    live = () if state == "withdrawn" else called
    caller, street = ("A", "A") if kind == "whistle" else ("T", None)
    return Ground(caller, street, live, called, "D-CG" if live else None)


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, ...], int]:
    """Summons by what they are good for: every attempt is taken back, so one serves many."""
    return {}


def _prepared(whistles: Whistles, made: dict[tuple[str, ...], int], kind: str, state: str, action: str) -> int:
    """A summons in this state for which the action's guards hold."""
    key = (kind, state, "close" if action == "close" else "")
    if key not in made:
        made[key] = _made(whistles, kind, state, action)
    return made[key]


def _made(whistles: Whistles, kind: str, state: str, action: str) -> int:
    number = whistles.to(state, kind)
    if action == "close" and state == "acting":
        whistles.all_forward(number, "signed")
        if kind == "order":
            whistles.do("supervisor", number, "tick", check=1)
    return number


def _args(whistles: Whistles, kind: str, action: Action) -> dict[str, Any]:
    given = {
        "title": "现场会", "reason": "理由充分", "place": "甲一社区西门", **PLACE, "meet_at": whistles.ahead(hours=2),
        "level": "hard", "unit_id": whistles.unit("D-SW"), "heads": 3, "conclusion": "已清理", "satisfied": "basically",
        "text": "内容", "note": "备注", "check": 1, "ends_at": whistles.ahead(hours=5),
    }  # fmt: skip
    return {field: given[field] for field in (*action.required, *action.optional)}


def _do(whistles: Whistles, login: str, number: int, action: Action, args: dict[str, Any], version: int) -> Any:
    if action.code == "attach":
        return whistles.as_person(
            login, "select cc.attach_joint(%s, 'summons', %s, null, 'scene', 'a.png', 'image/png', %s)",
            str(uuid.uuid4()), number, PNG,
        )  # fmt: skip
    return whistles.do(login, number, action.code, version=version, **args)


@pytest.mark.parametrize(("kind", "state", "code"), CASES)
def test_the_whole(kind: str, state: str, code: str, whistles: Whistles, made: dict[tuple[str, ...], int]) -> None:
    action = load_machine(kind).action[code]
    number = _prepared(whistles, made, kind, state, code)
    before, args = whistles.summons(number), _args(whistles, kind, action)
    ground = _ground(kind, state, before["issued_at"] is None)
    for person in OPERATORS if state in action.sources else A_FEW:
        expected = refusal(action, person, ground, state)
        with whistles.trying():
            if expected is not None:
                with pytest.raises(expected) as refused:
                    _do(whistles, person.login, number, action, args, before["version"])
                assert type(refused.value) is expected, person.login
                continue
            answer = _do(whistles, person.login, number, action, args, before["version"])
            _check_done(whistles, number, action, answer, before, roles_allowed(action, person, ground, state), person)


def _check_done(whistles: Whistles, number: int, action: Action, answer: dict[str, Any], before: dict[str, Any],
                roles: set[str], person: Any) -> None:  # fmt: skip
    event = whistles.rows(
        "select role, actor_login, actor_name, from_state, to_state from cc.joint_event"
        " where entity_id = %s and seq > %s and action = %s", number, before["events"], action.code,
    )  # fmt: skip
    assert len(event) == 1 and event[0][0] in roles
    assert event[0][1:4] == (person.login, person.name, before["state"])
    assert answer["state"] == event[0][4] and answer["entity_id"] == number
    assert answer["version"] == before["version"] + (0 if action.keeps_version else 1)
    after = whistles.summons(number)
    assert after["events"] == answer["event"] > before["events"]
    if action.to not in ("=", "lanes", "over"):
        assert after["state"] == action.to
