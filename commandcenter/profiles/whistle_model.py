"""The plain values of a deployment's whistle rules (吹哨报到): levels, callers, scores, scenarios, standing teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCOPES: Final = ("综合执法", "重点工作", "应急处置", "兜底责任")
LEVEL_CODES: Final = ("normal", "key", "hard")
CALLER_KINDS: Final = ("grid", "community", "street", "district")
CALLED_KINDS: Final = frozenset({"department", "agency", "section", "utility", "enterprise", "street"})
FULL_SCORE: Final = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """A listed occasion for a whistle (吹哨场景): who must come, as line keys, the first leading, and by which rule.

    Minutes and hours say the words of ``rule`` in figures. ``confirm_minutes`` None = the level's;
    ``arrive_minutes`` None = at the appointed time, otherwise after issue; ``handle_hours`` None = no limit.
    """

    code: str
    scope: str
    name: str
    parties: tuple[str, ...]
    rule: str
    level: str = "normal"
    confirm_minutes: int | None = None
    arrive_minutes: int | None = None
    handle_hours: int | None = None


@dataclass(frozen=True, slots=True)
class WhistleLevel:
    """普通哨, 重点哨, 疑难哨. Minutes run on ``clock``; ``arrive_minutes`` holds where the caller names no time.

    Unanswered for ``escalate_hours`` the duty raises it to the next level (0 = never); the lines ``adds``
    join when a whistle is raised to this level.
    """

    code: str
    label: str
    confirm_minutes: int
    clock: str
    arrive_minutes: int
    escalate_hours: int
    adds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhistleCaller:
    """Who may call (``kind`` of the caller's place) and which kinds of unit; ``signed``: its head signs first."""

    kind: str
    calls: tuple[str, ...]
    signed: bool


@dataclass(frozen=True, slots=True)
class ResponseScore:
    """Points of the district's response score (响应度) for one party; on time, on time and acted make 100."""

    respond_on_time: int
    respond_late: int
    arrive_on_time: int
    arrive_late: int
    acted: int


@dataclass(frozen=True, slots=True)
class RatingWeights:
    """Shares of response score, street's rating and citizens' satisfaction in a party's mark; they sum to 1."""

    response: float
    street: float
    citizen: float


@dataclass(frozen=True, slots=True)
class WhistleRules:
    """The whole of whistle.toml.

    Sign-in counts within ``radius_m`` metres of the place, from ``early_minutes`` before to ``late_minutes`` after the
    appointed time. ``on_missed_…``: whether a missed limit raises the level. A street rating below
    ``reason_below`` (of 100) needs a reason. Days are working days. ``bulletin_automatic``: the closing publishes
    what was missed; otherwise somebody does.
    """

    radius_m: int
    early_minutes: int
    late_minutes: int
    levels: tuple[WhistleLevel, ...]
    callers: tuple[WhistleCaller, ...]
    on_missed_confirm: bool
    on_missed_arrival: bool
    score: ResponseScore
    weights: RatingWeights
    reason_below: int
    objection_days: int
    rectification_days: int
    bulletin_automatic: bool


NO_WHISTLES: Final = WhistleRules(
    0, 0, 0, (), (), False, False, ResponseScore(0, 0, 0, 0, 0), RatingWeights(0, 0, 0), 0, 0, 0, False
)
"""A deployment without whistle.toml: nobody may call."""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """What one line sends to a standing team: ``heads`` people; ``lead`` marks the leading unit."""

    line: str
    heads: int
    lead: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A standing team for joint orders (联合执法队伍) after a ``template`` such as 1+5+N, the leading line first."""

    code: str
    name: str
    template: str
    lines: tuple[TeamLine, ...]

    @property
    def sample(self) -> bool:
        """Whether any of it stands in for a list not published."""
        return any(line.sample for line in self.lines)
