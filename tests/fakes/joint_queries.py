"""The asking side of whistles and orders in memory; a person sees what some duty reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from commandcenter.domain.errors import NotFound
from commandcenter.domain.joint import (
    Bulletin,
    Conflict,
    Document,
    MeetingFile,
    MeetingRow,
    Party,
    SummonsFile,
    SummonsRow,
    TaskFile,
    TaskRow,
    Team,
    UnitScore,
    WhistleRules,
)
from commandcenter.domain.joint_offers import is_above
from commandcenter.domain.model import Person
from commandcenter.ports_joint import JointRows
from tests.fakes.door import Door
from tests.fakes.joint_rules import whistle_rules
from tests.fakes.joint_town import JointTown

Row = SummonsRow | MeetingRow | TaskRow


def units_of(row: Row) -> tuple[int, ...]:
    """All units that ever took part."""
    if isinstance(row, SummonsRow):
        return tuple(party.unit_id for party in row.parties)
    return tuple(unit for unit, _ in row.attendees) if isinstance(row, MeetingRow) else (row.unit_id,)


class FakeJointQueries:
    """See ports_joint.JointQueries."""

    def __init__(self, town: JointTown, person: Person) -> None:
        self._town = town
        self._person = person
        self.door = Door()

    def _sees(self, row: Row) -> bool:
        directory = self._town.city.directory
        places = (row.district_id, row.street_id, getattr(row, "community_id", None))
        for duty in self._person.duties:
            kind = directory.orgs[duty.org_id].kind
            reached = units_of(row) if duty.role == "handler" else ()
            if kind in ("city", "district", "street", "community"):
                reached += tuple(p for p in places if p and (p != row.district_id or kind in ("city", "district")))
            if any(is_above(duty.org_id, node, directory) for node in reached):
                return True
        return False

    def _rows(self, ids: Sequence[int] | None = None, only_open: bool = False) -> JointRows:
        self.door.enter()
        with self._town.lock:
            shelves: Any = self._town.rows(ids)
        return JointRows(*(tuple(row for row in shelf if self._sees(row) and (row.open or not only_open))
                           for shelf in shelves))

    def open_joint(self) -> JointRows:
        """See ports_joint.JointQueries."""
        return self._rows(only_open=True)

    def joint(self, ids: Sequence[int]) -> JointRows:
        """See ports_joint.JointQueries."""
        return self._rows(ids)

    def _summons(self) -> list[SummonsRow]:
        return sorted(self._rows().summons, key=lambda row: -row.id)

    def archived(self, kind: str, before_id: int | None, limit: int) -> list[SummonsRow]:
        """See ports_joint.JointQueries."""
        over = [row for row in self._summons() if row.kind == kind and not row.open]
        return _page(over, before_id, limit)

    def closed_meetings(self, before_id: int | None, limit: int) -> list[MeetingRow]:
        """See ports_joint.JointQueries."""
        return _page([row for row in self._rows().meetings if not row.open], before_id, limit)

    def closed_tasks(self, before_id: int | None, limit: int) -> list[TaskRow]:
        """See ports_joint.JointQueries."""
        return _page([row for row in self._rows().tasks if not row.open], before_id, limit)

    def summons_by_no(self, no: str) -> SummonsRow | None:
        """See ports_joint.JointQueries."""
        return next((row for row in self._summons() if no.strip() and row.no.endswith(no.strip())), None)

    def summons_of_case(self, case_id: int) -> list[SummonsRow]:
        """See ports_joint.JointQueries."""
        return [row for row in self._summons() if case_id in row.cases]

    def clearing_whistles(self, cases: Sequence[int]) -> list[SummonsRow]:
        """See ports_joint.JointQueries."""
        over = [row for row in self._summons() if row.kind == "whistle" and row.closed_at is not None]
        newest = {max((row.id for row in over if case in row.cases), default=None) for case in cases}
        return [row for row in over if row.id in newest]

    def _record(self, entity: str, entity_id: int) -> Any:
        self.door.enter()
        try:
            record = self._town.record(entity, entity_id)
        except KeyError:
            raise NotFound("没有这一条，或它不在您的范围内") from None
        if not self._sees(record.row):
            raise NotFound("没有这一条，或它不在您的范围内")
        return record

    def summons_file(self, summons_id: int) -> SummonsFile:
        """See ports_joint.JointQueries."""
        record = self._record("summons", summons_id)
        rows = self._rows()
        return SummonsFile(
            record.row, record.words.get("reason", ""), record.words.get("conclusion", ""), dict(record.lanes),
            tuple(record.checks), tuple(record.trace), tuple(record.files), tuple(record.objections.values()),
            tuple(self._with_task(b) for b in self._town.bulletins if b.summons_id == summons_id),
            tuple(d for d in self._town.documents.values() if d.summons_id == summons_id),
            tuple(m for m in rows.meetings if m.summons_id == summons_id),
            tuple(t for t in rows.tasks if t.summons_id == summons_id),
        )

    def meeting_file(self, meeting_id: int) -> MeetingFile:
        """See ports_joint.JointQueries."""
        record = self._record("meeting", meeting_id)
        tasks = tuple(t for t in self._rows().tasks if t.meeting_id == meeting_id)
        return MeetingFile(record.row, record.words.get("agenda", ""), record.words.get("decisions", ""),
                           tuple(record.trace), tuple(record.files), tasks)

    def task_file(self, task_id: int) -> TaskFile:
        """See ports_joint.JointQueries."""
        record = self._record("task", task_id)
        return TaskFile(record.row, record.words.get("text", ""), record.words.get("result", ""), tuple(record.trace),
                        tuple(record.files))

    def joint_file(self, entity_id: int, seq: int) -> bytes:
        """See ports_joint.JointQueries."""
        self.door.enter()
        for shelf in (self._town.summons, self._town.meetings, self._town.tasks):
            if entity_id in shelf and seq in shelf[entity_id].contents:
                return shelf[entity_id].contents[seq]
        raise NotFound("没有这个附件，或它不在您的范围内")

    def conflicts(self, units: Sequence[int], since: float, until: float, besides: int | None) -> list[Conflict]:
        """See ports_joint.JointQueries."""
        self.door.enter()
        found = []
        for row in self._town.rows()[0]:
            begins, ends = row.meet_at, row.ends_at or (row.meet_at or 0) + 7200
            if row.open and row.id != besides and begins is not None and begins < until and ends > since:
                found += [Conflict(p.unit_id, row.id, row.no, begins, ends) for p in row.live_parties
                          if p.unit_id in units and p.state not in ("done", "signed")]
        return found

    def _lanes(self, since: float, until: float) -> list[tuple[SummonsRow, Party]]:
        closed = [row for row in self._summons() if row.closed_at is not None and since <= row.closed_at < until]
        return [(row, party) for row in closed for party in row.parties if party.response_score is not None]

    def unit_scores(self, since: float, until: float) -> list[UnitScore]:
        """See ports_joint.JointQueries."""
        by_unit: dict[int, list[tuple[SummonsRow, Party]]] = {}
        for row, party in self._lanes(since, until):
            by_unit.setdefault(party.unit_id, []).append((row, party))
        scores = [self._score(unit, lanes) for unit, lanes in by_unit.items()]
        return sorted(scores, key=lambda s: (s.score is None, -(s.score or 0), s.unit_id))

    def _score(self, unit: int, lanes: list[tuple[SummonsRow, Party]]) -> UnitScore:
        parties = [party for _, party in lanes]
        means = [_mean([getattr(party, name) for party in parties]) for name in
                 ("response_score", "efficiency", "cooperation", "professional", "responsibility")]
        citizen, score = _mean([row.citizen_score for row, _ in lanes]), _mean([party.score for party in parties])
        rectifying = sum(t.unit_id == unit and t.open and t.source == "rectification" for t in self._town.rows()[2])
        return UnitScore(
            unit, len(lanes), sum(party.rated_at is not None for party in parties), *means, citizen, score,
            sum(party.response == "none" for party in parties), sum(party.response == "late" for party in parties),
            sum(party.arrival == "absent" for party in parties),
            sum(party.arrived_at is not None and party.done_at is None for party in parties), rectifying,
        )

    def scored_lanes(self, unit_id: int, since: float, until: float) -> list[SummonsRow]:
        """See ports_joint.JointQueries."""
        return [row for row, party in self._lanes(since, until) if party.unit_id == unit_id]

    def bulletins(self, since: float, until: float) -> list[Bulletin]:
        """See ports_joint.JointQueries."""
        self.door.enter()
        told = (self._with_task(b) for b in self._town.bulletins if since <= b.at < until)
        return sorted(told, key=lambda b: -b.at)

    def _with_task(self, bulletin: Bulletin) -> Bulletin:
        """With its task as that stands now, if the person sees it."""
        record = self._town.tasks.get(bulletin.task_id)
        if record is None or not self._sees(record.row):
            return replace(bulletin, task_state=None, task_due=None)
        return replace(bulletin, task_state=record.row.state, task_due=record.row.due)

    def check_document(self, code: str) -> Document | None:
        """See ports_joint.JointQueries."""
        self.door.enter()
        return self._town.documents.get(code)

    def whistle_rules(self) -> WhistleRules:
        """See ports_joint.JointQueries."""
        self.door.enter()
        return whistle_rules()

    def teams(self) -> list[Team]:
        """See ports_joint.JointQueries."""
        self.door.enter()
        return sorted(self._town.teams, key=lambda team: (team.own, team.id))


def _page(over: Sequence[Any], before_id: int | None, limit: int) -> list[Any]:
    newest_first = sorted(over, key=lambda row: -row.id)
    return [row for row in newest_first if before_id is None or row.id < before_id][:limit]


def _mean(values: Sequence[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    return round(fmean(present), 1) if present else None
