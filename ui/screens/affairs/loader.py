"""Reads the meeting or task shown and reads it again when it changes; only the last one asked for arrives."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MEETING
from ui.models.affairs import Affair, entity_of
from ui.screens.workplace import Workplace

_SETTLE_MS = 40


class AffairLoader(QObject):
    """loaded(MeetingFile | TaskFile); failed(DomainError)."""

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._entity, self._id = "", 0
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.reload)
        place.joint.changed.connect(lambda change: self._on_ids(change.ids))
        place.joint.loaded.connect(self._read_soon)
        place.joint.concerned.connect(self._on_ids)

    @property
    def shown(self) -> int:
        """The id of the one shown; 0: none."""
        return self._id

    def show(self, row: Affair | None) -> None:
        """Show another, or none."""
        entity, number = ("", 0) if row is None else (entity_of(row), row.id)
        if number == self._id:
            return
        self._entity, self._id = entity, number
        self._stop()
        self._read_soon()

    def reload(self) -> None:
        """Read it now."""
        self._stop()
        if self._id:
            self._task = self._place.backend.start(self._read(self._entity, self._id), self)

    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, entity: str, number: int) -> None:
        queries = self._place.backend.session.joint_queries
        try:
            file = await self._place.backend.call(
                queries.meeting_file if entity == MEETING else queries.task_file, number)
        except DomainError as error:
            if number == self._id:
                self.failed.emit(error)
            return
        if number == self._id:
            self.loaded.emit(file)

    def _on_ids(self, ids: frozenset[int]) -> None:
        if self._id in ids:
            self._read_soon()

    def _read_soon(self) -> None:
        if self._id:
            self._timer.start()
