"""Who else has a case open: tells the others what is open here and shows what is open there."""

from __future__ import annotations

import logging
from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from ui.screens.workplace import Workplace

log = logging.getLogger(__name__)

_AT_ONCE = 50


class Presence(QObject):
    """changed(case id, names): the others who have it open now."""

    changed = Signal(object, object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._names: dict[int, tuple[str, ...]] = {}
        place.live.presence_changed.connect(self._on_presence)

    def look_at(self, case_id: int | None) -> None:
        """This case is selected here now."""
        self._place.looking.look_at(self, case_id)

    def leave(self) -> None:
        """This window shows no case any more; told even though the window goes."""
        self._place.looking.leave(self)

    def names(self, case_id: int) -> tuple[str, ...]:
        """Others who have it open, as last heard."""
        return self._names.get(case_id, ())

    def _on_presence(self, ids: Collection[int]) -> None:
        known = [case_id for case_id in ids if self._place.live.row(case_id) is not None]
        if known:
            self._place.backend.start(self._ask(known[:_AT_ONCE]), self)

    async def _ask(self, ids: list[int]) -> None:
        try:
            found = await self._place.backend.ask(lambda queries: {i: queries.viewers(i) for i in ids})
        except DomainError as error:
            log.info("could not ask who looks: %s", error)
            return
        for case_id, viewers in found.items():
            self._take(case_id, viewers)

    def _take(self, case_id: int, viewers: Collection[int]) -> None:
        me = self._place.person.id
        names = tuple(self._place.words.operator(viewer) for viewer in viewers if viewer != me)
        if names != self._names.get(case_id, ()):
            self._names[case_id] = names
            if not names:
                del self._names[case_id]
            self.changed.emit(case_id, names)
