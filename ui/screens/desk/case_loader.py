"""Reads the selected case and reads it again when it changes; only the last one asked for arrives."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.live.picture import PictureChange
from ui.bridge.backend import CasesChanged
from ui.screens.workplace import Workplace

_SETTLE_MS = 60  # the arrow keys run through a queue faster than files are wanted


class CaseLoader(QObject):
    """loaded(CaseFile), loading(case id), failed(case id, DomainError), cleared()."""

    loaded = Signal(object)
    loading = Signal(object)
    failed = Signal(object, object)
    cleared = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.case_id: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.reload)
        place.live.changed.connect(self._on_live)
        place.live.presence_changed.connect(self._on_presence)
        place.backend.changed.connect(self._on_own)

    def show(self, case_id: int | None) -> None:
        """Show another case, or none."""
        if case_id == self.case_id:
            return
        self.case_id = case_id
        self._stop()
        if case_id is None:
            self.cleared.emit()
        else:
            self.loading.emit(case_id)
            self._timer.start()

    def reload(self) -> None:
        """Read the case now."""
        self._stop()
        if self.case_id is not None:
            self._task = self._place.backend.start(self._read(self.case_id), self)

    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, case_id: int) -> None:
        try:
            file = await self._place.backend.ask(lambda queries: queries.case_file(case_id))
        except DomainError as error:
            self.failed.emit(case_id, error)
            return
        if case_id == self.case_id:
            self.loaded.emit(file)

    def _on_live(self, change: PictureChange) -> None:
        if self.case_id in change.removed or any(row.id == self.case_id for row in change.upserted):
            self._timer.start()

    def _on_own(self, change: CasesChanged) -> None:
        if self.case_id in change.ids:
            self._timer.start()

    def _on_presence(self, ids: frozenset[int]) -> None:
        if self.case_id in ids:
            self._timer.start()
