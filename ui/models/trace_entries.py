"""A case's trace in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commandcenter.domain.model import CaseFile, TraceCheck, TraceEvent
from commandcenter.domain.roles import ATTACHMENT_LABELS, ROLE_LABELS
from ui.models.words import CaseWords
from widgets.timeline import TimelineEntry
from widgets.tones import Tone

_AGAINST = frozenset({"return_case", "rework", "reject", "force_close", "refuse_request", "undo_dispatch"})
_HIDDEN = frozenset({"from_unit", "channel", "sha256", "lon", "lat", "source_no", "occurred_at", "summary"})


def trace_entries(file: CaseFile, words: CaseWords, now: float) -> list[TimelineEntry]:
    """One entry per event, oldest first; those of another day than `now` (Unix s of the city) say their date."""
    today = words.local(now).date()
    return [_entry(event, words, words.local(event.at).date() == today) for event in file.trace]


def check_words(check: TraceCheck) -> tuple[str, Tone, str]:
    """留痕校验: the finding, its tone, and the figures behind it."""
    detail = f"已封存 {check.sealed:,} 条，待封存 {check.waiting:,} 条"
    if check.broken or check.present != check.events:
        return f"⚠ 应有 {check.events:,} 条，实有 {check.present:,} 条，断链 {check.broken:,} 处", Tone.OVERDUE, detail
    return f"✓ {check.present:,} 条，链完整", Tone.OK, detail


def _entry(event: TraceEvent, words: CaseWords, today: bool) -> TimelineEntry:
    when = words.clock_time(event.at) if today else words.date_time(event.at)
    role = ROLE_LABELS.get(event.role, event.role)
    who = role if event.actor_name == role else f"{role} {event.actor_name}"
    return TimelineEntry(
        event.seq, when, words.workflow.label(event.action), event_text(event, words),
        who, Tone.NEAR if event.action in _AGAINST else Tone.ACTION,
    )


def event_text(event: TraceEvent, words: CaseWords) -> str:
    """What happened: the unit, and what was given with the action."""
    if event.action == "attach":
        kind = ATTACHMENT_LABELS.get(str(event.what.get("kind")), "")
        return f"{kind}：{event.what.get('name', '')}"
    parts = [_given(name, value, words) for name, value in _shown(event.what).items()]
    if event.action == "return_case" and "from_unit" in event.what:
        parts.insert(0, f"{words.unit(_number(event.what['from_unit']))} 退回")
    return "；".join(part for part in parts if part)


def _shown(what: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in what.items() if name not in _HIDDEN and value not in (None, "")}


def _given(name: str, value: Any, words: CaseWords) -> str:
    field = words.workflow.field.get(name)
    if field is None:
        return ""
    match field.type:
        case "unit":
            return f"→ {words.unit(_number(value))}"
        case "item":
            item = words.directory.items.get(_number(value) or 0)
            return f"{item.major} · {item.minor}" if item else ""
        case "grid":
            grid = words.directory.grids.get(_number(value) or 0)
            return grid.name if grid else ""
        case "choice":
            return f"{field.label}：{field.choices.get(str(value), value)}"
        case "instant":
            return f"{field.label} {words.date_time(datetime.fromisoformat(str(value)))}"
        case "minutes":
            return f"{field.label.partition('(')[0]} {int(value):,} 分钟"
        case _:
            return str(value)


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
