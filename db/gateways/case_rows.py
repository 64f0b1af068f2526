"""The queue's columns: one SELECT list, read as tuples and turned into CaseRow by position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from sys import intern
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.domain.model import CaseRow

_EPOCH = "extract(epoch from {0})::float8"
_INSTANTS = frozenset({"reported_at", "changed_at", "stage_since", "deadline", "warn_at", "resume_at", "dispatched_at"})
# The words of a case are asked for only while it has no catalogue item to be named by; the last field.
_FIELDS = tuple(name for name in CaseRow.__dataclass_fields__ if name != "summary")
_ITEM = _FIELDS.index("item_id")
# Few values among many rows: kept once they are a fifth of the memory.
_WORDS = frozenset({"state", "grade", "clock", "asked"})
_NUMBERS = frozenset({"item_id", "street_id", "community_id", "grid_id", "unit_id", "handler_id", "dispatched_by"})
_WORDS_AT = tuple(_FIELDS.index(name) for name in _FIELDS if name in _WORDS)
_NUMBERS_AT = tuple(_FIELDS.index(name) for name in _FIELDS if name in _NUMBERS)

_LIST = ", ".join(_EPOCH.format(f"c.{name}") if name in _INSTANTS else f"c.{name}" for name in _FIELDS)
SELECT_CASES = f"select {_LIST} from cc.cases c"
FIRST_CASES = f"select {_LIST} from cc.first_cases(:states, :handlers, :at_most) c"
CASES_AT = f"select {_LIST} from cc.cases_at(to_timestamp(:at)) c"
CASE_CHANGES = (
    f"select {_EPOCH.format('k.at')}, k.gone, {_LIST}"
    " from cc.case_changes(to_timestamp(:since), to_timestamp(:until), :at_most) k, lateral (select (k.was).*) c"
)
_SUMMARIES = text("select case_id, summary from cc.summaries(:ids)")


class RowReader:
    """Makes CaseRows of one answer's tuples; equal words and numbers become the same object."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers: dict[int | None, int | None] = {}

    def rows(self, found: Iterable[Sequence[Any]]) -> list[CaseRow]:
        """The rows of SELECT_CASES or FIRST_CASES; asks for the words of those that have no item yet."""
        tuples = [self._shared(values) for values in found]
        nameless = [values[0] for values in tuples if values[_ITEM] is None]
        words = self._summaries(nameless) if nameless else {}
        for values in tuples:
            values.append(words.get(values[0], ""))
        return [CaseRow(*values) for values in tuples]

    def _summaries(self, ids: list[int]) -> dict[int, str]:
        return {row[0]: row[1] for row in self._connection.execute(_SUMMARIES, {"ids": ids})}

    def _shared(self, values: Sequence[Any]) -> list[Any]:
        made, numbers = list(values), self._numbers
        for place in _WORDS_AT:
            if made[place] is not None:
                made[place] = intern(made[place])
        for place in _NUMBERS_AT:
            made[place] = numbers.setdefault(made[place], made[place])
        return made


def told_rows(found: Iterable[Mapping[str, Any]]) -> list[CaseRow]:
    """The rows of cc.changed_rows; without cases that have no item yet, because their words must be asked for."""
    return [CaseRow(*_told(row)) for row in found if row["item_id"] is not None]


def _told(row: Mapping[str, Any]) -> list[Any]:
    return [*(_value(name, row[name]) for name in _FIELDS), ""]


def _value(name: str, told: Any) -> Any:
    if name in _INSTANTS and told is not None:
        return datetime.fromisoformat(told).timestamp()
    return intern(told) if name in _WORDS and told is not None else told
