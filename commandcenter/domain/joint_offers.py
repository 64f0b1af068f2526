"""Which actions a person may do now on a summons, a lane of it, a meeting or a task: role, reach and state.

The mirror of cc.joint_role and cc.joint_reaches (db/schema/functions/46_joint.sql). The database judges again, and its
guards may still refuse; facts that the rows tell themselves keep buttons off the screen that could never work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from commandcenter.domain.joint import MEETING, RATINGS, TASK, MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.domain.joint_workflow import Machine, lane_machine, load_machine
from commandcenter.domain.model import Directory, Person
from commandcenter.domain.workflow import Action, Rule

PARTY = "party"
CALLING_KINDS = frozenset({"community", "street", "district"})
_BELOW = frozenset({"party", "attendee", "unit"})  # reaches that look for the units that must act
_ABOVE_ALL = ("city", "district")
_POINT = ("lon", "lat")


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a matter reaches, as cc.joint_scope. units: who must act; caller_id: of a task the issuer."""

    district_id: int
    street_id: int | None
    community_id: int | None
    caller_id: int
    units: frozenset[int] = frozenset()
    lead_id: int | None = None


def summons_scope(row: SummonsRow) -> Scope:
    """The units of its live lanes act, once they are called."""
    called = [party for party in row.live_parties if party.called_at is not None]
    lead = next((party.unit_id for party in called if party.lead), None)
    units = frozenset(party.unit_id for party in called)
    return Scope(row.district_id, row.street_id, row.community_id, row.caller_id, units, lead)


def lane_scope(row: SummonsRow, party: Party) -> Scope:
    """The lane's own unit acts."""
    whole = summons_scope(row)
    return Scope(row.district_id, row.street_id, row.community_id, row.caller_id, frozenset({party.unit_id}),
                 whole.lead_id)


def meeting_scope(row: MeetingRow) -> Scope:
    """The invited units act."""
    units = frozenset(unit for unit, _ in row.attendees)
    return Scope(row.district_id, row.street_id, row.community_id, row.caller_id, units)


def task_scope(row: TaskRow) -> Scope:
    """The unit that must do it acts."""
    return Scope(row.district_id, row.street_id, None, row.issuer_id, frozenset({row.unit_id}))


# ------------------------------------------------------------------ offers
def summons_offers(row: SummonsRow, person: Person, directory: Directory) -> list[Action]:
    """What the person may do on the whole, in the order of the workflow."""
    scope = summons_scope(row)
    found = _allowed(load_machine(row.kind), row.state, scope, person, directory)
    return [
        action for action in found
        if _fits(action, _SUMMONS_FACTS, row)
        and ("may_widen" not in action.guards or row.signed_by is None or _is_head(scope, person, directory))
    ]


def lane_offers(row: SummonsRow, party: Party, person: Person, directory: Directory) -> list[Action]:
    """What the person may do on one lane."""
    scope = lane_scope(row, party)
    found = _allowed(lane_machine(row.kind), party.state, scope, person, directory, head=row.state)
    return [
        _asking(action, row, party) for action in found
        if _fits(action, _LANE_FACTS, (row, party))
        and ("rater" not in action.guards or _role(action, scope, person, directory) == speaker(row))
        and ("not_the_rater" not in action.guards or party.rated_by != person.id)
    ]


def _asking(action: Action, row: SummonsRow, party: Party) -> Action:
    """What it asks for here: where the summons names a point, who signs in says where he stands; of a ruling only what
    can be corrected in this lane."""
    if "correction_fits" in action.guards:
        none = {code for code, holds in _correctable(party) if not holds}
        return replace(action, optional=tuple(code for code in action.optional if code not in none))
    if "within_radius" not in action.guards or row.lon is None:
        return action
    optional = tuple(code for code in action.optional if code not in _POINT)
    return replace(action, required=(*action.required, *_POINT), optional=optional)


def _correctable(party: Party) -> Iterator[tuple[str, bool]]:
    """Fields of a ruling, and whether the lane has what they correct. Whose 报到 is corrected may have acted."""
    yield "response", party.response is not None
    yield "arrival", party.arrival is not None
    yield "acted", party.arrival is not None and party.acted_at is None and party.done_at is None
    yield from ((code, party.rated_at is not None) for code in RATINGS)


def speaker(row: SummonsRow) -> str:
    """The role that speaks for the caller, and rates: the street's head, for the district the supervisor."""
    return "supervisor" if row.caller_kind == "district" else "street_leader"


def meeting_offers(row: MeetingRow, person: Person, directory: Directory) -> list[Action]:
    """What the person may do on a meeting; a unit answers as long as nobody has registered whether it came."""
    found = _allowed(load_machine(MEETING), row.state, meeting_scope(row), person, directory)
    places = [duty.org_id for duty in person.duties if duty.role == "handler"]
    own = {state for unit, state in row.attendees if any(is_above(place, unit, directory) for place in places)}
    return [action for action in found if "own_unit" not in action.guards or own & _answering(action)]


def _answering(action: Action) -> frozenset[str]:
    return frozenset({"invited", "excused"} | (set() if "not_confirmed" in action.guards else {"confirmed"}))


def task_offers(row: TaskRow, person: Person, directory: Directory) -> list[Action]:
    """What the person may do on a task."""
    found = _allowed(load_machine(TASK), row.state, task_scope(row), person, directory)
    return [action for action in found if _fits(action, _TASK_FACTS, row)]


def _is_head(scope: Scope, person: Person, directory: Directory) -> bool:
    """Who may call more units once it was signed: the caller's head, or a supervisor."""
    heads = (Rule("street_leader", "caller"), Rule("supervisor", "territory"))
    return any(duty.role == rule.role and _reaches(duty.org_id, rule, scope, directory)
               for rule in heads for duty in person.duties)


