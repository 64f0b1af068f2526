"""A district in memory, shared by fake sessions: cases, traces, clocks and who looks at what."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.duty_state import DutyState
from commandcenter.domain.model import (
    Attachment,
    CaseFile,
    CaseRow,
    Directory,
    Done,
    MaskedReporter,
    PendingRequest,
    Person,
    StageClock,
    TraceCheck,
    TraceEvent,
)
from commandcenter.domain.notices import Notice
from commandcenter.domain.workflow import Workflow, load_workflow
from tests.fakes.directory import dongcheng

ZONE = ZoneInfo("Asia/Shanghai")
NOON_SHIFT = datetime(2025, 6, 18, 14, 32, 8, tzinfo=ZONE).timestamp()


@dataclass
class CaseRecord:
    """One case with everything that a CaseFile shows."""

    row: CaseRow
    description: str = ""
    address: str = ""
    result: str = ""
    master_id: int | None = None
    trace: list[TraceEvent] = field(default_factory=list)
    stages: list[StageClock] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)
    reporters: list[MaskedReporter] = field(default_factory=list)
    secrets: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    request: PendingRequest | None = None
    wanted_item: int | None = None  # what an acceptor will find it to be


class FakeCity:
    """Thread-safe; `now` (Unix seconds) moves only when a test moves it. `watchers` are told of every change."""

    def __init__(self, now: float = NOON_SHIFT, directory: Directory | None = None) -> None:
        self.now = now
        self._begun = time.monotonic()
        self.directory = directory or dongcheng()
        self.workflow: Workflow = load_workflow()
        self.work_time = WorkTime(self.directory.calendar)
        self.records: dict[int, CaseRecord] = {}
        self.looking: dict[int, int] = {}
        self.answers: dict[UUID, Done] = {}
        self.revealed: list[tuple[int, int, int, str]] = []
        self.lock = threading.RLock()
        self.notices: dict[int, Notice] = {}
        self.acknowledged: dict[int, int] = {}  # notice → operator
        self.watchers: list[Callable[[frozenset[int], frozenset[int], frozenset[int]], None]] = []
        self.duty = DutyState(1.0, ())

    def clock(self) -> float:
        """The city's running clock: `now` carried on by the time since the city was made."""
        return self.now + time.monotonic() - self._begun

    def put(self, record: CaseRecord) -> CaseRecord:
        """Add or replace a case without telling anybody."""
        with self.lock:
            self.records[record.row.id] = record
        return record

    def tell(self, cases: frozenset[int] = frozenset(), presence: frozenset[int] = frozenset(),
             notices: frozenset[int] = frozenset()) -> None:
        """Wake every watcher, as the feed would."""
        for watcher in list(self.watchers):
            watcher(cases, presence, notices)

    def row(self, case_id: int) -> CaseRow:
        """The present row; raises KeyError."""
        return self.records[case_id].row

    def at(self, instant: float | None = None) -> datetime:
        """An aware datetime of the city."""
        return datetime.fromtimestamp(self.now if instant is None else instant, ZONE)

    def viewers(self, case_id: int) -> tuple[int, ...]:
        """Operators who have it open."""
        return tuple(sorted(who for who, which in self.looking.items() if which == case_id))

    def file(self, case_id: int) -> CaseFile:
        """Everything about one case; raises KeyError."""
        with self.lock:
            record = self.records[case_id]
            row = record.row
            seen = len(record.trace)
            check = TraceCheck(seen, seen, max(0, seen - 1), min(1, seen), 0)
            return CaseFile(
                row, record.description, record.address, None, None, record.result, record.master_id,
                tuple(record.trace), tuple(record.stages), tuple(record.attachments), tuple(record.reporters),
                record.request, self.viewers(case_id), check,
            )

    def write(self, record: CaseRecord, new: CaseRow, actor: Person, role: str, action: str,
              what: dict[str, object]) -> None:
        """Replace the row and leave an event."""
        old = record.row
        record.row = replace(new, changed_at=self.now)
        record.trace.append(TraceEvent(
            len(record.trace) + 1, self.at(), self.at(), actor.id, actor.login, actor.name, role, action,
            old.state if record.trace else "", new.state, new.handler_id or new.unit_id, what,
        ))
