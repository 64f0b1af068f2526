"""Plain values that cross the borders between database, core and screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Duty:
    """A role inside a scope: one node of the organisation tree."""

    role: str
    org_id: int


@dataclass(frozen=True, slots=True)
class Person:
    """The operator who is logged in."""

    id: int
    login: str
    name: str
    district_id: int
    duties: tuple[Duty, ...]

    def roles(self) -> frozenset[str]:
        """All roles held."""
        return frozenset(d.role for d in self.duties)


@dataclass(frozen=True, slots=True)
class Org:
    """A node of the organisation tree (块) or of the lines (条). kind: city, district, street, community, department,
    agency, section, utility, enterprise."""

    id: int
    key: str
    parent_id: int | None
    kind: str
    name: str
    short_name: str
    serves_id: int | None
    line: str | None
    active: bool
    district_id: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid (网格); kind: basic, unit, dedicated, micro. The polygon is read apart when a map needs it."""

    id: int
    key: str
    parent_id: int | None
    street_id: int
    community_id: int | None
    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A source of cases (渠道)."""

    id: int
    code: str
    name: str
    proactive: bool
    citizen: bool
    short_name: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """大类/小类 with its rule of responsibility. line: responsible line; fallback: 'street' or another line."""

    id: int
    code: str
    kind: str
    domain: str
    major: str
    minor: str
    name: str
    urgent: bool
    grade: str
    line: str
    fallback: str
    photo_required: bool
    return_window_minutes: int
    filing_condition: str
    closing_standard: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One open case as the queue needs it. Instants are Unix seconds (float) of the city's clock, None where unset."""

    id: int
    no: str
    version: int
    state: str
    grade: str
    priority: int
    urgent: bool
    item_id: int | None
    channel_id: int
    citizen: bool
    street_id: int | None
    community_id: int | None
    grid_id: int | None
    lon: float | None
    lat: float | None
    unit_id: int | None
    handler_id: int | None
    ruled: bool
    reported_at: float
    changed_at: float
    stage_since: float
    deadline: float | None
    warn_at: float | None
    clock: str | None
    paused_left_s: int | None
    resume_at: float | None
    dispatched_by: int | None
    dispatched_at: float | None
    returns: int
    reworks: int
    asked: str | None
    supervised: bool
    on_ledger: bool
    answered: bool
    followed_up: bool
    photos: int
    open: bool
    summary: str


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One step of a case's trace (留痕)."""

    seq: int
    at: datetime
    recorded_at: datetime
    actor_id: int | None
    actor_login: str
    actor_name: str
    role: str
    action: str
    from_state: str
    to_state: str
    unit_id: int | None
    what: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StageClock:
    """A stage on its clock; seconds are working seconds of `clock` (urgent: plain seconds)."""

    seq: int
    stage: str
    unit_id: int | None
    since: datetime
    clock: str
    limit_s: int
    deadline: datetime
    warn_at: datetime
    ended_at: datetime | None
    used_s: int | None
    paused_at: datetime | None
    paused_s: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """Evidence without its content. kind: scene, before, after, place, document."""

    seq: int
    kind: str
    name: str
    mime: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MaskedReporter:
    """A reporter as everybody in scope may see him."""

    reporter_id: int
    case_id: int
    name_masked: str
    phone_masked: str
    answered_at: datetime | None
    answer: str
    satisfied: str | None
    solved: str | None
    followed_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """A suspension or extension asked for and not yet decided."""

    kind: str
    asked_by: int
    asked_at: datetime
    reason: str
    until: datetime | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class TraceCheck:
    """留痕校验: events the case counts, present, sealed, waiting for a seal, broken."""

    events: int
    present: int
    sealed: int
    waiting: int
    broken: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about one selected case."""

    row: CaseRow
    description: str
    address: str
    source_no: str | None
    occurred_at: datetime | None
    result: str
    master_id: int | None
    trace: tuple[TraceEvent, ...]
    stages: tuple[StageClock, ...]
    attachments: tuple[Attachment, ...]
    reporters: tuple[MaskedReporter, ...]
    request: PendingRequest | None
    viewers: tuple[int, ...]
    check: TraceCheck


@dataclass(frozen=True, slots=True)
class Calendar:
    """The work calendar.

    windows: per clock (hours, days) the office windows (from_s, to_s) in seconds of the local day;
    days: (ISO date, working) without a gap, first to last covered.
    """

    time_zone: str
    windows: Mapping[str, tuple[tuple[int, int], ...]]
    days: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """What rarely changes, read once after login. Calendar: working days with windows in seconds of the local day.

    district_id: the person's own district, or the city of several whose own he is.
    """

    district_id: int
    title: str
    time_zone: str
    sample: bool
    reopen_days: int
    orgs: Mapping[int, Org]
    grids: Mapping[int, Grid]
    channels: Mapping[int, Channel]
    items: Mapping[int, CatalogueItem]
    operators: Mapping[int, str]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Done:
    """The database's answer to a command. `replayed`: it had been done before the connection broke; `known`: the
    channel's number existed already."""

    case_id: int
    no: str = ""
    version: int = 0
    state: str = ""
    event: int = 0
    replayed: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """An action on a case. `id` is made by the client once and reused on retry, so that nothing is done twice."""

    id: UUID
    case_id: int
    version: int
    action: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewReport:
    """A problem that comes in (采集). Times are aware datetimes; coordinates WGS-84 degrees. district_id: for
    whoever works for a whole city and knows no closer place."""

    id: UUID
    channel: str
    description: str
    summary: str = ""
    address: str = ""
    source_no: str = ""
    occurred_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    item_id: int | None = None
    grid_id: int | None = None
    grade: str | None = None
    district_id: int | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_address: str = ""


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """Evidence to add to a case; at most 8 MB."""

    id: UUID
    case_id: int
    kind: str
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """How a unit stands: open and overdue now; over 30 days handled, mean handling time (working seconds),
    dispatched, returned."""

    unit_id: int
    open: int
    overdue: int
    handled: int
    mean_used_s: float | None
    dispatched: int
    returned: int


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """The dispatcher's own shift: dispatched, mean seconds a case waited for dispatch, returned of them."""

    dispatched: int
    mean_s: float | None
    returned: int


@dataclass(frozen=True, slots=True)
class NearCase:
    """An open case near by: a candidate for 并案."""

    case_id: int
    no: str
    metres: float
