"""`ports_replay.Replay` over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from sqlalchemy import Engine, text

from commandcenter.domain.joint import MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.domain.model import CaseRow
from commandcenter.ports_joint import JointRows
from commandcenter.ports_replay import CaseChange, CaseChanges, JointChanges, ReplayLimits
from db.errors import translated
from db.gateways.calling import Caller
from db.gateways.case_rows import CASE_CHANGES, CASES_AT, RowReader
from db.gateways.joint_values import Value, value

BATCH = 1000
AT_MOST = 20_000  # changes of one answer
_LIMITS = """select extract(epoch from since)::float8, extract(epoch from until)::float8 from cc.replay_limits()"""
_DENSITY = """select extract(epoch from hour)::float8, n
  from cc.replay_density(to_timestamp(:since), to_timestamp(:until))"""
_JOINT_AT = "select entity, told from cc.joint_at(to_timestamp(:at))"
_JOINT_CHANGES = """select extract(epoch from at)::float8, entity, told
  from cc.joint_changes(to_timestamp(:since), to_timestamp(:until), :at_most)"""


class PgReplay(Caller):
    """Over an autocommit engine; the functions decide what is seen."""

    def __init__(self, engine: Engine, home: int) -> None:
        """`home`: the district, or city, the person belongs to."""
        super().__init__(engine)
        self._home = home

    def _rows(self, sql: str, **values: Any) -> Sequence[Any]:
        with translated(), self._engine.connect() as connection:
            return connection.execute(text(sql), values).all()

    def limits(self) -> ReplayLimits:
        """From when until when."""
        return ReplayLimits(*self._rows(_LIMITS)[0])

    def density(self, since: float, until: float) -> list[tuple[float, int]]:
        """Events by the hour."""
        return [(row[0], row[1]) for row in self._rows(_DENSITY, since=since, until=until)]

    def cases_at(self, at: float) -> Iterator[Sequence[CaseRow]]:
        """What was open at that moment, through a server-side cursor."""
        with translated(), self._engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            reader = RowReader(connection)
            found = connection.execute(text(CASES_AT), {"at": at}, execution_options={"stream_results": True})
            for part in found.partitions(BATCH):
                yield reader.rows(part)

    def case_changes(self, since: float, until: float) -> CaseChanges:
        """What happened to cases, in the order of time."""
        asked = {"since": since, "until": until, "at_most": AT_MOST}
        with translated(), self._engine.connect() as connection:
            found = connection.execute(text(CASE_CHANGES), asked).all()
            kept, end = _whole_moments(found, until)
            rows = iter(RowReader(connection).rows(row[2:] for row in kept if not row[1]))
        return CaseChanges(tuple(CaseChange(row[0], row[2], None if row[1] else next(rows)) for row in kept), end)

    def joint_at(self, at: float) -> JointRows:
        """What was open of the others at that moment."""
        return _together(self._rows(_JOINT_AT, at=at))

    def joint_changes(self, since: float, until: float) -> JointChanges:
        """What happened to them, in the order of time."""
        kept, end = _whole_moments(self._rows(_JOINT_CHANGES, since=since, until=until, at_most=AT_MOST), until)
        return JointChanges(tuple((row[0], _together([row[1:]])) for row in kept), end)


def _whole_moments(found: Sequence[Any], until: float) -> tuple[Sequence[Any], float]:
    """Of an answer that was cut off, what is whole: the last moment may have had more. And until when it is."""
    if len(found) < AT_MOST:
        return found, until
    last = found[-1][0]
    kept = [row for row in found if row[0] < last]
    return (kept, kept[-1][0]) if kept else (found, last)


def _together(found: Sequence[Any]) -> JointRows:
    """Rows of (entity, told)."""
    rows: dict[str, list[Any]] = {"summons": [], "meeting": [], "task": []}
    for entity, told in found:
        rows[entity].append(_MADE[entity](told))
    return JointRows(tuple(rows["summons"]), tuple(rows["meeting"]), tuple(rows["task"]))


def _summons(told: Mapping[str, Any]) -> SummonsRow:
    parties = tuple(_whole(Party, party) for party in told["parties"])
    return _whole(SummonsRow, {**told, "cases": tuple(told["cases"]), "parties": parties})


def _meeting(told: Mapping[str, Any]) -> MeetingRow:
    attendees = tuple((unit, state) for unit, state in told["attendees"])
    return _whole(MeetingRow, {**told, "cases": tuple(told["cases"]), "attendees": attendees})


def _task(told: Mapping[str, Any]) -> TaskRow:
    return _whole(TaskRow, told)


_MADE = {"summons": _summons, "meeting": _meeting, "task": _task}


def _whole(kind: type[Value], told: Mapping[str, Any]) -> Value:
    """What was empty then is not kept."""
    return value(kind, {**_empty(kind), **told})


def _empty(kind: type) -> dict[str, None]:
    return {field.name: None for field in fields(kind) if field.default is MISSING}
