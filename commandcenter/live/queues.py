"""The queues of the desk as data: which rows belong to which, and which queues a role looks after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from commandcenter.domain.model import CaseRow, Directory, Person

NEAR, OVERDUE = "near", "overdue"


def timing(row: CaseRow, now: float) -> str | None:
    """near (临期: warn_at reached, deadline not passed), overdue (超期: deadline passed), or None. `now`: Unix s."""
    if row.deadline is None or not row.open:
        return None
    if row.deadline < now:
        return OVERDUE
    if row.warn_at is not None and row.warn_at <= now:
        return NEAR
    return None


CONDITIONS: Mapping[str, Callable[[CaseRow], bool]] = {
    "supervised": lambda row: row.supervised or row.on_ledger,
    "asked": lambda row: row.asked is not None,
    "to_follow_up": lambda row: row.citizen and not row.followed_up,
    "to_close": lambda row: not row.citizen or row.followed_up,
}


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue: every test that is set must hold. `units` bounds the 承办单位 (handler_id) to these ids; `whistled`:
    only cases under a whistle, which no row tells."""

    key: str
    label: str
    states: frozenset[str] | None = None
    timing: str | None = None
    condition: str | None = None
    units: frozenset[int] | None = None
    whistled: bool = False

    def holds(self, row: CaseRow, now: float, whistled: bool = False) -> bool:
        """Does the row, under a whistle or not, belong to this queue at this moment (Unix seconds of the city's
        clock)?"""
        timely = self.timing is None or self.timing == timing(row, now)
        return timely and (whistled or not self.whistled) and self.admits(row)

    def by_columns(self) -> bool:
        """Can a database tell its cases by state and handler, whatever the time?"""
        return self.states is not None and self.timing is None and self.condition is None and not self.whistled

    def by_state_alone(self) -> bool:
        """Does nothing but the state decide?"""
        return self.timing is None and self.condition is None and self.units is None and not self.whistled

    def admits(self, row: CaseRow) -> bool:
        """The part of the rule that the row alone decides."""
        return (
            (self.states is None or row.state in self.states)
            and (self.condition is None or CONDITIONS[self.condition](row))
            and (self.units is None or row.handler_id in self.units)
        )


def _queue(key: str, label: str, *states: str, timing: str | None = None, condition: str | None = None) -> QueueSpec:
    return QueueSpec(key, label, frozenset(states) or None, timing, condition)


QUEUES: Mapping[str, QueueSpec] = {
    spec.key: spec
    for spec in (
        _queue("reported", "待受理", "reported"),
        _queue("accepted", "待立案", "accepted"),
        _queue("filed", "待派遣", "filed"),
        _queue("to_receive", "待接收", "dispatched"),
        _queue("handling", "办理中", "in_progress"),
        _queue("running", "在办", "dispatched", "in_progress", "suspended"),
        _queue("suspended", "挂起", "suspended"),
        _queue("near", "临期", timing=NEAR),
        _queue("overdue", "超期", timing=OVERDUE),
        _queue("returned", "回退待判", "returned"),
        _queue("feedback", "待核查", "feedback"),
        _queue("followup", "待回访", "verified", condition="to_follow_up"),
        _queue("closing", "待结案", "verified", condition="to_close"),
        _queue("asked", "待批申请", condition="asked"),
        _queue("supervised", "挂账督办", condition="supervised"),
        QueueSpec("whistled", "吹哨", whistled=True),
    )
}

# Each role's own work first, then what it watches; spec/ui.md gives the dispatcher's order.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "acceptor": (
        "reported",
        "accepted",
        "closing",
        "followup",
        "near",
        "overdue",
        "filed",
        "running",
        "supervised",
        "whistled",
    ),
    "dispatcher": (
        "filed",
        "returned",
        "near",
        "overdue",
        "running",
        "feedback",
        "followup",
        "closing",
        "supervised",
        "whistled",
    ),
    "handler": ("to_receive", "handling", "suspended", "near", "overdue", "feedback", "supervised", "whistled"),
    "verifier": ("feedback", "near", "overdue", "running", "followup", "closing", "supervised", "whistled"),
    "followup": ("followup", "closing", "near", "overdue", "feedback", "supervised", "whistled"),
    "supervisor": (
        "returned",
        "asked",
        "overdue",
        "near",
        "supervised",
        "whistled",
        "reported",
        "accepted",
        "filed",
        "running",
        "feedback",
        "followup",
        "closing",
    ),
    "street_leader": ("supervised", "whistled", "overdue", "near", "running", "feedback"),
    "grid_worker": ("reported", "running", "near", "overdue", "whistled"),
}
_WATCHING = (
    "reported",
    "accepted",
    "filed",
    "returned",
    "running",
    "near",
    "overdue",
    "feedback",
    "followup",
    "closing",
    "supervised",
    "whistled",
)
_HANDLERS_OWN = frozenset({"to_receive", "handling", "suspended"})


def queues_for(roles: Collection[str], units: Collection[int] = ()) -> tuple[QueueSpec, ...]:
    """The queues of somebody with these roles, in order of work; several roles add up without repeats.

    `units` (see `units_of`) bounds a handler's own queues to the units he answers for; empty: all that he sees.
    """
    acting = [role for role in _ORDER if role in roles]
    keys = dict.fromkeys(key for role in acting for key in _ORDER[role]) or dict.fromkeys(_WATCHING)
    bound = frozenset(units) or None
    return tuple(replace(QUEUES[key], units=bound) if key in _HANDLERS_OWN else QUEUES[key] for key in keys)


def units_of(person: Person, directory: Directory) -> frozenset[int]:
    """The units a handler answers for: the nodes of his handler duties and all below them by the line tree."""
    below = _children(directory)
    waiting = [duty.org_id for duty in person.duties if duty.role == "handler"]
    found: set[int] = set()
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting.extend(below.get(unit, ()))
    return frozenset(found)


def _children(directory: Directory) -> dict[int, list[int]]:
    pairs: Iterable[tuple[int | None, int]] = ((org.parent_id, org.id) for org in directory.orgs.values())
    below: dict[int, list[int]] = {}
    for parent, child in pairs:
        if parent is not None:
            below.setdefault(parent, []).append(child)
    return below
