"""疑难定责: who was ruled responsible for a case, in whose place, by whom and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ruling:
    """An entry of the trace. at: Unix seconds of the city's clock; from_unit: who had the case last, None if nobody."""

    case_id: int
    case_no: str
    seq: int
    at: float
    from_unit: int | None
    to_unit: int
    by_name: str
    reason: str
    street_id: int | None
    item_id: int | None

    @property
    def key(self) -> tuple[int, int]:
        """A case may be reopened and ruled again."""
        return self.case_id, self.seq
