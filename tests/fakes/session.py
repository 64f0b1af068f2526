"""Sessions over a fake city, with doors that a test can close and errors that it can order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from uuid import UUID

from commandcenter.domain.duty_state import DutyState
from commandcenter.domain.errors import (
    InvalidInput,
    LoginRefused,
    NotFound,
    OutcomeUnknown,
)
from commandcenter.domain.figures import Figure
from commandcenter.domain.model import (
    Attachment,
    CaseFile,
    CaseRow,
    Command,
    Directory,
    Done,
    Duty,
    NearCase,
    NewAttachment,
    NewReport,
    Person,
    ShiftFigures,
    TraceEvent,
    UnitFigures,
)
from commandcenter.domain.rulings import Ruling
from commandcenter.ports import ReaderState
from tests.fakes.acting import act, reaches
from tests.fakes.cameras import FakeCameras
from tests.fakes.city import CaseRecord, FakeCity
from tests.fakes.directory import org_id
from tests.fakes.door import Door
from tests.fakes.emergencies import FakeEmergencies
from tests.fakes.feed import FakeFeed
from tests.fakes.intake import take_in
from tests.fakes.joint import FakeJointCommands
from tests.fakes.joint_queries import FakeJointQueries
from tests.fakes.joint_town import town_of
from tests.fakes.map import FakeMap
from tests.fakes.notices import FakeNotices
from tests.fakes.replay import FakeReplay
from tests.fakes.topics import FakeTopics
from tests.fakes.wall import FakeWall


class FakeCommands:
    """The writing side. `lose_answer`: the next command is done but its answer is lost."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city = city
        self._person = person
        self.door = Door()
        self.lose_answer = False
        self.done: list[Command] = []

    def act(self, command: Command) -> Done:
        """See ports.CaseCommands."""
        self.door.enter()
        done = act(self._city, self._person, command)
        self.done.append(command)
        if self.lose_answer:
            self.lose_answer = False
            raise OutcomeUnknown("连接中断，结果待确认")
        return done

    def report(self, report: NewReport) -> Done:
        """See ports.CaseCommands."""
        self.door.enter()
        done = take_in(self._city, self._person, report)
        self._city.tell(frozenset({done.case_id}))
        return done

    def attach(self, attachment: NewAttachment) -> Done:
        """See ports.CaseCommands."""
        self.door.enter()
        done = _attach(self._city, self._person, attachment)
        self._city.tell(frozenset({done.case_id}))
        return done

    def outcome(self, command_id: UUID) -> Done | None:
        """See ports.CaseCommands."""
        self.door.enter()
        return self._city.answers.get(command_id)

    def give_up(self, command_id: UUID) -> Done | None:
        """See ports.CaseCommands."""
        return self.outcome(command_id)

    def look_at(self, case_id: int | None) -> None:
        """See ports.CaseCommands."""
        before = self._city.looking.pop(self._person.id, None)
        if case_id is not None:
            self._city.looking[self._person.id] = case_id
        self._city.tell(presence=frozenset(c for c in (before, case_id) if c is not None))

    def reveal_reporter(self, case_id: int, reporter_id: int, reason: str) -> tuple[str, str, str]:
        """See ports.CaseCommands."""
        self.door.enter()
        if len(reason.strip()) < 4:
            raise InvalidInput("请填写查看理由（至少 4 个字）", {"field": "reason"})
        self._city.revealed.append((self._person.id, case_id, reporter_id, reason))
        return self._city.records[case_id].secrets[reporter_id]


