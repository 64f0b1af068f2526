"""What the wall's figures are of."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.model import CaseRow


@dataclass(frozen=True, slots=True)
class About:
    """What the figures are of: a street, a topic's catalogue items, a case, a whistle; nothing of it: the whole."""

    street: int | None = None
    items: frozenset[int] | None = None
    topic: str = ""
    case_id: int | None = None
    summons_id: int | None = None
    emergency: bool = False
    trend_hours: int = 24

    @property
    def whole(self) -> bool:
        """All of the territory."""
        return self.street is None and self.items is None

    def holds(self, row: CaseRow) -> bool:
        """Whether a case counts."""
        return (self.street is None or row.street_id == self.street) and (
            self.items is None or row.item_id in self.items
        )
