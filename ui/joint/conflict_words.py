"""That a unit is expected elsewhere at the same hours, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from commandcenter.domain.joint import Conflict

_KINDS = {"LH": "联合执法令", "CS": "吹哨"}


def conflict_words(conflicts: Sequence[Conflict], zone: ZoneInfo) -> dict[int, str]:
    """By unit: 19:00–21:00 已有联合执法令 LH-…; one that the caller may not see has no number."""
    found: dict[int, list[str]] = {}
    for conflict in conflicts:
        since, until = (datetime.fromtimestamp(t, zone) for t in (conflict.since, conflict.until))
        kind = _KINDS.get(conflict.no.partition("-")[0], "召集")
        what = f"已有{kind} {conflict.no}" if conflict.no else "已有别处的召集"
        found.setdefault(conflict.unit_id, []).append(f"{since:%m-%d %H:%M}–{until:%H:%M} {what}")
    return {unit: "；".join(dict.fromkeys(words)) for unit, words in found.items()}
