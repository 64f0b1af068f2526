"""Meetings and tasks that are over, page after page, newest first; read only while somebody looks at them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MEETING
from ui.forms.asking import Latest
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
        self._answer: Latest[list[Affair]] = Latest(self._take, self._fail)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self.reload)
        place.joint.changed.connect(lambda change: change.removed and self._soon.start())
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

    def _ask(self, before_id: int | None, limit: int) -> None:
        self._answer.forget()
        self.busy, self.error = bool(self._entity), None
        self._adds, self._asked = before_id is not None, limit
        if self._entity:
            self._answer.ask(self._read(self._entity, before_id, limit))
        self.changed.emit()

    async def _read(self, entity: str, before_id: int | None, limit: int) -> list[Affair]:
        queries = self._place.backend.session.joint_queries
        page = queries.closed_meetings if entity == MEETING else queries.closed_tasks
        return await self._place.backend.ask(lambda _: list(page(before_id, limit)))

    def _take(self, page: list[Affair]) -> None:
        self.rows = [*self.rows, *page] if self._adds else list(page)
        self.has_more, self.busy = len(page) == self._asked, False
        self.changed.emit()

    def _fail(self, error: DomainError) -> None:
        self.error, self.busy = error, False
        self.changed.emit()
