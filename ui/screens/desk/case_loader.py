"""Reads the selected case."""

from __future__ import annotations

from PySide6.QtCore import QObject

from commandcenter.live.picture import PictureChange
from ui.bridge.backend import CasesChanged
from ui.screens.file_loader import FileLoader
from ui.screens.workplace import Workplace

_SETTLE_MS = 60


class CaseLoader(FileLoader):
    """Again when the case changes, here or elsewhere, or somebody opens or leaves it."""

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(place, _SETTLE_MS, parent)
        place.live.changed.connect(self._on_live)
        place.live.presence_changed.connect(self._on_ids)
        place.backend.changed.connect(self._on_own)

    async def _file(self, number: int) -> object:
        return await self._place.backend.ask(lambda queries: queries.case_file(number))

    def _on_live(self, change: PictureChange) -> None:
        if self.shown in change.removed or any(row.id == self.shown for row in change.upserted):
            self._read_soon()

    def _on_own(self, change: CasesChanged) -> None:
        self._on_ids(change.ids)
