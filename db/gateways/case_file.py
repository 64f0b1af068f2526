"""One selected case with its trace, clocks, evidence and reporters."""

from __future__ import annotations

from collections.abc import Sequence
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

_DETAIL = """select coalesce(d.description, ''), coalesce(d.address, ''), d.source_no, d.occurred_at,
  coalesce(d.result, ''), c.master_id
  from cc.cases c left join cc.case_detail d on d.district_id = c.district_id and d.case_id = c.id where c.id = :c"""
_TRACE = """select seq, at, recorded_at, actor_id, actor_login, actor_name, role, action,
  from_state, to_state, unit_id, what
  from cc.case_event where case_id = :c order by seq"""
_STAGES = """select seq, stage, unit_id, since, clock, limit_s, deadline, warn_at, ended_at, used_s,
  paused_at, paused_s, overdue
  from cc.case_stage where case_id = :c order by seq"""
_EVIDENCE = "select seq, kind, name, mime, bytes, sha256 from cc.attachment where case_id = :c order by seq"
# The reporters of merged cases, however often over, are answered with the master's.
_REPORTERS = """with recursive family(id) as (
  select cast(:c as bigint) union select m.id from family join cc.cases m on m.master_id = family.id)
  select reporter_id, case_id, name_masked, phone_masked, answered_at, answer, satisfied, solved, followed_up_at
  from cc.case_reporter where case_id in (select id from family) order by reporter_id"""
_REQUEST = """select kind, asked_by, asked_at, reason, until, minutes from cc.case_request
  where case_id = :c and decided_at is null order by seq desc limit 1"""
_VIEWERS = "select operator_id from cc.presence where case_id = :c order by at"
_CHECK = "select cc.trace_check(:c)"


def read_case_file(connection: Connection, row: CaseRow) -> CaseFile:
    """Read what belongs to `row`; all questions see the same snapshot if the transaction is repeatable read."""

    def rows(sql: str) -> Sequence[Any]:
        return connection.execute(text(sql), {"c": row.id}).all()

    description, address, source_no, occurred_at, result, master_id = rows(_DETAIL)[0]
    requests = [PendingRequest(*r) for r in rows(_REQUEST)]
    return CaseFile(
        row=row,
        description=description,
        address=address,
        source_no=source_no,
        occurred_at=occurred_at,
        result=result,
        master_id=master_id,
        trace=tuple(TraceEvent(*r) for r in rows(_TRACE)),
        stages=tuple(StageClock(*r) for r in rows(_STAGES)),
        attachments=tuple(Attachment(*r) for r in rows(_EVIDENCE)),
        reporters=tuple(MaskedReporter(*r) for r in rows(_REPORTERS)),
        request=requests[0] if requests else None,
        viewers=tuple(r[0] for r in rows(_VIEWERS)),
        check=TraceCheck(**rows(_CHECK)[0][0]),
    )
