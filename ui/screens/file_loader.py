"""Reads the file of what is shown and reads it again when it changes; only the last one asked for arrives."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from ui.screens.workplace import Workplace


class FileLoader(QObject):
    """loaded(file), loading(id), failed(id, DomainError), cleared(). `settle_ms`: the arrow keys run through a list
    faster than files are wanted. A subclass says how a file is read, and when it changes."""

    loaded = Signal(object)
    loading = Signal(object)
    failed = Signal(object, object)
    cleared = Signal()

    def __init__(self, place: Workplace, settle_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.shown: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(settle_ms)
        self._timer.timeout.connect(self.reload)

    def show(self, number: int | None) -> None:
        """Show another, or none."""
        if number == self.shown:
            return
        self.shown = number
        self._stop()
        if number is None:
            self.cleared.emit()
        else:
            self.loading.emit(number)
            self._timer.start()

    def reload(self) -> None:
        """Read it now."""
        self._stop()
        if self.shown is not None:
            self._task = self._place.backend.start(self._read(self.shown), self)

    # ------------------------------------------------------------ for subclasses
    async def _file(self, number: int) -> object:
        raise NotImplementedError

    def _on_ids(self, ids: frozenset[int]) -> None:
        if self.shown in ids:
            self._timer.start()

    def _read_soon(self) -> None:
        if self.shown is not None:
            self._timer.start()

    # ------------------------------------------------------------ inside
    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, number: int) -> None:
        try:
            file = await self._file(number)
        except DomainError as error:
            if number == self.shown:
                self.failed.emit(number, error)
            return
        if number == self.shown:
            self.loaded.emit(file)
