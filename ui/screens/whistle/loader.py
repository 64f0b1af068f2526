"""Reads the whistle shown and reads it again when it changes; only the last one asked for arrives."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from ui.screens.workplace import Workplace

_SETTLE_MS = 40


class SummonsLoader(QObject):
    """loaded(SummonsFile), loading(id), failed(id, DomainError), cleared()."""

    loaded = Signal(object)
    loading = Signal(object)
    failed = Signal(object, object)
    cleared = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.summons_id: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.reload)
        place.joint.changed.connect(self._on_live)
        place.joint.loaded.connect(self._read_soon)
        place.joint.concerned.connect(self._on_ids)

    def show(self, summons_id: int | None) -> None:
        """Show another, or none."""
        if summons_id == self.summons_id:
            return
        self.summons_id = summons_id
        self._stop()
        if summons_id is None:
            self.cleared.emit()
        else:
            self.loading.emit(summons_id)
            self._timer.start()

    def reload(self) -> None:
        """Read it now."""
        self._stop()
        if self.summons_id is not None:
            self._task = self._place.backend.start(self._read(self.summons_id), self)

    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, summons_id: int) -> None:
        queries = self._place.backend.session.joint_queries
        try:
            file = await self._place.backend.call(queries.summons_file, summons_id)
        except DomainError as error:
            self.failed.emit(summons_id, error)
            return
        if summons_id == self.summons_id:
            self.loaded.emit(file)

    def _on_live(self, change: object) -> None:
        if self.summons_id in change.ids:
            self._read_soon()

    def _on_ids(self, ids: frozenset[int]) -> None:
        """Its meetings, tasks and attachments change without a word in its own row."""
        if self.summons_id in ids:
            self._read_soon()

    def _read_soon(self) -> None:
        if self.summons_id is not None:
            self._timer.start()
