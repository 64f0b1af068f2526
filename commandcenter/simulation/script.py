"""Who acts next on a case, when and with what: by its state and its fate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from commandcenter.simulation import centre_moves, unit_moves
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.life import Life, Move

_NEXT: Final[Mapping[str, Callable[[Facts, Life, float], Move | None]]] = {
    "reported": centre_moves.reported,
    "accepted": centre_moves.accepted,
    "filed": centre_moves.filed,
    "returned": centre_moves.returned,
    "feedback": centre_moves.feedback,
    "verified": centre_moves.verified,
    "closed": centre_moves.closed,
    "rejected": centre_moves.refused,
    "force_closed": centre_moves.force_closed,
    "dispatched": unit_moves.dispatched,
    "in_progress": unit_moves.in_progress,
    "suspended": unit_moves.suspended,
}


def next_move(facts: Facts, life: Life, now: float) -> Move | None:
    """The next move of a case at city time `now` (Unix seconds); None when nobody has to do anything any more."""
    if life.row is None:
        return centre_moves.reporting(facts, life, now)
    plan = _NEXT.get(life.row.state)
    return plan(facts, life, now) if plan else None
