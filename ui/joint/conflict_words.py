"""That a unit is expected elsewhere at the same hours, in words: in full, beside its name, and all in one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from commandcenter.domain.joint import Conflict

_KINDS = {"LH": "联合执法令", "CS": "吹哨", "HS": "会商"}
_NAMED = 3


def conflict_words(conflicts: Sequence[Conflict], zone: ZoneInfo) -> dict[int, str]:
    """By unit: 19:00–21:00 已有联合执法令 LH-…; one that the caller may not see has no number."""
    found: dict[int, list[str]] = {}
    for conflict in conflicts:
        since, until = _hours(conflict, zone)
        kind = _KINDS.get(conflict.no.partition("-")[0], "召集")
        what = f"已有{kind} {conflict.no}" if conflict.no else "已有别处的召集"
        found.setdefault(conflict.unit_id, []).append(f"{since:%m-%d %H:%M}–{until:%H:%M} {what}")
    return {unit: "；".join(dict.fromkeys(words)) for unit, words in found.items()}


def conflict_marks(conflicts: Sequence[Conflict], zone: ZoneInfo) -> dict[int, str]:
    """By unit, as short as a chip needs it: 19:00–21:00 LH-0003 等 2 项."""
    found: dict[int, list[str]] = {}
    for conflict in sorted(conflicts, key=lambda one: one.since):
        since, until = _hours(conflict, zone)
        found.setdefault(conflict.unit_id, []).append(f"{since:%H:%M}–{until:%H:%M} {_short(conflict.no)}")
    counts = {unit: len(set(words)) for unit, words in found.items()}
    return {unit: words[0] + (f" 等 {counts[unit]} 项" if counts[unit] > 1 else "") for unit, words in found.items()}


def conflict_line(conflicts: Sequence[Conflict], name_of: Callable[[int], str]) -> str:
    """2 个单位届时另有召集：公安分局、区城管执法局; empty if there is none."""
    names = [name_of(unit) for unit in dict.fromkeys(conflict.unit_id for conflict in conflicts)]
    if not names:
        return ""
    more = "等" if len(names) > _NAMED else ""
    return f"{len(names):,} 个单位届时另有召集：{'、'.join(names[:_NAMED])}{more}"


def _hours(conflict: Conflict, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(conflict.since, zone), datetime.fromtimestamp(conflict.until, zone)


def _short(number: str) -> str:
    """LH-0003 of LH-20261122-0003: as the command line takes it."""
    kind, _, rest = number.partition("-")
    return f"{kind}-{rest.rpartition('-')[2]}" if rest else number or "另有召集"
