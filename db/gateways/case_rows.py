"""The queue's columns: one SELECT list, read as tuples and turned into CaseRow by position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commandcenter.domain.model import CaseRow

_EPOCH = "extract(epoch from {0})::float8"
_INSTANTS = frozenset({"reported_at", "changed_at", "stage_since", "deadline", "warn_at", "resume_at", "dispatched_at"})
_FIELDS = tuple(CaseRow.__dataclass_fields__)


def _expression(field: str) -> str:
    if field == "summary":
        return "coalesce(d.summary, '')"
    return _EPOCH.format(f"c.{field}") if field in _INSTANTS else f"c.{field}"


# The words of a case are read only while it has no catalogue item to be named by.
SELECT_CASES = (
    f"select {', '.join(_expression(f) for f in _FIELDS)} from cc.cases c"
    " left join cc.case_detail d on d.district_id = c.district_id and d.case_id = c.id and c.item_id is null"
)


def case_row(values: Sequence[Any]) -> CaseRow:
    """A row of SELECT_CASES as CaseRow."""
    return CaseRow(*values)
