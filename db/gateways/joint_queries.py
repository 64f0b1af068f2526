"""Everything that asks about whistles, orders, meetings and tasks; scope is row-level security's business."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import Field, fields
from typing import Any, TypeVar

from sqlalchemy import Engine, text

from commandcenter.domain.errors import NotFound
from commandcenter.domain.joint import (
    Bulletin,
    Conflict,
    Document,
    MeetingFile,
    MeetingRow,
    SummonsFile,
    SummonsRow,
    TaskFile,
    TaskRow,
    Team,
    UnitScore,
    WhistleRules,
)
from commandcenter.ports_joint import JointRows
from db.errors import translated
from db.gateways import joint_values
from db.gateways.joint_rows import JointReader, told_rows
from db.gateways.whistle_rules import read_teams, read_whistle_rules

_NUMBER = re.compile(r"(?:[A-Z]{2}-\d{8}-)?0*(\d{1,9})")  # CS-20261122-0003, or its last digits
_NOT_FOUND = "没有这一条，或它不在您的范围内"
_CONFLICTS = """select unit_id, summons_id, no,
  extract(epoch from since_at)::float8, extract(epoch from until_at)::float8
  from cc.summons_conflicts(:units, to_timestamp(:since), to_timestamp(:until), :besides)"""
_SCORES = "select * from cc.unit_scores(to_timestamp(:since), to_timestamp(:until))"
_SCORED = """exists (select from cc.summons_party p where p.summons_id = s.id and p.unit_id = :unit
    and (p.response_score is not null or p.score is not null))
  and coalesce(s.closed_at, s.archived_at) >= to_timestamp(:since)
  and coalesce(s.closed_at, s.archived_at) < to_timestamp(:until) order by s.id desc"""
_BULLETINS = """select b.id, b.no, b.kind, b.summons_id, b.summons_no, b.party_no, b.unit_id, b.words,
  extract(epoch from b.at)::float8, b.by_id is null, b.task_id, k.state, extract(epoch from k.due)::float8,
  extract(epoch from b.revoked_at)::float8
  from cc.bulletin b left join cc.task k on k.id = b.task_id and k.district_id = b.district_id
  where b.at >= to_timestamp(:since) and b.at < to_timestamp(:until) order by b.at desc, b.id desc"""
_CLEARING = """s.id in (select max(o.id) from cc.summons_case c join cc.summons o on o.id = c.summons_id
    where c.case_id = any(:cases) and o.kind = 'whistle' and o.closed_at is not null and not exists (
      select from cc.ledger l where l.case_id = c.case_id and l.kind = 'force_close' and l.opened_at >= o.issued_at)
    group by c.case_id)
  order by s.id desc"""
_NEWEST = 2**62  # above every id

T = TypeVar("T")


class PgJointQueries:
    """`ports_joint.JointQueries`; each question takes one connection of the pool. home: the caller's district."""

    def __init__(self, engine: Engine, home: int) -> None:
        self._engine = engine
        self._home = home

    @contextmanager
    def _reading(self) -> Iterator[JointReader]:
        """One snapshot for all tables."""
        with translated(), self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield JointReader(connection)

    def _rows(self, sql: str, **values: Any) -> Sequence[Any]:
        with translated(), self._engine.connect() as connection:
            return connection.execute(text(sql), values).all()

    def open_joint(self) -> JointRows:
        """All that are open."""
        with self._reading() as reader:
            return reader.open()

    def joint(self, ids: Sequence[int]) -> JointRows:
        """These, open or not; those out of scope are left out."""
        if not ids:
            return JointRows()
        return told_rows(self._rows("select cc.joint_rows(:ids)", ids=list(ids))[0][0])

    def _summons(self, where: str, **values: Any) -> list[SummonsRow]:
        with self._reading() as reader:
            return reader.summons(where, **values)

    def archived(self, kind: str, before_id: int | None, limit: int) -> list[SummonsRow]:
        """A page of summons that are over, newest first, keyset by id."""
        where = "not s.open and s.kind = :kind and s.id < :before order by s.id desc limit :limit"
        return self._summons(where, kind=kind, before=before_id or _NEWEST, limit=limit)

    def closed_meetings(self, before_id: int | None, limit: int) -> list[MeetingRow]:
        """A page of meetings that are over, newest first, keyset by id."""
        where = "not m.open and m.id < :before order by m.id desc limit :limit"
        with self._reading() as reader:
            return reader.meetings(where, before=before_id or _NEWEST, limit=limit)

    def closed_tasks(self, before_id: int | None, limit: int) -> list[TaskRow]:
        """A page of tasks that are over, newest first, keyset by id."""
        where = "not k.open and k.id < :before order by k.id desc limit :limit"
        with self._reading() as reader:
            return reader.tasks(where, before=before_id or _NEWEST, limit=limit)

    def summons_by_no(self, no: str) -> SummonsRow | None:
        """By its number, or by the number's last digits (then the newest such)."""
        wanted = no.strip().upper()
        if (found := _NUMBER.fullmatch(wanted)) is None:
            return None
        if not wanted.isdigit():
            rows = self._summons("s.no = :no order by s.id desc limit 1", no=wanted)
        else:
            # The number is a part of the id, so the index of the key serves although no month was said.
            rows = self._summons("s.id % 1000000000 = :n order by s.id desc limit 1", n=int(found[1]))
        return rows[0] if rows else None

    def summons_of_case(self, case_id: int) -> list[SummonsRow]:
        """Whistles and orders that were opened for this case, newest first."""
        where = "s.id in (select c.summons_id from cc.summons_case c where c.case_id = :case) order by s.id desc"
        return self._summons(where, case=case_id)

    def clearing_whistles(self, cases: Sequence[int]) -> list[SummonsRow]:
        """The newest whistle that is over of each of these cases, issued since it came onto the ledger."""
        return self._summons(_CLEARING, cases=list(cases)) if cases else []

    # ------------------------------------------------------------ files
    def _told(self, reader: JointReader, of_entity: str, which: int) -> dict[str, Any]:
        told: dict[str, Any] = reader.scalar(f"select cc.{of_entity}_file(:which)", which=which)
        return told

    def summons_file(self, summons_id: int) -> SummonsFile:
        """Everything about one, in one snapshot."""
        with self._reading() as reader:
            row = _only(reader.summons("s.id = :which", which=summons_id))
            told = self._told(reader, "summons", summons_id)
            return SummonsFile(
                row=row,
                reason=told.get("reason") or "",
                conclusion=told.get("conclusion") or "",
                words=joint_values.words(told),
                checks=joint_values.checks(told),
                trace=joint_values.trace(told),
                files=joint_values.files(told),
                objections=joint_values.objections(told),
                bulletins=joint_values.bulletins(told),
                documents=joint_values.documents(told),
                meetings=tuple(reader.meetings("m.summons_id = :which order by m.id", which=summons_id)),
                tasks=tuple(reader.tasks("k.summons_id = :which order by k.id", which=summons_id)),
            )

    def meeting_file(self, meeting_id: int) -> MeetingFile:
        """Everything about one, in one snapshot."""
        with self._reading() as reader:
            row = _only(reader.meetings("m.id = :which", which=meeting_id))
            told = self._told(reader, "meeting", meeting_id)
            tasks = reader.tasks("k.meeting_id = :which order by k.id", which=meeting_id)
            return MeetingFile(row, told["agenda"], told["decisions"], joint_values.trace(told),
                               joint_values.files(told), tuple(tasks))  # fmt: skip

    def task_file(self, task_id: int) -> TaskFile:
        """Everything about one, in one snapshot."""
        with self._reading() as reader:
            row = _only(reader.tasks("k.id = :which", which=task_id))
            told = self._told(reader, "task", task_id)
            return TaskFile(row, told["text"], told["result"], joint_values.trace(told), joint_values.files(told))

    def joint_file(self, entity_id: int, seq: int) -> bytes:
        """The content of one attachment."""
        content = self._rows("select cc.joint_file_content(:which, :seq)", which=entity_id, seq=seq)[0][0]
        if content is None:
            raise NotFound("没有这个附件，或它不在您的范围内")
        return bytes(content)

    # ------------------------------------------------------------ conflicts, scores, bulletins
    def conflicts(self, units: Sequence[int], since: float, until: float, besides: int | None) -> list[Conflict]:
        """Units that another open summons expects at these hours."""
        if not units:
            return []
        rows = self._rows(_CONFLICTS, units=list(units), since=since, until=until, besides=besides)
        return [Conflict(*row) for row in rows]

    def unit_scores(self, since: float, until: float) -> list[UnitScore]:
        """一哨一考 of lanes whose summons was closed in the period; best first."""
        scores = [_score(row) for row in self._rows(_SCORES, since=since, until=until)]
        return sorted(scores, key=lambda score: (score.score is None, -(score.score or 0.0), score.unit_id))

    def scored_lanes(self, unit_id: int, since: float, until: float) -> list[SummonsRow]:
        """The summons behind one unit's score, newest first."""
        return self._summons(_SCORED, unit=unit_id, since=since, until=until)

    def bulletins(self, since: float, until: float) -> list[Bulletin]:
        """通报 of a period, newest first, those that were revoked among them."""
        return [Bulletin(*row) for row in self._rows(_BULLETINS, since=since, until=until)]

    # ------------------------------------------------------------ documents, rules
    def check_document(self, code: str) -> Document | None:
        """The document that was issued under this code; None: no such code."""
        told = self._rows("select cc.check_document(:code)", code=code.strip())[0][0]
        return joint_values.document(told) if told else None

    def whistle_rules(self) -> WhistleRules:
        """The city's rules."""
        return self._of_home(read_whistle_rules)

    def teams(self) -> list[Team]:
        """Standing teams, those of the profile first."""
        return self._of_home(read_teams)

    def _of_home(self, read: Callable[..., T]) -> T:
        with translated(), self._engine.connect() as connection:
            return read(connection, self._home)


def _only(rows: Sequence[T]) -> T:
    if not rows:
        raise NotFound(_NOT_FOUND)
    return rows[0]


def _score(row: Any) -> UnitScore:
    """By the names of the columns; averages come as numeric."""
    told = row._mapping
    return UnitScore(**{field.name: _figure(field, told[field.name]) for field in fields(UnitScore)})


def _figure(field: Field[Any], given: Any) -> Any:
    return float(given) if given is not None and str(field.type).startswith("float") else given
