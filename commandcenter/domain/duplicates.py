"""Proposes open cases that may be the same problem (并案): same place, same subclass, like in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from rapidfuzz import fuzz

from commandcenter.domain.model import CaseRow

_SAME_GRID, _SAME_ITEM, _WORDS = 0.3, 0.3, 0.4
_WORTH_SHOWING = 0.35
_SHORTEST = 4  # characters: fewer words are like everything


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case that may be the same problem; `score` 0…1, `title` and `detail` in words."""

    case_id: int
    no: str
    title: str
    detail: str
    score: float


def find_similar(
    rows: Iterable[CaseRow], grid_id: int | None, item_id: int | None, text: str, limit: int = 6
) -> list[Candidate]:
    """Open cases like a report under way, likeliest first. A known grid is a condition.

    Without grid and item only the words decide, and only from 4 characters on.
    """
    text = text.strip()
    found = (_candidate(row, grid_id, item_id, text) for row in rows if _possible(row, grid_id, item_id, text))
    return nlargest(limit, (c for c in found if c.score >= _WORTH_SHOWING), key=lambda c: (c.score, c.case_id))


def _possible(row: CaseRow, grid_id: int | None, item_id: int | None, text: str) -> bool:
    if not row.open:
        return False
    if grid_id is not None:
        return row.grid_id == grid_id
    return row.item_id == item_id if item_id is not None else len(text) >= _SHORTEST


def _candidate(row: CaseRow, grid_id: int | None, item_id: int | None, text: str) -> Candidate:
    same_grid = grid_id is not None and row.grid_id == grid_id
    same_item = item_id is not None and row.item_id == item_id
    like = fuzz.partial_ratio(text, row.summary) / 100 if len(text) >= _SHORTEST else 0.0
    said = [words for words, true in (("同网格", same_grid), ("同小类", same_item)) if true]
    if like >= 0.5:
        said.append(f"文字相近 {like:.0%}")
    score = _SAME_GRID * same_grid + _SAME_ITEM * same_item + _WORDS * like
    return Candidate(row.id, row.no, row.summary, " · ".join(said), round(score, 3))
