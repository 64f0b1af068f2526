"""The workflows of whistles, orders, lanes, meetings and tasks hold together, and one that does not is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.domain.joint_workflow import (
    FOLDER,
    MACHINES,
    joint_digests,
    lane_machine,
    load_machine,
    load_machines,
    response_word,
)
from commandcenter.domain.workflow import Action

ALL = load_machines()
every_machine = pytest.mark.parametrize("name", MACHINES)
LANES = ("issued", "responded", "acting")


def _targets(name: str, action: Action) -> set[str]:
    """States it may lead to; where the lanes or the ratings decide, all of those."""
    by_word = {"lanes": set(LANES), "over": {"rating", "verifying", "archived"}, "=": set()}
    return by_word.get(action.to, {action.to}) & set(ALL[name].state)


@every_machine
def test_every_state_can_be_reached(name: str) -> None:
    machine = ALL[name]
    reached = {machine.opening.to} if machine.opening else {"pending"}
    by_events = {"whistle": {"issued": {"responded", "acting"}, "rating": {"verifying"}},
                 "order": {"issued": {"responded", "acting"}, "rating": {"archived"}}}  # fmt: skip
    for _ in machine.states:
        for action in machine.actions:
            if reached & set(action.sources):
                reached |= _targets(name, action)
        for state in list(reached):
            reached |= by_events.get(name, {}).get(state, set())
    assert reached == set(machine.state)


@every_machine
def test_what_is_open_has_a_way_on_and_what_is_over_changes_no_state(name: str) -> None:
    machine = ALL[name]
    for state in machine.states:
        leaving = [a for a in machine.actions if state.code in a.sources and _targets(name, a) - {state.code}]
        over = [a for a in leaving if not a.head or set(a.head) & set(LANES)]
        if name == "party" and not state.open:
            assert {a.code for a in over} <= {"return_lane"}
        elif name != "party":
            assert bool(leaving) == (state.open and (name, state.code) != ("whistle", "rating")
                                     and (name, state.code) != ("order", "rating"))  # fmt: skip


def test_a_lane_is_acted_on_only_in_states_of_its_summons() -> None:
    heads = set(ALL["whistle"].state) | set(ALL["order"].state)
    assert all(a.head and set(a.head) <= heads for a in ALL["party"].actions)
    assert all(not a.head for name in MACHINES if name != "party" for a in ALL[name].actions)


@pytest.mark.parametrize(("state", "head", "role", "offered", "refused"), [
    ("pending", "issued", "handler", "respond", "rate"),
    ("responded", "acting", "handler", "arrive", "release"),
    ("arrived", "acting", "street_leader", "dispute", "finish"),
    ("signed", "rating", "street_leader", "rate", "return_lane"),
    ("signed", "archived", "handler", "object", "arrive"),
    ("signed", "archived", "evaluator", "decide", "rate"),
    ("pending", "draft", "street_leader", "replace", "release"),
])  # fmt: skip
def test_a_lane_offers_each_role_its_own_verbs_only(
    state: str, head: str, role: str, offered: str, refused: str
) -> None:
    codes = {a.code for a in ALL["party"].offered(state, {role}, head)}
    assert offered in codes and refused not in codes


def test_a_street_head_signs_a_whistle_and_only_a_supervisor_an_order() -> None:
    assert "sign" in {a.code for a in ALL["whistle"].offered("draft", {"street_leader"})}
    assert ALL["order"].action["sign"].roles() == {"supervisor"}
    assert "sign" not in {a.code for a in ALL["whistle"].offered("draft", {"handler", "grid_worker"})}


@pytest.mark.parametrize("role", ["screen", "auditor", "admin", "gateway", "channel", "verifier"])
def test_who_has_no_part_is_offered_nothing(role: str) -> None:
    states = [(m, s.code, h) for m in ALL.values() for s in m.states for h in (None, *ALL["whistle"].state)]
    assert all(not machine.offered(state, {role}, head) for machine, state, head in states)


def test_words_are_given_for_actions_and_for_what_nobody_decided() -> None:
    assert ALL["whistle"].label("raise_level") == "哨源升级"
    assert ALL["party"].label("missed_confirm") == "超时未响应"
    assert ALL["task"].label("unheard_of") == "unheard_of"


def test_a_digest_knows_every_word_of_a_file_and_no_line_ends(tmp_path: Path) -> None:
    assert set(joint_digests()) == set(MACHINES) and len(set(joint_digests().values())) == len(MACHINES)
    other_ends, other_words = _copied(tmp_path / "a") / "task.toml", _copied(tmp_path / "b") / "task.toml"
    other_ends.write_bytes(other_ends.read_bytes().replace(b"\n", b"\r\n"))
    other_words.write_bytes(other_words.read_bytes() + b"# changed")
    assert load_machine("task", other_ends.parent).digest == ALL["task"].digest
    assert load_machine("task", other_words.parent).digest not in joint_digests().values()


def _copied(to: Path) -> Path:
    shutil.copytree(FOLDER, to / "workflow")
    return to / "workflow"


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("whistle", 'from = ["verifying"]', 'from = ["verifyed"]', "unknown state verifyed"),
    ("whistle", 'to = "over"', 'to = "ratings"', "unknown to ratings"),
    ("meeting", 'to = "held"', 'to = "lanes"', "unknown to lanes"),
    ("party", 'required = ["result"]', 'required = ["outcome"]', "finish: unknown field outcome"),
    ("party", 'head = ["rating"]', 'head = ["scoring"]', "rate: unknown head scoring"),
    ("order", 'by = ["handler:lead", ', 'by = ["leader:lead", ', "close: unknown role leader"),
    ("order", '"handler:lead"', '"handler:leader"', "unknown reach leader"),
    ("task", "guards =", "guard =", "unknown key guard"),
    ("task", 'type = "instant"', 'type = "time"', "unknown type time"),
    ("task", 'type = "unit"', 'type = "choice"', "choices belong"),
    ("task", 'code = "extend"', 'code = "report"', "action report stands there twice"),
    ("task", 'code = "reported"\nlabel', 'code = "open"\nlabel', "state open stands there twice"),
    ("task", 'from = ["reported"]', "from = []", "begun by"),
    ("task", 'by = ["handler:unit"]', "by = []", "nobody may"),
    ("order", 'released = "已退出"', 'gone = "已退出"', "unknown lane_labels gone"),
    ("order", '"response.none"', '"response.never"', "unknown lane_labels response.never"),
    ("whistle", 'optional = ["heads", "reason"]', 'optional = ["unit_id"]', "unit_id is asked for twice"),
])  # fmt: skip
def test_a_file_that_does_not_hold_together_is_refused_by_name(
    name: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    path = _copied(tmp_path) / f"{name}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"{name}\.toml: .*{words}"):
        load_machine(name, path.parent)


def test_an_unknown_workflow_is_refused() -> None:
    with pytest.raises(ValueError, match="no workflow of the name case"):
        load_machine("case")


def test_a_lane_speaks_the_words_of_its_summons() -> None:
    of_order, of_whistle = lane_machine("order"), lane_machine("whistle")
    assert [of_order.state[code].label for code in ("pending", "responded")] == ["待确认", "已确认"]
    assert [of_whistle.state[code].label for code in ("pending", "responded")] == ["待响应", "已响应"]
    assert (of_order.label("missed_confirm"), of_order.label("arrive")) == ("超时未确认", "报到")
    assert of_order.field["response"].choices == {"on_time": "按时确认", "late": "迟确认"}
    assert (response_word("order", "none"), response_word("whistle", "none")) == ("未确认", "未响应")
    # Nothing but words is another: who may do what is the one party.toml.
    plain = [replace(action, label="") for action in load_machine("party").actions]
    assert [replace(action, label="") for action in of_order.actions] == plain
