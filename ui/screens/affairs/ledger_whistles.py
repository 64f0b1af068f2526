"""The whistle that clears each case of the ledger, also when it is archived and no longer in the live picture."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SummonsRow
from commandcenter.live.joint import JointChange
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
        self._task: asyncio.Task[None] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)
        place.joint.changed.connect(self._on_live)
        place.joint.loaded.connect(self._on_loaded)

    def follow(self, cases: Iterable[int]) -> None:
        """The cases that stand on the ledger now."""
        wanted = frozenset(cases)
        if wanted != self._cases:
            self._cases = wanted
            self._ask_later()

    def _on_live(self, change: JointChange) -> None:
        """A whistle may be archived now."""
        if change.removed:
            self._ask_later()

    def _on_loaded(self) -> None:
        self._ask_later()

    def _ask_later(self, wait_ms: int = _SETTLE_MS) -> None:
        if self._cases:
            self._soon.start(wait_ms)

    def _ask(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._place.backend.start(self._read(sorted(self._cases)), self)

    async def _read(self, cases: list[int]) -> None:
        queries = self._place.backend.session.joint_queries
        try:
            self._take(await self._place.backend.call(queries.clearing_whistles, cases))
        except DomainError:
            self._ask_later(_AGAIN_MS)  # the list keeps what it knows; the open entry tells of its own failure

    def _take(self, rows: list[SummonsRow]) -> None:
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.changed.emit()
