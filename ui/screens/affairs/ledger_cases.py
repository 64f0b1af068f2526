"""The cases on the ledger, kept from what the live picture says: forced closures not cleared, and supervisions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from commandcenter.live.queues import CONDITIONS
from ui.screens.workplace import Workplace

_stands = CONDITIONS["supervised"]


class LedgerCases(QObject):
    """changed(): `rows` are others. A load is looked through once; afterwards only what changes is looked at."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._rows: dict[int, CaseRow] = {}
        self.rows: Mapping[int, CaseRow] = MappingProxyType(self._rows)
        place.live.loaded.connect(self._look_through)
        place.live.changed.connect(self._on_changed)
        self._look_through()

    def _look_through(self) -> None:
        self._rows.clear()
        self._rows.update((row.id, row) for row in self._place.live.picture.rows.values() if _stands(row))
        self.changed.emit()

    def _on_changed(self, change: PictureChange) -> None:
        touched = False
        for row in change.upserted:
            if _stands(row):
                self._rows[row.id] = row
                touched = True
            else:
                touched |= self._rows.pop(row.id, None) is not None
        for case_id in change.removed:
            touched |= self._rows.pop(case_id, None) is not None
        if touched:
            self.changed.emit()
