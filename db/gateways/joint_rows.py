"""The rows of summons, meetings and tasks: one SELECT for each table that has a part of them, none per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, text

from commandcenter.domain.joint import MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.ports_joint import JointRows
from db.gateways.joint_values import value, values

_PARTS: Final = frozenset({"title", "place", "leader", "cases", "parties", "attendees"})  # kept in tables of their own
_NUMERIC: Final = frozenset({"score"})


def _columns(kind: type, alias: str) -> str:
    """The columns that a value's fields are named after; instants as Unix seconds."""
    return ", ".join(
        _column(field.name, str(field.type), alias) for field in fields(kind) if field.name not in _PARTS
    )


def _column(name: str, type_name: str, alias: str) -> str:
    if name in _NUMERIC:
        return f"{alias}.{name}::float8"
    if type_name.startswith("float") and name not in ("lon", "lat"):
        return f"extract(epoch from {alias}.{name})::float8"
    return f"{alias}.{name}"


SELECT_SUMMONS: Final = f"select {_columns(SummonsRow, 's')} from cc.summons s"
SELECT_MEETINGS: Final = f"select {_columns(MeetingRow, 'm')} from cc.meeting m"
SELECT_TASKS: Final = f"select {_columns(TaskRow, 'k')} from cc.task k"
_PARTIES = f"select p.summons_id, {_columns(Party, 'p')} from cc.summons_party p where p.summons_id = any(:ids)"
_SUMMONS_WORDS = "select d.summons_id, d.title, d.place from cc.summons_detail d where d.summons_id = any(:ids)"
_SUMMONS_CASES = "select c.summons_id, c.case_id from cc.summons_case c where c.summons_id = any(:ids)"
_MEETING_WORDS = "select d.meeting_id, d.title, d.place from cc.meeting_detail d where d.meeting_id = any(:ids)"
_MEETING_CASES = "select c.meeting_id, c.case_id from cc.meeting_case c where c.meeting_id = any(:ids)"
_ATTENDEES = "select a.meeting_id, a.unit_id, a.state from cc.meeting_attendee a where a.meeting_id = any(:ids)"
_TASK_WORDS = "select d.task_id, d.title, d.leader from cc.task_detail d where d.task_id = any(:ids)"
_NO_WORDS: Final = ("", "")  # who reads no words gets none


class JointReader:
    """Reads rows in one transaction; its snapshot makes a row and its lanes belong together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def summons(self, where: str, **asked: Any) -> list[SummonsRow]:
        """Those that the condition on `s` finds, in its order, with lanes, words and cases."""
        found, ids = self._found(SELECT_SUMMONS, where, asked)
        if not ids:
            return []
        lanes = self._grouped(_PARTIES, ids, lambda values: Party(*values))
        words = self._words(_SUMMONS_WORDS, ids)
        cases = self._grouped(_SUMMONS_CASES, ids, lambda values: int(values[0]))
        return [
            _made(SummonsRow, row, {
                "title": words.get(row[0], _NO_WORDS)[0], "place": words.get(row[0], _NO_WORDS)[1],
                "cases": tuple(sorted(cases[row[0]])),
                "parties": tuple(sorted(lanes[row[0]], key=lambda party: party.no)),
            })
            for row in found
        ]  # fmt: skip

    def meetings(self, where: str, **asked: Any) -> list[MeetingRow]:
        """Those that the condition on `m` finds, with words, cases and who is invited."""
        found, ids = self._found(SELECT_MEETINGS, where, asked)
        if not ids:
            return []
        words = self._words(_MEETING_WORDS, ids)
        cases = self._grouped(_MEETING_CASES, ids, lambda values: int(values[0]))
        invited = self._grouped(_ATTENDEES, ids, lambda values: (int(values[0]), str(values[1])))
        return [
            _made(MeetingRow, row, {
                "title": words.get(row[0], _NO_WORDS)[0], "place": words.get(row[0], _NO_WORDS)[1],
                "cases": tuple(sorted(cases[row[0]])), "attendees": tuple(sorted(invited[row[0]])),
            })
            for row in found
        ]  # fmt: skip

    def tasks(self, where: str, **asked: Any) -> list[TaskRow]:
        """Those that the condition on `k` finds, with their words."""
        found, ids = self._found(SELECT_TASKS, where, asked)
        words = self._words(_TASK_WORDS, ids) if ids else {}
        return [
            _made(TaskRow, row, dict(zip(("title", "leader"), words.get(row[0], _NO_WORDS), strict=True)))
            for row in found
        ]

    def open(self) -> JointRows:
        """All that are open."""
        return JointRows(
            tuple(self.summons("s.open")), tuple(self.meetings("m.open")), tuple(self.tasks("k.open"))
        )

    def scalar(self, sql: str, **asked: Any) -> Any:
        """The one value of a question, of the same snapshot."""
        return self._connection.execute(text(sql), asked).scalar_one()

    def _found(self, select: str, where: str, asked: Mapping[str, Any]) -> tuple[Sequence[Any], list[int]]:
        found = self._connection.execute(text(f"{select} where {where}"), dict(asked)).all()
        return found, [row[0] for row in found]

    def _words(self, select: str, ids: list[int]) -> dict[int, tuple[str, str]]:
        return {row[0]: (row[1], row[2]) for row in self._connection.execute(text(select), {"ids": ids})}

    def _grouped(self, select: str, ids: list[int], make: Callable[[Sequence[Any]], Any]) -> dict[int, list[Any]]:
        groups: dict[int, list[Any]] = defaultdict(list)
        for row in self._connection.execute(text(select), {"ids": ids}):
            groups[row[0]].append(make(row[1:]))
        return groups


def told_rows(told: Mapping[str, Any]) -> JointRows:
    """The answer of cc.joint_rows; nulls where nothing was found."""
    return JointRows(
        tuple(_told_summons(one) for one in told["summons"] or ()),
        tuple(_told_meeting(one) for one in told["meetings"] or ()),
        values(TaskRow, told["tasks"]),
    )


def _told_summons(told: Mapping[str, Any]) -> SummonsRow:
    parts = {"cases": tuple(told["cases"] or ()), "parties": values(Party, told["parties"])}
    return value(SummonsRow, {**told, **parts})


def _told_meeting(told: Mapping[str, Any]) -> MeetingRow:
    attendees = tuple((unit, state) for unit, state in told["attendees"] or ())
    return value(MeetingRow, {**told, "cases": tuple(told["cases"] or ()), "attendees": attendees})


def _made(kind: type, row: Sequence[Any], parts: Mapping[str, Any]) -> Any:
    own = [field.name for field in fields(kind) if field.name not in _PARTS]
    return kind(**dict(zip(own, row, strict=True)), **parts)
