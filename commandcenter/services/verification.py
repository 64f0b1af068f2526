"""核查、答复、回访、结案: makes sure that it was done and that the citizen knows."""

from __future__ import annotations

from commandcenter.domain.model import CaseRow, Done
from commandcenter.services.commands import CaseActions


class VerificationService(CaseActions):
    """The intents of verifier (核查员), follow-up clerk (回访员) and of the acceptor who closes."""

    def verify(self, row: CaseRow, note: str = "") -> Done:
        """核查通过."""
        return self.act(row, "verify", {"note": note})

    def rework(self, row: CaseRow, reason: str) -> Done:
        """返工: back to the unit, counted."""
        return self.act(row, "rework", {"reason": reason})

    def reply(self, row: CaseRow, text: str) -> Done:
        """答复来电人: every reporter of the case and of those merged into it."""
        return self.act(row, "reply", {"text": text})

    def follow_up(self, row: CaseRow, satisfied: str, solved: str, note: str = "") -> Done:
        """回访; satisfied: satisfied, basically, dissatisfied; solved: yes, no."""
        return self.act(row, "follow_up", {"satisfied": satisfied, "solved": solved, "note": note})

    def close(self, row: CaseRow, note: str = "") -> Done:
        """结案."""
        return self.act(row, "close", {"note": note})
