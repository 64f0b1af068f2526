"""Whistles, orders, meetings and tasks in memory, beside the cases of a fake city; `the_evening` fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from commandcenter.domain.joint import (
    MEETING,
    SUMMONS,
    TASK,
    Bulletin,
    CheckItem,
    Document,
    JointDone,
    JointEvent,
    JointFile,
    MeetingRow,
    Objection,
    PartyWords,
    SummonsRow,
    TaskRow,
    Team,
)
from commandcenter.domain.model import Person
from tests.fakes.city import FakeCity
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_rules import profile_teams

Row = TypeVar("Row", SummonsRow, MeetingRow, TaskRow)


@dataclass
class JointRecord(Generic[Row]):
    """One matter with everything that its file shows; `words`: reason, conclusion, agenda, decisions, text, result."""

    row: Row
    words: dict[str, str] = field(default_factory=dict)
    lanes: dict[int, PartyWords] = field(default_factory=dict)
    checks: list[CheckItem] = field(default_factory=list)
    trace: list[JointEvent] = field(default_factory=list)
    files: list[JointFile] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)
    objections: dict[int, Objection] = field(default_factory=dict)


class JointTown:
    """What the sessions of one fake city share. `watchers` are told the ids of every change, as the feed would."""

    def __init__(self, city: FakeCity) -> None:
        self.city = city
        self.lock = city.lock
        self.summons: dict[int, JointRecord[SummonsRow]] = {}
        self.meetings: dict[int, JointRecord[MeetingRow]] = {}
        self.tasks: dict[int, JointRecord[TaskRow]] = {}
        self.bulletins: list[Bulletin] = []
        self.documents: dict[str, Document] = {}
        self.teams: list[Team] = profile_teams()
        self.answers: dict[UUID, JointDone] = {}
        self.given_up: set[UUID] = set()
        self.watchers: list[Callable[[frozenset[int]], None]] = []

    @property
    def now(self) -> float:
        """The city's clock as tests move it."""
        return self.city.now

    def next_number(self) -> int:
        """Of the next summons, meeting or task: ids never meet."""
        return max((i % 10**9 for i in (*self.summons, *self.meetings, *self.tasks)), default=0) + 1

    def next_id(self) -> int:
        """The id with that number."""
        return joint_id(self.next_number())

    def put(self, row: SummonsRow | MeetingRow | TaskRow, **words: str) -> Any:
        """Add or replace a matter without telling anybody; returns its record."""
        record = JointRecord(row, words)
        self._shelf(row)[row.id] = record
        return record

    def _shelf(self, row: SummonsRow | MeetingRow | TaskRow) -> dict[int, Any]:
        if isinstance(row, SummonsRow):
            return self.summons
        return self.meetings if isinstance(row, MeetingRow) else self.tasks

    def record(self, entity: str, entity_id: int) -> Any:
        """The record; raises KeyError."""
        return {SUMMONS: self.summons, MEETING: self.meetings, TASK: self.tasks}[entity][entity_id]

    def tell(self, *ids: int) -> None:
        """Wake every watcher, as the feed would."""
        for watcher in list(self.watchers):
            watcher(frozenset(ids))

    def write(self, record: Any, new: Any, actor: Person | None, role: str, action: str, what: dict[str, Any],
              party_no: int | None = None, states: tuple[str, str] | None = None) -> None:
        """Replace the row and leave an event; `states`: of the lane, when it is about one."""
        old, seq = record.row, record.row.events + 1  # a row that was put has had its first event
        before, after = states or (old.state if record.trace else "", new.state)
        unit = None
        if party_no is not None and (party := new.party(party_no)) is not None:
            unit = party.unit_id
        record.row = replace(new, events=seq, changed_at=self.now)
        record.trace.append(JointEvent(
            seq, self.now, self.now, actor.id if actor else None, actor.login if actor else "duty",
            actor.name if actor else "值守任务", role, action, before, after, party_no, unit, what,
        ))

    def rows(self, ids: Iterable[int] | None = None) -> tuple[list[SummonsRow], list[MeetingRow], list[TaskRow]]:
        """All rows, or those of these ids."""
        wanted = None if ids is None else set(ids)
        return tuple([r.row for i, r in shelf.items() if wanted is None or i in wanted]  # type: ignore[return-value]
                     for shelf in (self.summons, self.meetings, self.tasks))


_towns: WeakKeyDictionary[FakeCity, JointTown] = WeakKeyDictionary()


def town_of(city: FakeCity) -> JointTown:
    """The one town that all sessions of a city share; empty at first."""
    if city not in _towns:
        _towns[city] = JointTown(city)
    return _towns[city]
