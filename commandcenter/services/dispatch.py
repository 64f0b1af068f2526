"""派遣: sends cases to the unit that must act, and takes a dispatch back while the unit has not accepted it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from commandcenter.domain.model import CaseRow, Command, Done
from commandcenter.services.commands import CaseActions, Outcome, attempt


class DispatchService(CaseActions):
    """The dispatcher's intents; many cases at once are many commands, and one that fails stops no other."""

    def dispatch(self, rows: Sequence[CaseRow], unit_id: int, note: str = "") -> list[Outcome]:
        """派遣 each case to the unit; outcomes in the order of `rows`."""
        args = {"unit_id": unit_id, "note": note}
        return [attempt(row.id, partial(self.act, row, "dispatch", args)) for row in rows]

    def undo(self, dispatched: Sequence[Done]) -> list[Outcome]:
        """撤销派遣: take back what `dispatch` answered; works for one's own dispatch until the unit accepts it."""
        return [attempt(done.case_id, partial(self._undo, done)) for done in dispatched]

    def _undo(self, done: Done) -> Done:
        return self._performer.perform(Command(uuid4(), done.case_id, done.version, "undo_dispatch"))
