"""The lines that the occasion, or a weightier level beside it, calls: who is not called yet, and who is not there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from commandcenter.domain.joint import Level, Scenario
from ui.joint.calling import Calling


@dataclass(frozen=True, slots=True)
class LevelGaps:
    """`units`: could be called, but are not; `missing`: a line and why nobody of it can be."""

    label: str
    units: tuple[int, ...]
    missing: tuple[tuple[str, str], ...]


def with_lower_lines(levels: Sequence[Level], code: str) -> Level | None:
    """A level with the lines of those below it, as cc.lines_up_to; `levels` from the lightest up."""
    known = [level.code for level in levels]
    if code not in known:
        return None
    reached = levels[: known.index(code) + 1]
    return replace(reached[-1], adds=tuple(dict.fromkeys(line for level in reached for line in level.adds)))


def level_gaps(calling: Calling, level: Level, called: Collection[int]) -> LevelGaps:
    """What the level wants and the team lacks: the database adds these lines only where 哨源升级 reaches a level."""
    there = {calling.line_of(unit) for unit in called}
    units, missing = [], []
    for line in level.adds:
        if line in there:
            continue
        unit, why = calling.answer_for(line)
        if unit is not None:
            units.append(unit)
        elif why:
            missing.append((line, why))
    return LevelGaps(level.label, tuple(units), tuple(missing))


@dataclass(frozen=True, slots=True)
class OccasionGaps:
    """Lines that the list says must come and nobody of whom is called; `units`: who of them can be."""

    lines: tuple[str, ...]
    units: tuple[int, ...]


def occasion_gaps(calling: Calling, scenario: Scenario, called: Collection[int]) -> OccasionGaps:
    """Said, not forbidden: the hand may know better than the list. The caller's own line is there."""
    there = {calling.line_of(unit) for unit in (*called, calling.caller_id)}
    lines = tuple(line for line in dict.fromkeys(scenario.lines) if line not in there)
    found = dict.fromkeys(unit for line in lines if (unit := calling.unit_for(line)) is not None)
    return OccasionGaps(lines, tuple(found))