class FakeQueries:
    """The asking side; a person sees the cases that some duty reaches."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city = city
        self._person = person
        self.door = Door()

    def _sees(self, row: CaseRow) -> bool:
        return any(reaches(self._city, duty.org_id, reach, row)
                   for duty in self._person.duties for reach in ("territory", "handler", "unit"))

    def open_cases(self) -> Iterator[Sequence[CaseRow]]:
        """See ports.CaseQueries."""
        self.door.enter()
        with self._city.lock:
            rows = [r.row for r in self._city.records.values() if (r.row.open or r.row.on_ledger) and self._sees(r.row)]
        for start in range(0, len(rows), 1000):
            yield rows[start:start + 1000]

    def first_cases(self, states: Sequence[str], handlers: Sequence[int] | None, at_most: int) -> list[CaseRow]:
        """See ports.CaseQueries."""
        self.door.enter()
        with self._city.lock:
            rows = [r.row for r in self._city.records.values() if r.row.state in states and self._sees(r.row)]
        wanted = [row for row in rows if handlers is None or row.handler_id in handlers]
        return sorted(wanted, key=lambda row: (row.priority, row.deadline or inf, -row.id))[:at_most]

    def cases(self, ids: Sequence[int]) -> list[CaseRow]:
        """See ports.CaseQueries."""
        self.door.enter()
        with self._city.lock:
            found = [self._city.records[i].row for i in ids if i in self._city.records]
        return [row for row in found if self._sees(row)]

    def case_by_no(self, no: str) -> CaseRow | None:
        """See ports.CaseQueries."""
        self.door.enter()
        rows = sorted((r.row for r in self._city.records.values()), key=lambda row: -row.id)
        return next((row for row in rows if row.no.endswith(no) and self._sees(row)), None)

    def closed_cases(self, before_id: int | None, limit: int) -> list[CaseRow]:
        """See ports.CaseQueries."""
        self.door.enter()
        rows = sorted((r.row for r in self._city.records.values() if not r.row.open), key=lambda row: -row.id)
        return [row for row in rows if before_id is None or row.id < before_id][:limit]

    def case_file(self, case_id: int) -> CaseFile:
        """See ports.CaseQueries."""
        self.door.enter()
        if case_id not in self._city.records:
            raise NotFound("没有这个案件")
        return self._city.file(case_id)

    def attachment(self, case_id: int, seq: int) -> bytes:
        """See ports.CaseQueries."""
        self.door.enter()
        return self._city.records[case_id].contents[seq]

    def unit_figures(self) -> list[UnitFigures]:
        """See ports.CaseQueries."""
        self.door.enter()
        return unit_figures(self._city)

    def shift_figures(self, since: float) -> ShiftFigures:
        """See ports.CaseQueries."""
        self.door.enter()
        mine = [e for r in self._city.records.values() for e in r.trace
                if e.action == "dispatch" and e.actor_id == self._person.id and e.at.timestamp() >= since]
        return ShiftFigures(len(mine), 38.0 if mine else None, 0)

    def figures(self, since: float, until: float) -> list[Figure]:
        """See ports.CaseQueries."""
        self.door.enter()
        with self._city.lock:
            trace = [e for r in self._city.records.values() if self._sees(r.row) for e in r.trace]
        counts = Counter(e.action for e in trace if since <= e.at.timestamp() < until)
        return [Figure(measure, n, 0, 0) for measure, n in counts.items()]

    def rulings(self, since: float, until: float) -> list[Ruling]:
        """See ports.CaseQueries."""
        self.door.enter()
        with self._city.lock:
            found = [_ruling(r, e) for r in self._city.records.values() if self._sees(r.row) for e in r.trace
                     if e.action == "rule" and since <= e.at.timestamp() < until]
        return sorted(found, key=lambda ruling: (ruling.at, ruling.key), reverse=True)

    def duty_state(self) -> DutyState:
        """See ports.CaseQueries."""
        self.door.enter()
        return self._city.duty

    def near_cases(self, lon: float, lat: float, item_id: int | None) -> list[NearCase]:
        """See ports.CaseQueries."""
        self.door.enter()
        return []

    def viewers(self, case_id: int) -> list[int]:
        """See ports.CaseQueries."""
        self.door.enter()
        return list(self._city.viewers(case_id))


def _ruling(record: CaseRecord, event: TraceEvent) -> Ruling:
    back = max((e.seq for e in record.trace if e.seq < event.seq and e.action == "return_case"), default=0)
    before = [e.unit_id for e in record.trace if e.seq < back and e.unit_id is not None]
    row = record.row
    return Ruling(row.id, row.no, event.seq, event.at.timestamp(), before[-1] if before else None, event.unit_id or 0,
                  event.actor_name, str(event.what.get("reason", "")), row.street_id, row.item_id)


def unit_figures(city: FakeCity) -> list[UnitFigures]:
    """Open and overdue counted from the cases; the 30-day figures made up by unit number."""
    with city.lock:
        rows = [r.row for r in city.records.values() if r.row.open and r.row.handler_id]
    units = {row.handler_id for row in rows if row.handler_id}
    late = {u: sum(r.handler_id == u and r.deadline is not None and r.deadline < city.now for r in rows) for u in units}
    return [UnitFigures(u, sum(r.handler_id == u for r in rows), late[u], 40 + u % 90, 3600.0 * (0.7 + u % 60 / 10),
                        60 + u % 90, u % 7) for u in sorted(units)]


def _attach(city: FakeCity, person: Person, new: NewAttachment) -> Done:
    record = city.records[new.case_id]
    seq = len(record.trace) + 1
    record.attachments.append(Attachment(seq, new.kind, new.name, new.mime, len(new.content), "0" * 64))
    record.contents[seq] = new.content
    row = replace(record.row, photos=record.row.photos + 1)
    role = min(person.roles())
    city.write(record, row, person, role, "attach", {"kind": new.kind, "name": new.name})
    return Done(row.id, row.no, row.version, row.state, seq)


class FakeReader:
    """A replica that says of itself what a test wants."""

    def __init__(self) -> None:
        self.state: ReaderState | None = None


class FakeSession:
    """One login on a fake city."""

    def __init__(self, city: FakeCity, person: Person, warnings: tuple[str, ...] = ()) -> None:
        self.city = city
        self.person = person
        self.directory: Directory = city.directory
        self.commands = FakeCommands(city, person)
        self.queries = FakeQueries(city, person)
        self.notices = FakeNotices(city, person)
        self.cameras = FakeCameras(city, person)
        self.map = FakeMap(city, person)
        self.replay = FakeReplay(city, person)
        self.wall = FakeWall(city, person)
        self.emergencies = FakeEmergencies(city, person)
        self.topics = FakeTopics(city, person)
        self.joint_commands = FakeJointCommands(town_of(city), person)
        self.joint_queries = FakeJointQueries(town_of(city), person)
        self.feed = FakeFeed(city)
        self.warnings = warnings
        self.reader: FakeReader | None = None
        self.closed = False

    def reload_directory(self) -> Directory:
        """See ports.Session."""
        return self.city.directory

    def close(self) -> None:
        """See ports.Session."""
        self.closed = True


def person(number: int, login: str, *duties: tuple[str, str]) -> Person:
    """Operator `number` of the directory with duties (role, short name of the node)."""
    from tests.fakes.directory import OPERATORS

    return Person(number, login, OPERATORS[number], 1, tuple(Duty(role, org_id(node)) for role, node in duties))


PEOPLE = {
    "dispatcher": person(1, "d0032", ("dispatcher", "东城区")),
    "dispatcher2": person(2, "d0033", ("dispatcher", "东城区")),
    "acceptor": person(3, "s0001", ("acceptor", "东城区")),
    "handler": person(4, "c0001", ("handler", "区城管委")),
    "verifier": person(5, "h0001", ("verifier", "东城区")),
    "followup": person(6, "f0001", ("followup", "东城区")),
    "supervisor": person(7, "z0001", ("supervisor", "东城区")),
    "street": person(8, "j0001", ("dispatcher", "和平里"), ("acceptor", "和平里")),
    "all": person(9, "x0001", *((role, "东城区") for role in
                                ("acceptor", "dispatcher", "verifier", "followup", "supervisor"))),
}


class FakeLogins:
    """OpenSession over a city: every password is `right`; errors can be ordered."""

    def __init__(self, city: FakeCity) -> None:
        self.city = city
        self.door = Door()
        self.opened: list[FakeSession] = []

    def __call__(self, user: str, password: str) -> FakeSession:
        """See ports.OpenSession."""
        self.door.enter()
        found = next((p for p in PEOPLE.values() if p.login == user), None)
        if found is None or password != "right":
            raise LoginRefused("用户名或密码不对")
        self.opened.append(FakeSession(self.city, found))
        return self.opened[-1]


__all__ = ["CaseRecord", "Door", "FakeLogins", "FakeSession", "PEOPLE", "person"]
