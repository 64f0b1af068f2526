"""The workflow file is one connected whole, and offers each role its own verbs."""

import pytest

from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.domain.workflow import CASE_WORKFLOW, Action, load_workflow

FLOW = load_workflow()
FIELD_TYPES = {"text", "line", "unit", "item", "grid", "case", "instant", "minutes", "choice"}
every_action = pytest.mark.parametrize("action", FLOW.actions, ids=lambda a: a.code)


@every_action
def test_an_action_names_only_known_states_fields_and_roles(action: Action) -> None:
    assert set(action.sources) <= set(FLOW.state)
    assert action.to in {*FLOW.state, "=", "back"}
    assert {*action.required, *action.optional} <= set(FLOW.field)
    assert not {*action.required} & {*action.optional}
    assert action.roles() <= set(ROLE_LABELS)
    assert {rule.reach for rule in action.by} <= {"territory", "handler", "unit"}


def test_codes_are_unique() -> None:
    assert len(FLOW.action) == len(FLOW.actions)
    assert len(FLOW.state) == len(FLOW.states)
    assert len(FLOW.field) == len(FLOW.fields)


def test_every_field_has_a_known_type_and_a_choice_has_choices() -> None:
    for field in FLOW.fields:
        assert field.type in FIELD_TYPES
        assert bool(field.choices) == (field.type == "choice")


def test_every_open_state_has_a_stage_and_a_way_out_and_no_closed_one_has_a_stage() -> None:
    for state in FLOW.states:
        leaving = [a for a in FLOW.actions if state.code in a.sources and a.to not in ("=", state.code)]
        assert (state.stage in FLOW.stage) if state.open else state.stage is None
        assert leaving or not state.open


def test_every_state_can_be_reached_from_a_report() -> None:
    reached, grew = {"reported"}, True
    while grew:
        following = {a.to for a in FLOW.actions if reached & set(a.sources) and a.to in FLOW.state}
        grew = not following <= reached
        reached |= following
    assert reached == set(FLOW.state)


def test_only_a_report_begins_a_case() -> None:
    assert [a.code for a in FLOW.actions if not a.sources] == ["report"]


@pytest.mark.parametrize(
    ("state", "role", "expected", "refused"),
    [
        ("reported", "acceptor", "accept", "dispatch"),
        ("filed", "dispatcher", "dispatch", "rule"),
        ("returned", "supervisor", "rule", "dispatch"),
        ("dispatched", "handler", "receive", "undo_dispatch"),
        ("feedback", "verifier", "verify", "close"),
        ("verified", "followup", "follow_up", "close"),
        ("force_closed", "street_leader", "clear_ledger", "force_close"),
    ],
)
def test_a_role_is_offered_its_own_verbs_only(state: str, role: str, expected: str, refused: str) -> None:
    offered = {a.code for a in FLOW.offered(state, {role})}
    assert expected in offered
    assert refused not in offered


@pytest.mark.parametrize("role", ["evaluator", "screen", "auditor", "admin"])
def test_who_only_looks_is_offered_nothing_in_any_state(role: str) -> None:
    assert all(not FLOW.offered(state.code, {role}) for state in FLOW.states)


def test_several_roles_are_offered_the_union() -> None:
    both = {a.code for a in FLOW.offered("filed", {"dispatcher", "supervisor"})}
    alone = [{a.code for a in FLOW.offered("filed", {role})} for role in ("dispatcher", "supervisor")]
    assert both == alone[0] | alone[1]


def test_the_digest_does_not_depend_on_line_ends(tmp_path) -> None:
    unix, windows = tmp_path / "a.toml", tmp_path / "b.toml"
    content = CASE_WORKFLOW.read_bytes().replace(b"\r\n", b"\n")
    unix.write_bytes(content)
    windows.write_bytes(content.replace(b"\n", b"\r\n"))
    assert load_workflow(unix).digest == load_workflow(windows).digest == FLOW.digest
