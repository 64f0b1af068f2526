"""Where the panels of a scene lie on a wall of any ratio: columns cut to what the panels need, in whole pixels.

Everything is measured in units: one unit is the smallest legible font size (ui.models.wall_type). What does not fit
goes on to further pages; nothing is made smaller than it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

GAP = 0.8     # units between panels and at the edges
HEADER = 4.2  # units of the line at the top
_SNAP = 0.08  # of the wall's width: so far a border between columns goes to meet a seam between monitors
_BROAD = 2.4  # width to height from which a wall counts as broad: three monitors in a row, 6656×1792


class Rect(NamedTuple):
    """In px from the wall's upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Need:
    """Least width and height in units; share: how much of the room left over in a column is its."""

    width: float
    height: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """Panels from above; share of the width left over."""

    share: float
    panels: tuple[str, ...]


NEEDS: Mapping[str, Need] = {
    "figures": Need(22, 20, 0.6),
    "steps": Need(22, 14.5, 0.6),
    "channels": Need(22, 17, 1.4),
    "stages": Need(22, 14.5, 0.8),
    "map": Need(34, 30, 4),
    "trend": Need(30, 12, 1),
    "whistles": Need(27, 12.5, 0.8),
    "units": Need(22, 16.5, 0.6),
    "video": Need(22, 14, 1.2),
    "latest": Need(25, 13, 0.6),
    "case": Need(28, 24, 2),
    "summons": Need(32, 24, 2),
    "emergency": Need(32, 24, 2),
}
_SHARES = {"map": 50.5, "video": 27.0, "whistles": 27.0, "units": 27.0, "latest": 27.0}  # of the width; others:
_SHARE = 22.5
_GROWS = {"map": 52.0, "video": 40.0, "trend": 30.0, "whistles": 36.0}  # where no map is beside them

Columns = Sequence[Sequence[str]]
_Plan = tuple[Column, ...]


def arrange(
    columns: Columns, size: tuple[int, int], unit: float, seams: Sequence[int] = ()
) -> tuple[Mapping[str, Rect], ...]:
    """Pages of panels on a wall of `size` px, at least one; columns: as for a 16:9 wall, from left to right, each from
    above. seams: x of borders between monitors, in px; borders between columns near them go there. Raises KeyError for
    a panel nobody knows."""
    room, broad = size[0] / unit, size[0] / size[1] >= _BROAD
    wanted = [tuple(column) for column in columns if column]
    steps = [_spread(wanted)] if broad else []
    plans = [_plan(step) for step in (*steps, wanted, _beside(wanted), [tuple(p for c in wanted for p in c)])]
    plan = next((plan for plan in plans if _least(plan) <= room), plans[-1])
    pages = _paged(plan, size[1] / unit - HEADER - GAP)
    return tuple(_placed(page, size, unit, seams) for page in pages)


def largest_unit(columns: Columns, size: tuple[int, int], least: int, most: float = 1.5) -> int:
    """On a broad wall the unit from `least` up to `most` times that at which everything still lies on one page; on any
    other one `least`: room is for what is shown."""
    if size[0] / size[1] < _BROAD:
        return least
    wanted = [tuple(column) for column in columns if column]
    for unit in range(round(least * most), least, -1):
        room, plan = size[0] / unit, _plan(_spread(wanted))
        if _least(plan) <= room and all(_high(c.panels) <= size[1] / unit - HEADER - GAP for c in plan):
            return unit
    return least


