"""Throws away drafts that can never be sent: their case is closed and the action has no place there any more."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import load_workflow
from ui.bridge.backend import Backend
from ui.bridge.drafts import Drafts
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)


class DraftCleaning(QObject):
    """Looks once after every full load. A case out of sight keeps its drafts: it may come back."""

    def __init__(self, backend: Backend, live: LiveCases, drafts: Drafts) -> None:
        super().__init__(live)
        self._backend, self._live, self._drafts = backend, live, drafts
        self._sources = {action.code: frozenset(action.sources) for action in load_workflow().actions}
        live.loaded.connect(lambda: backend.start(self._clean(), self))

    async def _clean(self) -> None:
        keys = {key: _parts(key) for key in {*self._drafts.keys(), *self._drafts.files.keys()} if _parts(key)}
        ids = sorted({case_id for case_id, _ in keys.values()})
        try:
            rows = {row.id: row for row in await self._backend.ask(lambda queries: queries.cases(ids))} if ids else {}
            for key in self._hopeless(keys, rows):
                self._drafts.drop(key)
        except (DomainError, OSError) as error:
            log.info("drafts of closed cases stay for now: %s", error)

    def _hopeless(self, keys: dict[str, tuple[int, str]], rows: dict[int, CaseRow]) -> Iterable[str]:
        for key, (case_id, action) in keys.items():
            row = rows.get(case_id)
            if row is not None and not row.open and row.state not in self._sources.get(action, frozenset()):
                yield key


def _parts(key: str) -> tuple[int, str] | tuple[()]:
    """Case and action of a form's key; nothing for the intake form."""
    case_id, _, action = key.partition("/")
    return (int(case_id), action) if action and case_id.isdigit() else ()
