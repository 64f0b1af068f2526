"""Whistles (吹哨), joint orders (联合执法令), meetings (会商) and tasks (交办, 整改): what several units do together.

Instants are Unix seconds of the city's clock. Ids of summons, meetings and tasks never meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

WHISTLE, ORDER = "whistle", "order"
SUMMONS, MEETING, TASK = "summons", "meeting", "task"
LEVEL_LABELS = {"normal": "普通哨", "key": "重点哨", "hard": "疑难哨"}
SCOPES = ("综合执法", "重点工作", "应急处置", "兜底责任")
RESPONSE_LABELS = {"on_time": "按时响应", "late": "迟响应", "none": "未响应"}
ARRIVAL_LABELS = {"early": "提前", "on_time": "准时", "late": "迟到", "absent": "未到"}
RATINGS = ("efficiency", "cooperation", "professional", "responsibility")
RATING_LABELS = {"efficiency": "效率", "cooperation": "配合度", "professional": "专业性", "responsibility": "担当"}
BULLETIN_LABELS = {"no_response": "未响应", "late_response": "迟响应", "absent": "未报到", "no_action": "到场不作为"}


@dataclass(frozen=True, slots=True)
class Party:
    """A lane: one unit of a summons. `live` is False once it was released, replaced or withdrawn.

    response: on_time, late, none; arrival: early, on_time, late, absent; None while open. distance_m: of the sign-in
    from the assembly place. Scores run from 0 to 100; response_score is by the clock alone,
    score (综合) None until rated.
    """

    no: int
    unit_id: int
    line: str | None
    lead: bool
    heads: int | None
    version: int
    state: str
    live: bool
    called_at: float | None
    confirm_due: float | None
    arrive_from: float | None
    arrive_due: float | None
    handle_due: float | None
    clock: str | None
    responded_at: float | None
    response: str | None
    arrived_at: float | None
    arrival: str | None
    distance_m: int | None
    witnessed: bool
    disputed: bool
    came: int | None
    acted_at: float | None
    done_at: float | None
    signed_at: float | None
    reworks: int
    asked: str | None
    replaced_by: int | None
    people: int | None
    goods: int | None
    response_score: int | None
    efficiency: int | None
    cooperation: int | None
    professional: int | None
    responsibility: int | None
    rated_at: float | None
    score: float | None
    objection: str | None
    rated_by: int | None = None
    published: str = ""   # kinds of the 通报 that stand, by blanks


@dataclass(frozen=True, slots=True)
class SummonsRow:
    """A whistle or an order with its lanes. title and place are empty for the hall screen."""

    id: int
    district_id: int
    kind: str
    no: str
    version: int
    events: int
    state: str
    open: bool
    level: str
    scope: str
    scenario: str | None
    caller_id: int
    caller_kind: str
    street_id: int | None
    community_id: int | None
    grid_id: int | None
    lon: float | None
    lat: float | None
    from_id: int | None
    drafted_at: float
    issued_at: float | None
    changed_at: float
    meet_at: float | None
    ends_at: float | None
    handle_due: float | None
    raise_at: float | None
    ruled: bool
    closed_at: float | None
    archived_at: float | None
    citizen_score: int | None
    title: str
    place: str
    cases: tuple[int, ...]
    parties: tuple[Party, ...]
    signed_by: int | None = None   # None: a draft, or a caller that needs no signature
    unticked: int = 0              # of the checklist

    @property
    def live_parties(self) -> tuple[Party, ...]:
        """Lanes that still count."""
        return tuple(party for party in self.parties if party.live)

    def party(self, no: int) -> Party | None:
        """A lane by its number."""
        return next((party for party in self.parties if party.no == no), None)


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A joint meeting. attendees: (unit id, invited | confirmed | present | excused | absent)."""

    id: int
    district_id: int
    kind: str
    no: str
    version: int
    events: int
    state: str
    open: bool
    summons_id: int | None
    caller_id: int
    street_id: int | None
    community_id: int | None
    meet_at: float
    called_at: float
    changed_at: float
    closed_at: float | None
    title: str
    place: str
    cases: tuple[int, ...]
    attendees: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something a unit must do by `due`. source: meeting, instruction (批办), rectification (整改)."""

    id: int
    district_id: int
    source: str
    no: str
    version: int
    events: int
    state: str
    open: bool
    unit_id: int
    issuer_id: int
    street_id: int | None
    meeting_id: int | None
    summons_id: int | None
    party_no: int | None
    case_id: int | None
    due: float
    overdue: bool
    issued_at: float
    changed_at: float
    reported_at: float | None
    closed_at: float | None
    reworks: int
    title: str
    leader: str


@dataclass(frozen=True, slots=True)
class JointEvent:
    """One entry of the trace; party_no None: about the whole."""

    seq: int
    at: float
    recorded_at: float
    actor_id: int | None
    actor_login: str
    actor_name: str
    role: str
    action: str
    from_state: str
    to_state: str
    party_no: int | None
    unit_id: int | None
    what: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JointFile:
    """An attachment without its content."""

    seq: int
    party_no: int | None
    kind: str
    name: str
    mime: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PartyWords:
    """What is written about a lane."""

    result: str = ""
    documents: str = ""
    asked_reason: str = ""
    rating_reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """A line of the checklist (现场清单)."""

    no: int
    text: str
    done_party: int | None
    done_at: float | None


@dataclass(frozen=True, slots=True)
class Objection:
    """申诉 of a party and what became of it (upheld None: not decided yet)."""

    party_no: int
    at: float
    reason: str
    decided_at: float | None
    upheld: bool | None
    decision: str
    before: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """通报 with its rectification task. by_clock: published by the closing of the work, not by hand.

    The whole district reads it; task_state and task_due are None for whom the task is not in scope.
    revoked_at: 撤销 after an objection was upheld, None while it stands.
    """

    id: int
    no: str
    kind: str
    summons_id: int
    summons_no: str
    party_no: int
    unit_id: int
    words: str
    at: float
    by_clock: bool
    task_id: int
    task_state: str | None
    task_due: float | None
    revoked_at: float | None


@dataclass(frozen=True, slots=True)
class Document:
    """A 公文 as issued. digest: SHA-256 of the content's text, hex."""

    code: str
    summons_id: int
    at: float
    by_name: str
    content: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class SummonsFile:
    """Everything about one summons that the caller may read."""

    row: SummonsRow
    reason: str = ""
    conclusion: str = ""
    words: Mapping[int, PartyWords] = field(default_factory=dict)
    checks: tuple[CheckItem, ...] = ()
    trace: tuple[JointEvent, ...] = ()
    files: tuple[JointFile, ...] = ()
    objections: tuple[Objection, ...] = ()
    bulletins: tuple[Bulletin, ...] = ()
    documents: tuple[Document, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """Everything about one meeting."""

    row: MeetingRow
    agenda: str = ""
    decisions: str = ""
    trace: tuple[JointEvent, ...] = ()
    files: tuple[JointFile, ...] = ()
    tasks: tuple[TaskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskFile:
    """Everything about one task."""

    row: TaskRow
    text: str = ""
    result: str = ""
    trace: tuple[JointEvent, ...] = ()
    files: tuple[JointFile, ...] = ()


@dataclass(frozen=True, slots=True)
class JointCommand:
    """An action on a summons, a lane of it (party_no), a meeting or a task; `version` as last seen."""

    id: UUID
    entity: str
    entity_id: int
    party_no: int | None
    version: int
    action: str
    args: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CalledUnit:
    """A unit to be called."""

    unit_id: int
    heads: int | None = None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class NewSummons:
    """A draft (拟哨, 拟令) as it is filled in; instants as Unix seconds."""

    id: UUID
    kind: str
    caller_id: int
    scope: str
    title: str
    parties: tuple[CalledUnit, ...]
    caller_kind: str = ""          # "grid" for a grid's whistle; empty: the caller's own kind
    grid_id: int | None = None
    scenario: str | None = None
    level: str = "normal"
    reason: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    meet_at: float | None = None
    ends_at: float | None = None
    cases: tuple[int, ...] = ()
    checks: tuple[str, ...] = ()
    from_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """召集会商."""

    id: UUID
    caller_id: int
    title: str
    meet_at: float
    units: tuple[int, ...]
    agenda: str = ""
    place: str = ""
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewTask:
    """交办 by a supervisor or street head: 领导批办 when a leader's words are carried out."""

    id: UUID
    issuer_id: int
    unit_id: int
    title: str
    due: float
    text: str = ""
    leader: str = ""
    case_id: int | None = None
    summons_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewJointFile:
    """An attachment of a lane (party_no), summons, meeting or task; kind: scene, after, document, minutes."""

    id: UUID
    entity: str
    entity_id: int
    party_no: int | None
    kind: str
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class JointDone:
    """What a command did."""

    entity: str
    entity_id: int
    no: str
    version: int
    state: str
    event: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """普通哨, 重点哨, 疑难哨 as the city set them."""

    code: str
    label: str
    confirm_minutes: int
    clock: str
    arrive_minutes: int
    escalate_hours: int
    adds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A listed occasion: who must come (lines, the first leads), by which rule."""

    code: str
    scope: str
    name: str
    lines: tuple[str, ...]
    rule: str
    level: str
    confirm_minutes: int | None
    arrive_minutes: int | None
    handle_hours: int | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One line of a standing team."""

    line: str
    heads: int
    lead: bool


@dataclass(frozen=True, slots=True)
class Team:
    """A standing team (1+5+N, 4+X, 1+X) as a template for an order."""

    id: int
    code: str
    name: str
    template: str
    lines: tuple[TeamLine, ...]
    own: bool   # saved here (存为模板), not of the profile


@dataclass(frozen=True, slots=True)
class WhistleRules:
    """The city's whistle rules as data; points of the response score, weights of the whole, see whistle.toml."""

    radius_m: int
    early_minutes: int
    late_minutes: int
    respond_on_time: int
    respond_late: int
    arrive_on_time: int
    arrive_late: int
    acted: int
    weight_response: float
    weight_street: float
    weight_citizen: float
    reason_below: int
    objection_days: int
    rectification_days: int
    bulletin_automatic: bool   # the closing publishes what was missed
    levels: tuple[Level, ...]
    callers: Mapping[str, tuple[tuple[str, ...], bool]]   # kind → (kinds it may call, must be signed)
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class UnitScore:
    """一哨一考 of one unit over a period; averages over its scored lanes, None where nothing was scored yet."""

    unit_id: int
    lanes: int
    rated: int
    response: float | None
    efficiency: float | None
    cooperation: float | None
    professional: float | None
    responsibility: float | None
    citizen: float | None
    score: float | None
    no_response: int
    late_response: int
    absent: int
    no_action: int
    rectifying: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A unit that an appointment expects at the same hours: another open summons, or a meeting. Unseen: 0 and ""."""

    unit_id: int
    summons_id: int
    no: str
    since: float
    until: float
