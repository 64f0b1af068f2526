"""What the workflow's data and the town's tree say must happen: computed here, apart from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commandcenter.domain.errors import DomainError, NotAllowed, NotFound, WrongState
from commandcenter.domain.workflow import Action
from commandcenter.profiles.model import Operator
from tests.support.town_profile import DISTRICT, ORG

PARENT = {unit.key: unit.parent_key for unit in ORG}
KIND = {unit.key: unit.kind for unit in ORG}


def above(node: str, other: str | None) -> bool:
    """Whether `node` is `other` or stands above it in the tree."""
    while other is not None:
        if node == other:
            return True
        other = PARENT[other]
    return False


@dataclass(frozen=True)
class Place:
    """Where a case is, by keys of the town."""

    state: str
    street: str | None
    community: str | None
    unit: str | None
    handler: str | None

    def reached(self, scope: str, reach: str) -> bool:
        """Whether a duty at `scope` reaches the case."""
        nodes = {
            "territory": (DISTRICT, self.street, self.community), "handler": (self.handler,), "unit": (self.unit,)
        }[reach]  # fmt: skip
        return any(node is not None and above(scope, node) for node in nodes)

    def seen_by(self, person: Operator) -> bool:
        """Whether the person's scope covers the case; an administrator's or gateway's never does."""
        return any(self._covers(role, scope) for role, scope in person.duties if role not in ("admin", "gateway"))

    def _covers(self, role: str, scope: str) -> bool:
        in_territory = KIND[scope] in ("district", "street", "community") and self.reached(scope, "territory")
        in_unit = role == "handler" and (self.reached(scope, "handler") or self.reached(scope, "unit"))
        return in_territory or in_unit


def roles_allowed(action: Action, person: Operator, place: Place) -> set[str]:
    """The roles with which this person may do this here."""
    if place.state not in action.sources:
        return set()
    return {
        rule.role for rule in action.by for role, scope in person.duties
        if role == rule.role and place.reached(scope, rule.reach)
    }  # fmt: skip


def refusal(action: Action, person: Operator, place: Place) -> type[DomainError] | None:
    """The error that must come of it; None when it is legal."""
    if not place.seen_by(person):
        return NotFound
    if place.state not in action.sources:
        return WrongState
    return None if roles_allowed(action, person, place) else NotAllowed


def place_of(row: Mapping[str, object], keys: Mapping[int, str]) -> Place:
    """The place of a row of cc.cases; `keys`: the town's key of every organisation id."""

    def key(column: str) -> str | None:
        value = row[column]
        return keys[value] if isinstance(value, int) else None

    return Place(str(row["state"]), key("street_id"), key("community_id"), key("unit_id"), key("handler_id"))
