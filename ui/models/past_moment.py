"""A moment to be replayed, and what is to be looked at then."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow


@dataclass(frozen=True, slots=True)
class PastMoment:
    """Unix seconds of the city; the case, or the whistle or order, that was chosen."""

    at: float
    case_id: int | None = None
    summons_id: int | None = None


def arrival_of(row: CaseRow) -> PastMoment:
    """When a case came in."""
    return PastMoment(row.reported_at, case_id=row.id)


def issue_of(row: SummonsRow) -> PastMoment:
    """When a whistle or order was issued; of a draft, when it was begun."""
    return PastMoment(row.drafted_at if row.issued_at is None else row.issued_at, summons_id=row.id)
