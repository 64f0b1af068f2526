"""Case rows for tests of the core: a plain open case with whatever a test wants to be different."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commandcenter.domain.model import CaseRow

T0 = 1_750_000_000.0

_PLAIN = CaseRow(
    id=1, no="2506-000001", version=1, state="filed", grade="clear", priority=5, urgent=False, item_id=7, channel_id=2,
    citizen=True, street_id=11, community_id=12, grid_id=13, lon=116.4, lat=39.9, unit_id=None, handler_id=None,
    ruled=False, reported_at=T0, changed_at=T0, stage_since=T0, deadline=None, warn_at=None, clock="hours",
    paused_left_s=None, resume_at=None, dispatched_by=None, dispatched_at=None, returns=0, reworks=0, asked=None,
    supervised=False, on_ledger=False, answered=False, followed_up=False, photos=0, open=True, summary="路灯不亮",
)  # fmt: skip


def case_row(case_id: int = 1, **different: Any) -> CaseRow:
    """An open case waiting for dispatch, without a deadline."""
    return replace(_PLAIN, id=case_id, no=f"2506-{case_id:06}", **different)
