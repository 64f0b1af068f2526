"""Rulings (疑难定责) of a period that reaches back as far as somebody asks; read only while he looks at them."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.rulings import Ruling
from ui.screens.workplace import Workplace

_DAY_S = 86_400.0
_FIRST_DAYS, _MOST_DAYS = 92, 92 * 16


class Rulings(QObject):
    """changed(): `rows`, `days`, `busy` or `error` are others."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.rows: list[Ruling] = []
        self.days, self.busy, self.watched = _FIRST_DAYS, False, False
        self.error: DomainError | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def has_more(self) -> bool:
        """Whether one may look back further."""
        return self.days < _MOST_DAYS

    def watch(self, watched: bool) -> None:
        """Whether somebody looks."""
        if watched and not self.watched:
            self.reload()
        self.watched = watched

    def reload(self) -> None:
        """The same period anew."""
        if self._task is not None:
            self._task.cancel()
        self.busy, self.error = True, None
        self._task = self._place.backend.start(self._read(self.days), self)
        self.changed.emit()

    def more(self) -> None:
        """Twice as far back, unless a question is under way."""
        if self.has_more and not self.busy:
            self.days *= 2
            self.reload()

    async def _read(self, days: int) -> None:
        until = self._place.live.clock.now() + 1
        try:
            self.rows = await self._place.backend.ask(lambda queries: queries.rulings(until - days * _DAY_S, until))
        except DomainError as error:
            self.error = error
        self.busy = False
        self.changed.emit()
