"""Every state × action × person: what the workflow allows is done and traced, all else is refused without a trace."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from commandcenter.domain.errors import DomainError, NotAllowed
from commandcenter.domain.workflow import Action, load_workflow
from tests.integration.workflow.oracle import Place, place_of, refusal, roles_allowed
from tests.support.hands import Hands
from tests.support.paths import NEAR_UNIT, Paths
from tests.support.town import PNG
from tests.support.town_profile import OPERATORS

pytestmark = pytest.mark.database

WORKFLOW = load_workflow()
STATES = [state.code for state in WORKFLOW.states]
ACTIONS = [action for action in WORKFLOW.actions if action.code != "report"]
NAMES = {o.login: o.name for o in OPERATORS}


def _answered(paths: Paths, state: str) -> int:
    case = paths.to(state)
    paths.answer(case)
    return case


def _followed(paths: Paths, state: str) -> int:
    case = _answered(paths, state)
    paths.follow(case)
    return case


def _asked(kind: str) -> Callable[[Paths, str], int]:
    def prepare(paths: Paths, state: str) -> int:
        case = paths.to(state)
        args = {"minutes": 60} if kind == "extension" else {"until": paths.until()}
        paths.hands.act("cg", case, f"request_{kind}", reason="需要更多时间", **args)
        return case

    return prepare


def _photographed(paths: Paths, state: str) -> int:
    case = paths.to(state, item_id=paths.hands.item("暴露垃圾"))
    for kind in ("before", "after"):
        paths.hands.attach("grid_worker", case, kind)
    return case


def _whistled(paths: Paths, state: str) -> int:
    case = paths.to(state)
    paths.whistled(case, WHISTLE)
    return case


WHISTLE = "CS-20260101-0001"
# What must be true beside the state before an action's guards let it pass.
PREPARED: dict[str, Callable[[Paths, str], int]] = {
    "follow_up": _answered,
    "close": _followed,
    "approve_extension": _asked("extension"),
    "refuse_request": _asked("suspend"),
    "self_handle": _photographed,
    "hand_back": lambda paths, state: paths.sub_dispatched(state),
    "clear_ledger": _whistled,
    "lift_supervision": lambda paths, state: paths.to(state, supervised=True),
}


@pytest.fixture(scope="module")
def inputs(hands: Hands, paths: Paths) -> dict[str, Any]:
    """A right value for every field of every action."""
    return {
        "note": "备注", "reason": "理由充分", "legal_basis": "三定方案", "result": "已处理", "text": "内容",
        "leader": "李区长",
        "unit_id": hands.org(NEAR_UNIT), "item_id": hands.item("暴露垃圾"), "grade": "clear", "minutes": 60,
        "until": paths.until(), "satisfied": "satisfied", "solved": "yes", "document_no": WHISTLE,
        "master_id": hands.report(),
    }  # fmt: skip


def _args(action: Action, inputs: dict[str, Any]) -> dict[str, Any]:
    args = {field: inputs[field] for field in action.required}
    if action.code == "sub_dispatch":
        args["unit_id"] = inputs["section"]
    return args or ({"note": "备注"} if "note" in action.optional else {})


def _do(hands: Hands, login: str, case: int, action: Action, inputs: dict[str, Any], version: int) -> dict[str, Any]:
    if action.code == "attach":
        answer: dict[str, Any] = hands.as_person(
            login, "select cc.attach(%s, %s, 'scene', 'a.png', 'image/png', %s)", str(uuid.uuid4()), case, PNG
        )
        return answer
    return hands.act(login, case, action.code, version=version, **_args(action, inputs))


def _fingerprint(hands: Hands) -> Any:
    """Everything that a refused action must leave alone."""
    return hands.sql(
        "select md5(string_agg(t, '|')) from ("
        " select (select md5(string_agg(c::text, ',' order by id)) from cc.cases c) as t"
        " union all select count(*)::text from cc.case_event union all select count(*)::text from cc.command_log"
        " union all select count(*)::text from cc.case_stage union all select count(*)::text from cc.attachment"
        " union all select md5(string_agg(d::text, ',' order by case_id)) from cc.case_detail d"
        " union all select coalesce(md5(string_agg(r::text, ',' order by case_id)), '') from cc.case_reporter r) x"
    )


def _expected(action: Action, login: str, place: Place) -> type[DomainError] | None:
    person = next(o for o in OPERATORS if o.login == login)
    found = refusal(action, person, place)
    if found is None and action.code == "undo_dispatch" and login != "t_dispatcher":
        return NotAllowed  # only one's own
    return found


@pytest.mark.parametrize("state", STATES)
def test_every_action_by_everybody(state: str, hands: Hands, paths: Paths, inputs: dict[str, Any]) -> None:
    inputs = inputs | {"section": hands.org("CG-1")}
    keys = {int(i): str(k) for i, k in hands.rows("select id, key from cc.org")}
    plain = paths.to(state)
    for action in ACTIONS:
        legal = state in action.sources
        case = PREPARED[action.code](paths, state) if legal and action.code in PREPARED else plain
        place = place_of(hands.row(case), keys)
        before, version = _fingerprint(hands), hands.version(case)
        for person in OPERATORS:
            expected = _expected(action, person.login, place)
            if expected is None:
                _check_done(hands, case, action, person.login, place, inputs)
            else:
                with pytest.raises(DomainError) as refused:
                    _do(hands, person.login, case, action, inputs, version)
                assert type(refused.value) is expected, f"{action.code} by {person.login}: {refused.value!r}"
        assert _fingerprint(hands) == before, f"{state}: {action.code} left something behind"


def _check_done(hands: Hands, case: int, action: Action, login: str, place: Place, inputs: dict[str, Any]) -> None:
    person = next(o for o in OPERATORS if o.login == login)
    version = hands.version(case)
    with hands.trying():
        before = hands.sql("select cc.city_now()")
        answer = _do(hands, login, case, action, inputs, version)
        after = hands.sql("select cc.city_now()")
        event = hands.rows(
            "select seq, at, actor_login, actor_name, role, action, from_state, to_state from cc.case_event"
            " where case_id = %s order by seq desc limit 1", case,
        )[0]  # fmt: skip
        now = hands.row(case)
    target = {"=": place.state, "back": "filed"}.get(action.to, action.to)
    assert now["state"] == target
    assert answer["version"] == now["version"] == version + (not action.keeps_version)
    assert event[0] == answer["event"] == now["events"]
    assert before <= event[1] <= after
    assert event[2:4] == (login, NAMES[login])
    assert event[4] in roles_allowed(action, person, place)
    assert event[5:] == (action.code, place.state, target)
    assert now["open"] is WORKFLOW.state[target].open
    assert (now["deadline"] is None) == (WORKFLOW.state[target].stage is None or target == "suspended")


def test_only_those_who_may_take_a_case_in(hands: Hands) -> None:
    given = {"channel": "patrol", "description": "路面积水", "lon": 116.0025, "lat": 40.0025}
    report = WORKFLOW.action["report"]
    place = Place("", "A", "A1", None, None)
    for person in OPERATORS:
        allowed = any(
            rule.role == role and place.reached(scope, rule.reach)
            for rule in report.by
            for role, scope in person.duties
        )
        before = _fingerprint(hands)
        with hands.trying():
            if allowed:
                answer = hands.report_answer(person.login, given)
                assert hands.events(answer["case_id"]) == ["report"]
            else:
                with pytest.raises(NotAllowed):
                    hands.report_answer(person.login, given)
        assert _fingerprint(hands) == before
