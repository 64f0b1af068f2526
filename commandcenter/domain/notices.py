"""提醒: what somebody must do next; it stands until it is acknowledged or no longer true."""

from __future__ import annotations

from dataclasses import dataclass

NEAR_LIMIT, OVERDUE, ESCALATION, UNANSWERED = "near_limit", "overdue", "escalation", "unanswered"
# The next step of a whistle, order, meeting or task.
STEP_LABELS = {
    "to_sign": "待签批", "to_confirm": "待响应", "to_arrive": "待报到", "to_act": "待处置", "to_sign_off": "待签字",
    "to_close": "待结束", "to_rate": "待评价", "to_verify": "待核验", "to_decide": "待裁定", "to_attend": "待参会",
    "to_do": "待办", "changed": "有变动",
}  # fmt: skip
# What an order calls otherwise.
_OF_ORDERS = {"to_sign": "待签发", "to_confirm": "待确认", "to_close": "待办结"}
KIND_LABELS = {NEAR_LIMIT: "临期", OVERDUE: "超期", ESCALATION: "升级", UNANSWERED: "无人确认", **STEP_LABELS}
PRESSING = frozenset({OVERDUE, ESCALATION, UNANSWERED})
ENTITY_LABELS = {"summons": "联动", "meeting": "会商", "task": "交办"}
_MATTERS = {"CS": "吹哨", "LH": "联合执法", "HS": "会商", "JB": "交办", "ZG": "整改"}  # by the number's prefix


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder about a case, or about a whistle or order (entity summons), a meeting or a task. Instants are Unix
    seconds of the city's clock.

    case_no: the number of whichever it is. to_role, to_org: whoever has this role at this node or above it. due: None
    without a limit. clock: by which the time until `due` counts. mine: addressed to the person who asks, who may then
    acknowledge it; others are seen by a supervisor. entity, entity_id: None for a case; party_no: the lane it is about.
    """

    id: int
    case_id: int | None
    case_no: str
    kind: str
    to_role: str
    to_org: int
    words: str
    due: float | None
    clock: str
    made_at: float
    mine: bool
    entity: str | None = None
    entity_id: int | None = None
    party_no: int | None = None

    @property
    def label(self) -> str:
        """临期, 待响应; of an order 待确认."""
        of_order = self.case_no.startswith("LH-") and self.entity == "summons"
        return (_OF_ORDERS.get(self.kind) if of_order else None) or KIND_LABELS.get(self.kind, self.kind)

    @property
    def matter(self) -> str:
        """吹哨, 联合执法, 会商, 交办 or 整改; empty for a case."""
        if self.entity is None:
            return ""
        return _MATTERS.get(self.case_no.partition("-")[0], ENTITY_LABELS.get(self.entity, ""))