def _spread(columns: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """For a broad wall: columns of three and more in two, and what lies below the map beside it."""
    split: list[tuple[str, ...]] = []
    for column in columns:
        split += _halves(column) if len(column) > 2 and "map" not in column else [column]
    beside = [n for n, column in enumerate(split) if "map" not in column]
    for n, column in enumerate(split):
        if "map" in column and beside:
            split[n] = ("map",)
            for panel in (one for one in column if one != "map"):
                least = min(beside, key=lambda place: _high(split[place]))
                split[least] = (*split[least], panel)
    return split


def _halves(column: tuple[str, ...]) -> list[tuple[str, ...]]:
    cut = min(range(1, len(column)), key=lambda at: abs(_high(column[:at]) - _high(column[at:])))
    return [column[:cut], column[cut:]]


def _beside(columns: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Two columns: what the scene is about, and the rest."""
    main = next((column for column in columns if "map" in column), columns[0])
    rest = tuple(panel for column in columns if column is not main for panel in column)
    return [main, rest] if rest else [main]


def _plan(columns: Sequence[tuple[str, ...]]) -> _Plan:
    shares = _SHARES if any("map" in column for column in columns) else _GROWS
    return tuple(Column(max(shares.get(panel, _SHARE) for panel in column), column) for column in columns)


def _least(plan: _Plan) -> float:
    return sum(_wide(column) + GAP for column in plan) + GAP


def _wide(column: Column) -> float:
    return max(NEEDS[panel].width for panel in column.panels)


def _high(panels: Sequence[str]) -> float:
    return sum(NEEDS[panel].height + GAP for panel in panels) - GAP


def _paged(plan: _Plan, room: float) -> list[_Plan]:
    """As many panels of each column as there is room for, the rest on the pages that follow; the first of a column
    without a rest stays, so that a page is whole: a map stays a map."""
    left = [list(column.panels) for column in plan]
    pages: list[_Plan] = []
    while any(left) or not pages:
        page = []
        for column, panels in zip(plan, left, strict=True):
            taken = [panels.pop(0)] if panels else [column.panels[0]]
            while panels and _high([*taken, panels[0]]) <= room:
                taken.append(panels.pop(0))
            page.append(replace(column, panels=tuple(taken)))
        pages.append(tuple(page))
    return pages


def _placed(plan: _Plan, size: tuple[int, int], unit: float, seams: Sequence[int]) -> dict[str, Rect]:
    gap, top = round(GAP * unit), round(HEADER * unit)
    found: dict[str, Rect] = {}
    edges = _edges(plan, size[0], unit, gap, seams)
    for column, (left, right) in zip(plan, edges, strict=True):
        heights = _heights(column.panels, size[1] - top - gap, unit, gap)
        y = top
        for panel, height in zip(column.panels, heights, strict=True):
            found[panel] = Rect(left, y, right - left, height)
            y += height + gap
    return found


def _edges(plan: _Plan, width: int, unit: float, gap: int, seams: Sequence[int]) -> list[tuple[int, int]]:
    needs = [_wide(column) * unit for column in plan]
    free = width - gap * (len(plan) + 1) - sum(needs)
    widths = _shared(width - gap * (len(plan) + 1), [c.share for c in plan], needs) if free > 0 else needs
    borders, x = [], float(gap)
    for wide in widths[:-1]:
        x += wide + gap
        borders.append(x - gap / 2)
    borders = _snapped(borders, seams, width, [need + gap for need in needs])
    lefts = [gap, *(round(border + gap / 2) for border in borders)]
    rights = [*(round(border - gap / 2) for border in borders), width - gap]
    return list(zip(lefts, rights, strict=True))


def _shared(room: float, shares: Sequence[float], needs: Sequence[float]) -> list[float]:
    """Room by shares; who would get less than he needs gets that, and the others share what is left."""
    fixed: set[int] = set()
    while True:
        left = room - sum(needs[n] for n in fixed)
        whole = sum(share for n, share in enumerate(shares) if n not in fixed) or 1.0
        wide = [needs[n] if n in fixed else left * share / whole for n, share in enumerate(shares)]
        short = {n for n, need in enumerate(needs) if n not in fixed and wide[n] < need}
        if not short:
            return wide
        fixed |= short


def _snapped(borders: list[float], seams: Sequence[int], width: int, needs: Sequence[float]) -> list[float]:
    """Borders near a seam lie on it, if both columns beside it keep what they need."""
    found = list(borders)
    for n, border in enumerate(borders):
        near = min(seams, key=lambda seam: abs(seam - border), default=None)
        if near is None or abs(near - border) > _SNAP * width:
            continue
        before = found[n - 1] if n else 0.0
        after = found[n + 1] if n + 1 < len(found) else float(width)
        if near - before >= needs[n] and after - near >= needs[n + 1]:
            found[n] = float(near)
    return found


def _heights(panels: Sequence[str], room: int, unit: float, gap: int) -> list[int]:
    """Whole pixels that fill the column; a single panel that needs more than there is takes what there is."""
    needs = [NEEDS[panel].height * unit for panel in panels]
    left = room - gap * (len(panels) - 1) - sum(needs)
    shares = [NEEDS[panel].share for panel in panels]
    ends, total = [], 0.0
    for need, share in zip(needs, shares, strict=True):
        total += need + left * share / sum(shares)
        ends.append(round(total))
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
