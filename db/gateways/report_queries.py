"""Questions about cases and joint matters where those that are reports go to the replica."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine

from commandcenter.domain.joint import Bulletin, MeetingRow, SummonsRow, TaskRow, UnitScore
from commandcenter.domain.model import CaseRow, UnitFigures
from commandcenter.domain.rulings import Ruling
from db.gateways.case_queries import PgCaseQueries
from db.gateways.joint_queries import PgJointQueries
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

    def rulings(self, since: float, until: float) -> list[Ruling]:
        """疑难定责 of a period, newest first."""
        return self._report(lambda queries: queries.rulings(since, until))

    def unit_figures(self) -> list[UnitFigures]:
        """How the units of the district stand."""
        return self._report(lambda queries: queries.unit_figures())


class JointReports(PgJointQueries):
    """`ports_joint.JointQueries`: scores over periods with the rows behind them, bulletins and pages of the archive by
    the reader; what is open, one file and what an action follows upon by the primary."""

    def __init__(self, engine: Engine, home: int, reader: Reader) -> None:
        super().__init__(engine, home)
        self._reader = reader

    def _report(self, question: Callable[[PgJointQueries], T]) -> T:
        return self._reader.answer(lambda engine: question(PgJointQueries(engine, self._home)))

    def archived(self, kind: str, before_id: int | None, limit: int) -> list[SummonsRow]:
        """A page of summons that are over, newest first."""
        return self._report(lambda queries: queries.archived(kind, before_id, limit))

    def closed_meetings(self, before_id: int | None, limit: int) -> list[MeetingRow]:
        """A page of meetings that are over, newest first."""
        return self._report(lambda queries: queries.closed_meetings(before_id, limit))

    def closed_tasks(self, before_id: int | None, limit: int) -> list[TaskRow]:
        """A page of tasks that are over, newest first."""
        return self._report(lambda queries: queries.closed_tasks(before_id, limit))

    def unit_scores(self, since: float, until: float) -> list[UnitScore]:
        """一哨一考 of a period, best first."""
        return self._report(lambda queries: queries.unit_scores(since, until))

    def scored_lanes(self, unit_id: int, since: float, until: float) -> list[SummonsRow]:
        """The summons behind one unit's score."""
        return self._report(lambda queries: queries.scored_lanes(unit_id, since, until))

    def bulletins(self, since: float, until: float) -> list[Bulletin]:
        """通报 of a period, newest first."""
        return self._report(lambda queries: queries.bulletins(since, until))
