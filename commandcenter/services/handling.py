"""办理: what the unit does with a case that was dispatched to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from commandcenter.domain.model import CaseRow, Done, NewAttachment
from commandcenter.services.commands import CaseActions


class HandlingService(CaseActions):
    """The handler's intents (处置员)."""

    def receive(self, row: CaseRow, note: str = "") -> Done:
        """接收."""
        return self.act(row, "receive", {"note": note})

    def feedback(self, row: CaseRow, result: str, photos: Sequence[NewAttachment] = ()) -> Done:
        """反馈 with its evidence. The photos go first, because some subclasses refuse a feedback without an 处置后
        photo; they stay on the case if the feedback itself is then refused. Their ids make a repetition safe."""
        for photo in photos:
            self._performer.attach(photo)
        return self.act(row, "feedback", {"result": result})

    def return_case(self, row: CaseRow, reason: str, legal_basis: str) -> Done:
        """回退, inside the return window, with reason and legal basis."""
        return self.act(row, "return_case", {"reason": reason, "legal_basis": legal_basis})

    def sub_dispatch(self, row: CaseRow, unit_id: int, note: str = "") -> Done:
        """二次派发 to a section, agency or community below this unit."""
        return self.act(row, "sub_dispatch", {"unit_id": unit_id, "note": note})

    def hand_back(self, row: CaseRow, reason: str) -> Done:
        """退回主责单位 what was sub-dispatched."""
        return self.act(row, "hand_back", {"reason": reason})

    def ask_suspension(self, row: CaseRow, until: datetime, reason: str) -> Done:
        """申请挂起 until an aware datetime."""
        return self.act(row, "request_suspend", {"until": until, "reason": reason})

    def ask_extension(self, row: CaseRow, minutes: int, reason: str) -> Done:
        """申请延期 by working minutes of the stage's clock."""
        return self.act(row, "request_extension", {"minutes": minutes, "reason": reason})
