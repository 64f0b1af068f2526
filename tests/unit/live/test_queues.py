"""Each role finds its own queues first, and each queue holds what its name says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from commandcenter.domain.model import Duty, Person
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.domain.workflow import load_workflow
from commandcenter.live.queues import QUEUES, queues_for, units_of
from tests.support.case_rows import T0, case_row


def keys(*roles: str) -> list[str]:
    return [queue.key for queue in queues_for(roles)]


def test_the_dispatcher_sees_the_order_of_the_desk() -> None:
    assert keys("dispatcher")[:4] == ["filed", "returned", "near", "overdue"]


def test_a_role_begins_with_its_own_work() -> None:
    first = {role: keys(role)[0] for role in ("acceptor", "handler", "verifier", "followup", "supervisor")}
    assert first == {"acceptor": "reported", "handler": "to_receive", "verifier": "feedback", "followup": "followup",
                     "supervisor": "returned"}  # fmt: skip


@pytest.mark.parametrize("role", ROLE_LABELS)
def test_every_role_has_queues_without_repeats(role: str) -> None:
    assert keys(role)
    assert len(keys(role)) == len(set(keys(role)))


def test_several_roles_add_up_without_repeats() -> None:
    both = keys("acceptor", "dispatcher")
    assert len(both) == len(set(both)) == len({*keys("acceptor"), *keys("dispatcher")})


def test_the_states_of_queues_exist_in_the_workflow() -> None:
    known = load_workflow().state
    assert all(state in known for queue in QUEUES.values() for state in queue.states or ())


def test_every_open_state_is_in_some_queue() -> None:
    covered = {state for queue in QUEUES.values() for state in queue.states or ()}
    assert {state.code for state in load_workflow().states if state.open} <= covered


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("followup", {"state": "verified"}),
        ("closing", {"state": "verified", "followed_up": True}),
        ("closing", {"state": "verified", "citizen": False}),
        ("asked", {"state": "in_progress", "asked": "extension"}),
        ("supervised", {"supervised": True}),
        ("supervised", {"state": "force_closed", "open": False, "on_ledger": True}),
        ("near", {"warn_at": T0, "deadline": T0 + 1}),
        ("overdue", {"warn_at": T0 - 2, "deadline": T0 - 1}),
    ],
)
def test_a_row_belongs_to_its_queue(key: str, facts: dict) -> None:
    assert QUEUES[key].holds(case_row(**facts), T0)


def test_a_case_waiting_for_its_follow_up_is_not_ready_to_close() -> None:
    assert not QUEUES["closing"].holds(case_row(state="verified"), T0)


def test_a_handler_receives_for_his_unit_and_all_below_it() -> None:
    tree = {1: None, 4: 1, 5: 4, 6: 5, 9: 1}
    orgs = {key: SimpleNamespace(id=key, parent_id=parent) for key, parent in tree.items()}
    person = Person(3, "h", "何", 1, (Duty("handler", 4), Duty("dispatcher", 1)))
    units = units_of(person, SimpleNamespace(orgs=orgs))
    assert units == {4, 5, 6}
    mine = {queue.key: queue for queue in queues_for(person.roles(), units)}["to_receive"]
    assert mine.holds(case_row(state="dispatched", handler_id=6), T0)
    assert not mine.holds(case_row(state="dispatched", handler_id=9), T0)
