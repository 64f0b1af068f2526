"""提醒: what somebody must do next; it stands until it is acknowledged or no longer true."""

from __future__ import annotations

from dataclasses import dataclass

NEAR_LIMIT, OVERDUE, ESCALATION, UNANSWERED = "near_limit", "overdue", "escalation", "unanswered"
KIND_LABELS = {NEAR_LIMIT: "临期", OVERDUE: "超期", ESCALATION: "升级", UNANSWERED: "无人确认"}
PRESSING = frozenset({OVERDUE, ESCALATION, UNANSWERED})


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder about one case. Instants are Unix seconds of the city's clock.

    to_role, to_org: whoever has this role at this node or above it. clock: by which the time until `due` counts.
    mine: addressed to the person who asks, who may then acknowledge it; others are seen by a supervisor.
    """

    id: int
    case_id: int
    case_no: str
    kind: str
    to_role: str
    to_org: int
    words: str
    due: float
    clock: str
    made_at: float
    mine: bool
