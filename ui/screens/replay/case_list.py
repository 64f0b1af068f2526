"""The cases of a queue at the moment shown; it follows what the replay tells."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from ui.bridge.replay import Replay
from ui.models.case_columns import MIME
from ui.models.map_columns import map_case_columns
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, Prepared, StateKind, TableState

_LOADING = TableState(StateKind.LOADING, "正在读取当时的案件…")
_NONE = TableState(StateKind.EMPTY, "当时这个队列没有案件", "换一个队列，或在时间轴上换一个时刻")


class ReplayedCaseList(LiveTableView):
    """Read only: rows can be pointed at, not dragged."""

    def __init__(self, place: Workplace, replay: Replay) -> None:
        super().__init__()
        self._place, self._replay = place, replay
        self.queue = place.queues[0].key
        self._filling: asyncio.Task[None] | None = None
        self._late: set[int] = set()
        self._rows = KeyedTableModel(map_case_columns(place.words, place.remaining), lambda row: row.id, MIME, self)
        self._rows.sort_by("left")
        self.setModel(self._rows)
        self.setDragEnabled(False)
        self.setProperty("role", "panel")
        self.setAccessibleName("当时的案件")
        self.set_clock(replay.clock.now)
        self.set_stripe(lambda row, now: place.remaining.stripe(row, now))
        replay.cases.changed.connect(self._on_changed)
        replay.cases.timing_changed.connect(self._take)
        replay.cases.loaded.connect(self.refill)
        replay.state_changed.connect(self.say)

    @property
    def count(self) -> int:
        """How many are listed."""
        return self._rows.total

    def show_queue(self, key: str) -> None:
        """List another queue."""
        self.queue = key
        self.refill()

    def refill(self) -> None:
        """Look through everything anew, off the GUI thread."""
        if self._filling is not None:
            self._filling.cancel()
        self._late.clear()
        self._filling = self._place.backend.start(self._fill(self.queue), self)
        self.say()

    async def _fill(self, key: str) -> None:
        rows = self._replay.cases.picture.queue_rows(key)
        prepared: Prepared = await asyncio.to_thread(self._rows.prepare, rows)
        self._filling = None
        self._rows.take_over(prepared)
        self._place_rows(self._late)
        self.say()

    def _on_changed(self, change: PictureChange) -> None:
        self._take(change.upserted, change.removed)

    def _take(self, rows: Iterable[CaseRow], removed: Iterable[int] = ()) -> None:
        ids = {row.id for row in rows}.union(removed)
        if self._filling is not None:
            self._late |= ids
        else:
            self._place_rows(ids)
            self.say()

    def _place_rows(self, ids: Iterable[int]) -> None:
        """Put these where they belong now."""
        picture = self._replay.cases.picture
        staying = [key for key in ids if key in picture.rows and picture.in_queue(key, self.queue)]
        leaving = [key for key in set(ids).difference(staying) if self._rows.value(key) is not None]
        if staying or leaving:
            self._rows.apply(upserts=[picture.rows[key] for key in staying], removals=leaving)

    def say(self) -> None:
        """Why nothing is listed."""
        error = self._replay.error
        if self._rows.rowCount() and not self._replay.loading:
            self.set_state(None)
        elif error is not None and not self._replay.cases.ready:
            self.set_state(TableState(StateKind.ERROR, "当时的案件没有读出", error.message))
        elif self._replay.loading or self._filling is not None or not self._replay.cases.ready:
            self.set_state(None if self._rows.rowCount() else _LOADING)
        else:
            self.set_state(_NONE)
