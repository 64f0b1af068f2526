"""Reads a city's list of components and events (部件/事件) in the form the city edits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from commandcenter.profiles.limits import MAX_MINUTES, minutes_per_day, parse_limit
from commandcenter.profiles.model import (
    GRADES,
    ITEM_KINDS,
    STAGES,
    CatalogueItem,
    OfficeWindow,
    OrgUnit,
    StageLimit,
)
from commandcenter.profiles.table import Row, read_rows, unique

CATALOGUE_COLUMNS: Final = (
    "code",
    "kind",
    "domain",
    "major_code",
    "major",
    "minor_code",
    "minor",
    "name",
    "danger",
    "visibility",
    "disorder",
    "urgent",
    "grade_hint",
    "line",
    "fallback",
    *STAGES,
    "return_window_minutes",
    "photo_required",
    "sample",
    "filing_condition",
    "closing_standard",
)


def read_catalogue(
    path: Path, org: Sequence[OrgUnit], windows: Sequence[OfficeWindow]
) -> tuple[CatalogueItem, ...]:
    """Read the whole list; each line must be somebody's in ``org``, each name unique in its subclass."""
    lines = frozenset(unit.line for unit in org if unit.line)
    day_minutes = minutes_per_day(windows)
    rows = [(row, _item(row, lines, day_minutes)) for row in read_rows(path, CATALOGUE_COLUMNS)]
    unique(rows, "name", lambda item: (item.major, item.minor, item.name))
    return tuple(unique(rows, "code", lambda item: item.code))


def _item(row: Row, lines: frozenset[str], day_minutes: Mapping[str, int]) -> CatalogueItem:
    return CatalogueItem(
        code=row.text("code"),
        kind=row.choice("kind", ITEM_KINDS),
        domain=row.text("domain"),
        major_code=row.text("major_code"),
        major=row.text("major"),
        minor_code=row.text("minor_code"),
        minor=row.text("minor"),
        name=row.text("name"),
        danger=row.whole("danger", 1, 3),
        visibility=row.whole("visibility", 1, 3),
        disorder=row.whole("disorder", 1, 3),
        urgent=row.flag("urgent"),
        grade_hint=row.choice("grade_hint", GRADES),
        line=_line(row, "line", lines),
        fallback=_line(row, "fallback", lines | {"street"}),
        limits=tuple(_limit(row, stage, day_minutes) for stage in STAGES),
        filing_condition=row.text("filing_condition"),
        closing_standard=row.text("closing_standard"),
        return_window_minutes=row.whole("return_window_minutes", 0, MAX_MINUTES),
        photo_required=row.flag("photo_required"),
        sample=row.flag("sample"),
    )


def _line(row: Row, column: str, lines: frozenset[str]) -> str:
    line = row.text(column)
    if line not in lines:
        raise row.error(f"责任条线“{line}”没有对应的单位")
    return line


def _limit(row: Row, stage: str, day_minutes: Mapping[str, int]) -> StageLimit:
    try:
        return parse_limit(stage, row.text(stage), day_minutes)
    except ValueError as error:
        raise row.error(f"“{stage}”{error}") from error
