"""在办, 临期, 超期 and the longest of them from the live picture, told at most a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from commandcenter.live.wall_now import NowTally, OpenNow
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

_TELL_MS: Final = 250
_AT_ONCE: Final = 2_000


class WallNow(QObject):
    """changed(): a figure may differ, at most four times a second. Not `ready` before the first load is counted."""

    changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self._tally = NowTally(live.picture.timing)
        self._counting = False
        self.ready = False
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(_TELL_MS)
        self._tell.timeout.connect(self.changed)
        live.changed.connect(self._take)
        live.timing_changed.connect(self._recount)
        live.loaded.connect(self._begin)
        if live.ready:
            self._begin()

    @property
    def by_grid(self) -> Mapping[int | None, int]:
        """Open cases by grid id, live."""
        return self._tally.by_grid

    @property
    def by_street(self) -> Mapping[int | None, int]:
        """Open cases by street id, live."""
        return self._tally.by_street

    def figures(self) -> OpenNow:
        """Of everything in the picture."""
        return self._tally.whole(self._live.clock.now())

    def street(self, street_id: int) -> OpenNow:
        """Of one street."""
        return self._tally.street(street_id, self._live.clock.now())

    # ------------------------------------------------------------ inside
    def _begin(self) -> None:
        """The first load is told by its end; what changes afterwards is told as it changes."""
        if not self.ready and not self._counting:
            self._counting = self._backend.start(self._count_all(), self) is not None

    async def _count_all(self) -> None:
        """In parts: a hundred thousand rows at once would hold up the screen."""
        ids = list(self._live.picture.rows)
        for start in range(0, len(ids), _AT_ONCE):
            rows = self._live.picture.rows
            self._tally.put([rows[key] for key in ids[start : start + _AT_ONCE] if key in rows])
            await asyncio.sleep(0)
        self.ready = True
        self._soon()

    def _take(self, change: PictureChange) -> None:
        self._tally.take(change)
        self._soon()

    def _recount(self, rows: tuple[CaseRow, ...]) -> None:
        self._tally.put(rows)
        self._soon()

    def _soon(self) -> None:
        if self.ready and not self._tell.isActive():
            self._tell.start()
