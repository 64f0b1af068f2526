"""Questions about cases where those that are reports go to the replica."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine

from commandcenter.domain.model import CaseRow, UnitFigures
from db.gateways.case_queries import PgCaseQueries
from db.reader import Reader

T = TypeVar("T")


class ReportQueries(PgCaseQueries):
    """`ports.CaseQueries`: figures over periods and pages of closed cases by the reader, the rest by the primary.

    What an action follows upon stays with the primary: open cases, a case with its version, its file, who else looks at
    it, what lies near, and one's own shift, which counts what was done a second ago.
    """

    def __init__(self, engine: Engine, reader: Reader) -> None:
        super().__init__(engine)
        self._reader = reader

    def _report(self, question: Callable[[PgCaseQueries], T]) -> T:
        return self._reader.answer(lambda engine: question(PgCaseQueries(engine)))

    def closed_cases(self, before_id: int | None, limit: int) -> list[CaseRow]:
        """A page of closed cases, newest first."""
        return self._report(lambda queries: queries.closed_cases(before_id, limit))

    def unit_figures(self) -> list[UnitFigures]:
        """How the units of the district stand."""
        return self._report(lambda queries: queries.unit_figures())
