"""Which actions of the workflow to offer on a case: what role, scope and the row's own facts allow.

The database judges again; this only keeps buttons off the screen that could never work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commandcenter.domain.model import CaseRow, Directory, Duty, Person
from commandcenter.domain.workflow import Action, Rule, load_workflow

ELSEWHERE = frozenset({"report"})  # the intake form

_FACTS: Mapping[str, Callable[[CaseRow, Person], bool]] = {
    "extension_asked": lambda row, _: row.asked == "extension",
    "request_open": lambda row, _: row.asked is not None,
    "no_open_request": lambda row, _: row.asked is None,
    "not_supervised": lambda row, _: not row.supervised,
    "supervised": lambda row, _: row.supervised,
    "on_ledger": lambda row, _: row.on_ledger,
    "not_ruled": lambda row, _: not row.ruled,
    "is_sub_dispatched": lambda row, _: row.handler_id != row.unit_id,
    "own_dispatch": lambda row, me: row.dispatched_by == me.id and row.handler_id == row.unit_id and not row.ruled,
    "citizen_case": lambda row, _: row.citizen,
    "answered": lambda row, _: not row.citizen or row.answered,
    "followed_up": lambda row, _: not row.citizen or row.followed_up,
    "someone_waiting": lambda row, _: row.citizen and not row.answered,
    "subunit": lambda row, _: row.handler_id is not None,
}
_MAIN = ("accept", "file", "dispatch", "receive", "feedback", "verify", "reply", "follow_up", "close",
         "approve_extension", "clear_ledger", "rule", "resume")


def offers(row: CaseRow, person: Person, directory: Directory, units: frozenset[int]) -> list[Action]:
    """Actions to offer, the next step of the loop first."""
    workflow = load_workflow()
    fitting = [
        action for action in workflow.offered(row.state, person.roles())
        if action.code not in ELSEWHERE and _allowed(action, row, person, directory, units)
        and all(_FACTS[guard](row, person) for guard in action.guards if guard in _FACTS)
    ]
    return sorted(fitting, key=_rank)


def is_main(action: Action) -> bool:
    """Whether it is a step of the seven-step loop rather than a side action."""
    return action.code in _MAIN


def is_plain(action: Action) -> bool:
    """Whether it needs no words, no evidence and no second thought: a form would only stand in the way."""
    needs_photo = any(guard.endswith("_photo") for guard in action.guards)
    return (not action.required and set(action.optional) <= {"note"} and not action.danger and not needs_photo
            and action.code not in ("attach", "undo_dispatch"))


def may(code: str, row: CaseRow, person: Person, directory: Directory, units: frozenset[int]) -> bool:
    """Whether one action fits role, state and scope."""
    action = load_workflow().action[code]
    return row.state in action.sources and _allowed(action, row, person, directory, units)


def _rank(action: Action) -> tuple[int, bool]:
    return (_MAIN.index(action.code) if is_main(action) else len(_MAIN), action.danger)


def _allowed(action: Action, row: CaseRow, person: Person, directory: Directory, units: frozenset[int]) -> bool:
    return any(_reaches(rule, duty, row, directory, units)
               for rule in action.by for duty in person.duties if duty.role == rule.role)


def _reaches(rule: Rule, duty: Duty, row: CaseRow, directory: Directory, units: frozenset[int]) -> bool:
    if rule.reach == "handler":
        return row.handler_id in units
    if rule.reach == "unit":
        return row.unit_id in units
    node = directory.orgs.get(duty.org_id)
    district = node is not None and node.kind in ("city", "district")
    return district or duty.org_id in (row.street_id, row.community_id)
