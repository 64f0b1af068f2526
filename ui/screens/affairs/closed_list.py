"""Meetings and tasks that are over, page after page, newest first; read only while somebody looks at them."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MEETING
from commandcenter.live.joint import JointChange
from ui.models.affairs import Affair
from ui.screens.workplace import Workplace

PAGE = 100
_SETTLE_MS = 300  # several may be over at once


class ClosedAffairs(QObject):
    """changed(): `rows`, `has_more`, `busy` or `error` are others."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._entity, self._adds, self._asked = "", False, PAGE
        self.rows: list[Affair] = []
        self.has_more = self.busy = False
        self.error: DomainError | None = None
        self._task: asyncio.Task[None] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self.reload)
        place.joint.changed.connect(self._on_live)
        place.joint.loaded.connect(self._soon.start)

    def show(self, entity: str) -> None:
        """Those of another kind; "": nobody looks any more."""
        if entity == self._entity:
            return
        self._entity, self.rows, self.has_more = entity, [], False
        self.reload()

    def reload(self) -> None:
        """As many as were read, anew."""
        self._ask(None, max(PAGE, len(self.rows)))

    def more(self) -> None:
        """One page more, unless one is under way."""
        if self.has_more and not self.busy:
            self._ask(self.rows[-1].id, PAGE)

    def _on_live(self, change: JointChange) -> None:
        """Something may be over now."""
        if self._entity and change.removed:
            self._soon.start()

    def _ask(self, before_id: int | None, limit: int) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.busy, self.error = bool(self._entity), None
        self._adds, self._asked = before_id is not None, limit
        if self._entity:
            self._task = self._place.backend.start(self._read(self._entity, before_id, limit), self)
        self.changed.emit()

    async def _read(self, entity: str, before_id: int | None, limit: int) -> None:
        queries = self._place.backend.session.joint_queries
        page = queries.closed_meetings if entity == MEETING else queries.closed_tasks
        try:
            self._take(await self._place.backend.ask(lambda _: list(page(before_id, limit))))
        except DomainError as error:
            self._fail(error)

    def _take(self, page: list[Affair]) -> None:
        self.rows = [*self.rows, *page] if self._adds else list(page)
        self.has_more, self.busy = len(page) == self._asked, False
        self.changed.emit()

    def _fail(self, error: DomainError) -> None:
        self.error, self.busy = error, False
        self.changed.emit()
