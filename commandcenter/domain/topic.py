"""专题 (每月一题): cases gathered under one campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GATHERERS: Final = frozenset({"supervisor", "evaluator", "street_leader"})
LONGEST: Final = 40  # letters of a name
MOST: Final = 1000   # cases put in or taken out at once


@dataclass(frozen=True, slots=True)
class Topic:
    """month: "2026-11" of 每月一题, "" for none. cases: those the caller sees, still in it. Times are Unix seconds of
    the city's clock."""

    id: int
    district_id: int
    version: int
    name: str
    month: str
    began_at: float
    closed_at: float | None
    cases: frozenset[int]