def untold_faults(party: Party) -> list[str]:
    """What of a lane may be published (通报), worst first: true by its row and not told yet. That it came and did
    nothing is so for good when the work is over, before that only after its time."""
    told = {_family(code) for code in (party.published or "").split()}
    idle = party.arrived_at is not None and party.acted_at is None and party.done_at is None
    found = {
        "no_response": party.response == "none", "late_response": party.response == "late",
        "absent": party.arrival == "absent", "no_action": idle,
    }  # fmt: skip
    return [code for code, holds in found.items() if holds and _family(code) not in told]


def _family(fault: str) -> str:
    """Who was blamed for no answer is not blamed for a late one too."""
    return "response" if fault.endswith("response") else fault


def caller_orgs(machine: str, person: Person, directory: Directory) -> list[int]:
    """Organisations on whose behalf the person may open a whistle, an order, a meeting or a task, by id."""
    opening = load_machine(machine).opening
    assert opening is not None, f"{machine} is not opened by an action"
    return sorted(
        org.id
        for org in directory.orgs.values()
        if org.active and org.kind in CALLING_KINDS
        and _role(opening, Scope(org.district_id, *_territory(org.id, directory), org.id), person, directory)
    )


def role_for(machine: Machine, code: str, state: str, scope: Scope, person: Person, directory: Directory,
             head: str | None = None) -> str | None:
    """The role by which a person may, a supervisor's last; None: he may not."""
    action = machine.action[code]
    if state not in action.sources or (action.head and head not in action.head):
        return None
    return _role(action, scope, person, directory)


def _allowed(machine: Machine, state: str, scope: Scope, person: Person, directory: Directory,
             head: str | None = None) -> Iterator[Action]:
    for action in machine.offered(state, person.roles(), head):
        if _role(action, scope, person, directory):
            yield action


def _role(action: Action, scope: Scope, person: Person, directory: Directory) -> str | None:
    roles = {
        rule.role for rule in action.by for duty in person.duties
        if duty.role == rule.role and _reaches(duty.org_id, rule, scope, directory)
    }
    return min(roles, key=lambda role: (role == "supervisor", role), default=None)


# ------------------------------------------------------------------ reach
def _reaches(node: int, rule: Rule, scope: Scope, directory: Directory) -> bool:
    if rule.reach in _BELOW and (org := directory.orgs.get(node)) is not None and org.kind in _ABOVE_ALL:
        return node in scope.units  # a district speaks for none of its departments
    return any(is_above(node, target, directory) for target in _targets(rule.reach, scope))


def _targets(reach: str, scope: Scope) -> tuple[int | None, ...]:
    if reach == "territory":
        return scope.district_id, scope.street_id, scope.community_id
    if reach in ("caller", "issuer"):
        return (scope.caller_id,)
    if reach == "lead":
        return (scope.lead_id,)
    return tuple(scope.units) if reach in _BELOW else ()


def is_above(ancestor: int, node: int | None, directory: Directory) -> bool:
    """Whether an organisation is the other itself or above it by the line tree."""
    while node is not None:
        if node == ancestor:
            return True
        org = directory.orgs.get(node)
        node = org.parent_id if org else None
    return False


def _territory(org_id: int, directory: Directory) -> tuple[int | None, int | None]:
    """Street and community in which an organisation of the territory lies."""
    street = community = None
    node: int | None = org_id
    while node is not None and (org := directory.orgs.get(node)) is not None:
        street = org.id if org.kind == "street" else street
        community = org.id if org.kind == "community" else community
        node = org.parent_id
    return street, community


# ------------------------------------------------------------------ facts of the rows that guards ask for
_Matter = TypeVar("_Matter")


def _fits(action: Action, facts: Mapping[str, Callable[[_Matter], bool]], matter: _Matter) -> bool:
    return all(facts[guard](matter) for guard in action.guards if guard in facts)


def _all_signed(row: SummonsRow) -> bool:
    return all(party.state == "signed" for party in row.live_parties)


_Lane = tuple[SummonsRow, Party]
_SUMMONS_FACTS: Mapping[str, Callable[[SummonsRow], bool]] = {
    "has_parties": lambda row: bool(row.live_parties),
    "all_signed": lambda row: bool(row.live_parties) and _all_signed(row),
    "not_all_signed": lambda row: not _all_signed(row),
    "nobody_came": lambda row: all(party.arrived_at is None for party in row.live_parties),
    "not_followed_up": lambda row: row.citizen_score is None,
    "level_higher": lambda row: row.level != "hard",
    "all_ticked": lambda row: not row.unticked,
    "check_open": lambda row: bool(row.unticked),
}
_LANE_FACTS: Mapping[str, Callable[[_Lane], bool]] = {
    "nothing_asked": lambda lane: lane[1].asked is None,
    "release_asked": lambda lane: lane[1].asked == "release",
    "not_the_last": lambda lane: lane[1].live and len(lane[0].live_parties) > 1,
    "not_disputed": lambda lane: not lane[1].disputed,
    "not_rated": lambda lane: lane[1].rated_at is None,
    "scored": lambda lane: lane[1].score is not None,
    "objection_once": lambda lane: lane[1].objection is None,
    "objection_open": lambda lane: lane[1].objection == "open",
    "published_once": lambda lane: bool(untold_faults(lane[1])),
}
_TASK_FACTS: Mapping[str, Callable[[TaskRow], bool]] = {
    "not_overdue": lambda row: not row.overdue,
    "not_rectification": lambda row: row.source != "rectification",
}
