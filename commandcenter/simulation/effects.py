"""What a command changes on a case's row, so that the agents need not read it again after every step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commandcenter.domain.model import CaseRow, Directory, Done
from commandcenter.domain.workflow import load_workflow
from commandcenter.simulation.life import Draft
from commandcenter.simulation.timing import Timing


def first_row(draft: Draft, done: Done, now: float, timing: Timing) -> CaseRow:
    """The row of a case just reported. Where only coordinates were told the acceptor still confirms the grid: on a
    border the database may have found the neighbour."""
    place, report = draft.place, draft.report
    known = report.grid_id is not None
    due = timing.due(now, report.item_id, "accept")
    return CaseRow(
        id=done.case_id, no=done.no, version=done.version, state=done.state, grade="clear", priority=6, urgent=False,
        item_id=report.item_id, channel_id=draft.channel.id, citizen=draft.channel.citizen,
        street_id=place.street_id if known else None, community_id=place.community_id if known else None,
        grid_id=place.grid_id if known else None, lon=report.lon, lat=report.lat, unit_id=None, handler_id=None,
        ruled=False, reported_at=now, changed_at=now, stage_since=now, deadline=due, warn_at=None, clock=None,
        paused_left_s=None, resume_at=None, dispatched_by=None, dispatched_at=None, returns=0, reworks=0, asked=None,
        supervised=False, on_ledger=False, answered=False, followed_up=False, photos=0, open=True,
        summary=report.summary,
    )  # fmt: skip


def row_after(
    row: CaseRow, action: str, args: Mapping[str, Any], done: Done, now: float, directory: Directory, timing: Timing
) -> CaseRow:
    """The row after a command was carried out; mirrors db/schema/functions/40_act.sql as far as agents look."""
    changes = _changes(row, action, args, now, directory)
    state = done.state or row.state
    new = replace(row, version=done.version or row.version, state=state, changed_at=now, **changes)
    stage = load_workflow().state[state].stage
    new = replace(new, open=stage is not None)
    if action in ("suspend", "resume", "request_extension", "request_suspend", "refuse_request"):
        return new
    if action == "approve_extension":
        return replace(new, deadline=None)  # further away; how far is the supervisor's to say
    if new.state == row.state and new.handler_id == row.handler_id:
        return new
    return replace(new, stage_since=now, deadline=_deadline(row, new, stage, action, now, timing))


def _deadline(
    row: CaseRow, new: CaseRow, stage: str | None, action: str, now: float, timing: Timing
) -> float | None:
    if stage is None:
        return None
    if stage == "handle" and new.handler_id != new.unit_id:
        return row.deadline  # a sub-dispatched unit works inside the time of the responsible one
    return timing.due(now, new.item_id, stage, 0.5 if action == "rework" else 1.0)


def _changes(
    row: CaseRow, action: str, args: Mapping[str, Any], now: float, directory: Directory
) -> dict[str, Any]:
    fixed = _FIXED.get(action)
    if fixed is not None:
        return fixed
    if action in ("classify", "accept", "file"):
        return _classified(args, directory)
    if action in ("dispatch", "rule"):
        unit = int(args["unit_id"])
        return {"unit_id": unit, "handler_id": unit, "dispatched_at": now, "ruled": action == "rule", "asked": None}
    if action == "return_case":
        return {**_NOBODY, "returns": row.returns + 1, "asked": None}
    if action == "sub_dispatch":
        return {"handler_id": int(args["unit_id"]), "asked": None}
    if action == "hand_back":
        return {"handler_id": row.unit_id, "asked": None}
    if action == "suspend":
        return {"asked": None, "resume_at": _instant(args["until"])}
    if action == "rework":
        return {"reworks": row.reworks + 1, "answered": False, "followed_up": False}
    return {}


def _classified(args: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "item_id" in args:
        item = directory.items[args["item_id"]]
        changes |= {"item_id": item.id, "urgent": item.urgent, "grade": item.grade}
    if "grid_id" in args:
        grid = directory.grids[args["grid_id"]]
        changes |= {"grid_id": grid.id, "street_id": grid.street_id, "community_id": grid.community_id}
    return changes


def _instant(value: datetime | str) -> float:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).timestamp()


_NOBODY: dict[str, Any] = {"unit_id": None, "handler_id": None}
_FIXED: dict[str, dict[str, Any]] = {
    "undo_dispatch": {**_NOBODY, "dispatched_at": None},
    "request_suspend": {"asked": "suspend"},
    "request_extension": {"asked": "extension"},
    "approve_extension": {"asked": None},
    "refuse_request": {"asked": None},
    "feedback": {"asked": None},
    "reply": {"answered": True},
    "follow_up": {"followed_up": True},
    "reopen": {**_NOBODY, "ruled": False, "answered": False, "followed_up": False},
    "supervise": {"supervised": True},
    "lift_supervision": {"supervised": False},
    "force_close": {"on_ledger": True},
    "clear_ledger": {"on_ledger": False},
}
