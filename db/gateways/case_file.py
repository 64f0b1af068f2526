"""One selected case with its trace, clocks, evidence and reporters: one answer of the database, read into values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.domain.model import (
    Attachment,
    CaseFile,
    CaseRow,
    MaskedReporter,
    PendingRequest,
    StageClock,
    TraceCheck,
    TraceEvent,
)

_FILE = text("select cc.case_file(:c)")
# Where instants stand in the lists of the answer, which follow the fields of the values.
_EVENT_INSTANTS, _STAGE_INSTANTS, _REPORTER_INSTANTS, _REQUEST_INSTANTS = {1, 2}, {3, 6, 7, 8, 10}, {4, 8}, {2, 4}
_NO_DETAIL = ("", "", None, None, "")


def read_case_file(connection: Connection, row: CaseRow) -> CaseFile:
    """What belongs to `row`, all of one snapshot."""
    told: dict[str, Any] = connection.execute(_FILE, {"c": row.id}).scalar_one()
    description, address, source_no, occurred_at, result = _read(told.get("detail") or _NO_DETAIL, {3})
    request = told.get("request")
    return CaseFile(
        row=row,
        description=description,
        address=address,
        source_no=source_no,
        occurred_at=occurred_at,
        result=result,
        master_id=told["master_id"],
        trace=tuple(TraceEvent(*_read(one, _EVENT_INSTANTS)) for one in told.get("trace") or ()),
        stages=tuple(StageClock(*_read(one, _STAGE_INSTANTS)) for one in told["stages"] or ()),
        attachments=tuple(Attachment(*one) for one in told.get("attachments") or ()),
        reporters=tuple(MaskedReporter(*_read(one, _REPORTER_INSTANTS)) for one in told.get("reporters") or ()),
        request=PendingRequest(*_read(request, _REQUEST_INSTANTS)) if request else None,
        viewers=tuple(told["viewers"] or ()),
        check=TraceCheck(**told["check"]),
    )


def _read(values: Sequence[Any], instants: Collection[int]) -> list[Any]:
    """The values, instants from their ISO form."""
    return [
        datetime.fromisoformat(value) if place in instants and value is not None else value
        for place, value in enumerate(values)
    ]
