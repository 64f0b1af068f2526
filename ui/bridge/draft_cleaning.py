"""Throws away drafts that can never be sent: their case is closed and the action has no place there any more."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import load_workflow
from ui.bridge.backend import Backend
from ui.bridge.drafts import Drafts
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)


class DraftCleaning(QObject):
    """Looks once after every full load; then cleaned(). A case out of sight keeps its drafts: it may come back."""

    cleaned = Signal()

    def __init__(self, backend: Backend, live: LiveCases, drafts: Drafts) -> None:
        super().__init__(live)
        self._backend, self._live, self._drafts = backend, live, drafts
        self._sources = {action.code: frozenset(action.sources) for action in load_workflow().actions}
        live.loaded.connect(lambda: backend.start(self._clean(), self))

    async def _clean(self) -> None:
        keys = {key: parts for key in {*self._drafts.keys(), *self._drafts.files.keys()} if (parts := parts_of(key))}
        ids = sorted({case_id for case_id, _ in keys.values()})
        try:
            rows = {row.id: row for row in await self._backend.ask(lambda queries: queries.cases(ids))} if ids else {}
            for key in self._hopeless(keys, rows):
                self._drafts.drop(key)
        except (DomainError, OSError) as error:
            log.info("drafts of closed cases stay for now: %s", error)
        self.cleaned.emit()

    def _hopeless(self, keys: dict[str, tuple[int, str]], rows: dict[int, CaseRow]) -> Iterable[str]:
        for key, (case_id, action) in keys.items():
            row = rows.get(case_id)
            if row is not None and not row.open and row.state not in self._sources.get(action, frozenset()):
                yield key


def parts_of(key: str) -> tuple[int, str] | tuple[()]:
    """Case and action of a form's key; nothing for the intake form."""
    case_id, _, action = key.partition("/")
    return (int(case_id), action) if action and case_id.isdigit() else ()
