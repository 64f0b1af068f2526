"""值班长: rulings, decisions on what units ask for, and 督办."""

from __future__ import annotations

from datetime import datetime

from commandcenter.domain.errors import WrongState
from commandcenter.domain.model import CaseRow, Done
from commandcenter.services.commands import CaseActions


class SupervisionService(CaseActions):
    """The supervisor's intents; what is not here goes through `act`."""

    def rule(self, row: CaseRow, unit_id: int, reason: str) -> Done:
        """疑难定责: ends the argument who must act."""
        return self.act(row, "rule", {"unit_id": unit_id, "reason": reason})

    def grant_extension(self, row: CaseRow, minutes: int | None = None, note: str = "") -> Done:
        """批准延期, by the working minutes asked for unless others are given."""
        self._must_be_asked(row, "extension", "没有待批的延期申请")
        return self.act(row, "approve_extension", {"minutes": minutes, "note": note})

    def grant_suspension(self, row: CaseRow, until: datetime, reason: str) -> Done:
        """挂起 as asked for, until an aware datetime."""
        self._must_be_asked(row, "suspend", "没有待批的挂起申请")
        return self.act(row, "suspend", {"until": until, "reason": reason})

    def refuse(self, row: CaseRow, reason: str) -> Done:
        """驳回申请."""
        return self.act(row, "refuse_request", {"reason": reason})

    def supervise(self, row: CaseRow, leader: str, reason: str) -> Done:
        """督办 with a named leader."""
        return self.act(row, "supervise", {"leader": leader, "reason": reason})

    def force_close(self, row: CaseRow, reason: str) -> Done:
        """强制结案: onto the ledger, until the street clears it."""
        return self.act(row, "force_close", {"reason": reason})

    @staticmethod
    def _must_be_asked(row: CaseRow, kind: str, otherwise: str) -> None:
        if row.asked != kind:
            raise WrongState(otherwise, {"state": row.state})
