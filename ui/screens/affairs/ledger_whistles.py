"""The whistle that clears each case of the ledger, also when it is archived and no longer in the live picture."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SummonsRow
from ui.forms.asking import Latest
from ui.screens.workplace import Workplace

_SETTLE_MS = 200
_AGAIN_MS = 30_000  # after one that failed


class LedgerWhistles(QObject):
    """changed(): `rows` are others."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._cases: frozenset[int] = frozenset()
        self.rows: tuple[SummonsRow, ...] = ()
        self._answer: Latest[list[SummonsRow]] = Latest(self._take, self._fail)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)
        place.joint.changed.connect(lambda change: change.removed and self._ask_later())
        place.joint.loaded.connect(self._ask_later)

    def follow(self, cases: Iterable[int]) -> None:
        """The cases that stand on the ledger now."""
        wanted = frozenset(cases)
        if wanted != self._cases:
            self._cases = wanted
            self._ask_later()

    def _ask_later(self, wait_ms: int = _SETTLE_MS) -> None:
        if self._cases:
            self._soon.start(wait_ms)

    def _ask(self) -> None:
        self._answer.ask(self._read(sorted(self._cases)))

    async def _read(self, cases: list[int]) -> list[SummonsRow]:
        return await self._place.backend.call(self._place.backend.session.joint_queries.clearing_whistles, cases)

    def _take(self, rows: list[SummonsRow]) -> None:
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.changed.emit()

    def _fail(self, _error: DomainError) -> None:
        """The list keeps what it knows; the open entry tells of its own failure."""
        self._ask_later(_AGAIN_MS)
