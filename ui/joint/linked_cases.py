"""What is known of cases that a whistle or an order is about; one out of sight keeps its number."""

from __future__ import annotations

from commandcenter.domain.model import CatalogueItem
from ui.screens.workplace import Workplace


class LinkedCases:
    """Words for case ids."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def title(self, case_id: int) -> str:
        """002378 占道经营."""
        row = self._place.live.row(case_id)
        return self._place.case_title(row) if row is not None else f"案件 {self.number(case_id)}"

    def number(self, case_id: int) -> str:
        """The number in full, or the running part of the id."""
        row = self._place.live.row(case_id)
        return row.no if row is not None else self.short(case_id)

    def short(self, case_id: int) -> str:
        """002378: the running part, as queues show it."""
        return f"{case_id % 10**9:06d}"

    def item(self, case_id: int) -> CatalogueItem | None:
        """小类, once it has one."""
        row = self._place.live.row(case_id)
        return self._place.backend.directory.items.get(row.item_id or 0) if row is not None else None
