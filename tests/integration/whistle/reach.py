"""What the data of whistle.toml, order.toml and party.toml and the town's tree say must happen, apart from SQL."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.errors import DomainError, NotAllowed, NotFound, WrongState
from commandcenter.domain.workflow import Action
from commandcenter.profiles.model import Operator
from tests.integration.workflow.oracle import KIND, above
from tests.support.town_profile import OPERATORS

_AREAS = ("street", "community")
_BLIND = ("admin", "gateway")
# Enough where nobody may anything: every reach is among them, and one who sees nothing.
A_FEW = tuple(o for o in OPERATORS if o.login[2:] in ("supervisor", "leader", "evaluator", "cg", "ga", "street_b"))


@dataclass(frozen=True)
class Ground:
    """Where a summons lies, by keys of the town. `units`: who must act, of a lane its own; `seen_by`: ever called."""

    caller: str
    street: str | None
    units: tuple[str, ...]
    seen_by: tuple[str, ...]
    lead: str | None

    def reached(self, scope: str, reach: str) -> bool:
        """Whether a duty at `scope` reaches it."""
        nodes = {
            "territory": ("T", self.street), "caller": (self.caller,), "lead": (self.lead,), "party": self.units,
        }[reach]  # fmt: skip
        return any(node is not None and above(scope, node) for node in nodes)

    def seen(self, person: Operator) -> bool:
        """Whether the person may know of it at all."""
        return any(self._covers(role, scope) for role, scope in person.duties if role not in _BLIND)

    def _covers(self, role: str, scope: str) -> bool:
        if KIND[scope] == "district" and above(scope, "T"):
            return True
        if KIND[scope] in _AREAS and self.street is not None and above(scope, self.street):
            return True
        return role == "handler" and any(above(scope, unit) for unit in self.seen_by)


def roles_allowed(action: Action, person: Operator, ground: Ground, state: str, head: str | None = None) -> set[str]:
    """The roles with which this person may; `head`: the state of the whole, for a lane."""
    if state not in action.sources or (action.head and head not in action.head):
        return set()
    found = {
        rule.role for rule in action.by for role, scope in person.duties
        if role == rule.role and ground.reached(scope, rule.reach)
    }  # fmt: skip
    # What the guards `may_widen` and `rater` take from roles that the rule names.
    speaker = "supervisor" if ground.caller == "T" else "street_leader"
    if "may_widen" in action.guards and state != "draft":
        found &= {"street_leader", "supervisor"}
    return found & {speaker} if "rater" in action.guards else found


def refusal(
    action: Action, person: Operator, ground: Ground, state: str, head: str | None = None
) -> type[DomainError] | None:
    """The error that must come of it; None when it is legal."""
    if not ground.seen(person):
        return NotFound
    if state not in action.sources or (action.head and head not in action.head):
        return WrongState
    return None if roles_allowed(action, person, ground, state, head) else NotAllowed
