"""采集、受理、立案: takes problems in and decides what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import uuid4

from commandcenter.domain.model import CaseRow, Done, NewAttachment, NewReport
from commandcenter.services.commands import CaseActions


class ReportFields(TypedDict, total=False):
    """What may be told beside channel and description; meanings as in NewReport."""

    summary: str
    address: str
    source_no: str
    occurred_at: datetime | None
    lon: float | None
    lat: float | None
    item_id: int | None
    grid_id: int | None
    grade: str | None
    reporter_name: str
    reporter_phone: str
    reporter_address: str


class Classification(TypedDict, total=False):
    """What 定类定位 may set: 小类, 网格, 分级 (simple, clear, cross)."""

    item_id: int | None
    grid_id: int | None
    grade: str | None
    note: str


def new_report(channel: str, description: str, **more: Unpack[ReportFields]) -> NewReport:
    """A report with an id of its own. Made once per filled form, so that pressing twice doubles nothing."""
    return NewReport(uuid4(), channel, description, **more)


class IntakeService(CaseActions):
    """The acceptor's intents (受理员)."""

    def report(self, report: NewReport) -> Done:
        """采集: take the problem in."""
        return self._performer.report(report)

    def classify(self, row: CaseRow, **what: Unpack[Classification]) -> Done:
        """定类定位 without moving the case on."""
        return self.act(row, "classify", dict(what))

    def accept(self, row: CaseRow, **what: Unpack[Classification]) -> Done:
        """受理, classifying in the same step if wanted."""
        return self.act(row, "accept", dict(what))

    def file(self, row: CaseRow, **what: Unpack[Classification]) -> Done:
        """立案; 小类 and 网格 must be known by then."""
        return self.act(row, "file", dict(what))

    def reject(self, row: CaseRow, reason: str) -> Done:
        """不予受理; the reason is what the reporter will be told."""
        return self.act(row, "reject", {"reason": reason})

    def merge(self, row: CaseRow, master_id: int) -> Done:
        """并案 into an open master case, which answers the reporters of both."""
        return self.act(row, "merge", {"master_id": master_id})

    def self_handle(self, row: CaseRow, result: str, photos: Sequence[NewAttachment] = ()) -> Done:
        """自处理结案: the finder fixed it; needs a photo of before and one of after."""
        for photo in photos:
            self._performer.attach(photo)
        return self.act(row, "self_handle", {"result": result})
