"""What happened in the city since a moment, counted from the events themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, text

from db.errors import translated

_LABELS = {
    "report": "采集",
    "file": "立案",
    "dispatch": "派遣",
    "close": "结案",
    "self_handle": "自处理结案",
    "overdue": "超期",
}


def happened(owner: Engine, since: datetime) -> dict[str, int]:
    """Events by action recorded since then: cases in, filed, dispatched, closed, self-handled, overdue."""
    sql = """select action, count(*) from cc.case_event
      where recorded_at >= :since and action = any(:actions) group by action"""
    with translated(), owner.connect() as connection:
        found = {r[0]: int(r[1]) for r in connection.execute(text(sql), {"since": since, "actions": list(_LABELS)})}
    return {action: found.get(action, 0) for action in _LABELS}


def in_words(figures: Mapping[str, int]) -> str:
    """The figures as one line."""
    return "　".join(f"{label} {figures[action]:,}" for action, label in _LABELS.items())
