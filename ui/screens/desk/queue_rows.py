"""Keeps the table's model equal to the chosen queue, without dropping a row that is being dealt with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from ui.models.case_columns import MIME, WORK_ORDER, case_columns
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, Prepared

_AT_ONCE = 1000  # rows that are sorted within a few milliseconds
_GATHERED_AT_ONCE = 10_000  # cases among which a turn of the loop looks for those of a long queue
_UNSENT = frozenset({"reported", "accepted", "filed", "returned"})
_MIXED = frozenset({"near", "overdue", "running", "supervised", "asked", "whistled"})


class QueueRows(QObject):
    """The model of one queue at a time. Rows that are held stay until released, though they left the queue."""

    counted = Signal()
    left_queue = Signal(object)   # tuple of case ids
    columns_changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place, self._live = place, place.live
        self.queue = place.queues[0].key
        self._held: set[int] = set()
        self._filling: asyncio.Task[None] | None = None
        self._late: set[int] = set()  # changed while a long queue was being prepared
        self._partial = True          # filled before the first load was complete
        self.model = self._new_model()
        self._live.changed.connect(self._on_changed)
        self._live.timing_changed.connect(self._refresh)
        place.holds.changed.connect(self._mark_anew)
        # In a turn of its own: others, too, look at every case when a load is over.
        self._live.loaded.connect(self._complete, Qt.ConnectionType.QueuedConnection)

    def _new_model(self) -> KeyedTableModel:
        columns = case_columns(self._place.words, self._place.remaining, self.queue in _MIXED, self.queue in _UNSENT,
                               self.queue == "reported", self._place.holds.of)
        model = KeyedTableModel(columns, lambda row: row.id, MIME, self)
        model.sort_by(WORK_ORDER)
        model.applied.connect(self.counted)
        model.order_changed.connect(self.counted)
        return model

    @property
    def filling(self) -> bool:
        """A long queue is being prepared."""
        return self._filling is not None or (self._partial and self._live.ready)

    # ------------------------------------------------------------ choosing
    def show(self, queue: str) -> None:
        """Fill the model with a queue; a long one appears when it has been sorted."""
        self.queue = queue
        self._held.clear()
        old, self.model = self.model, self._new_model()
        self.columns_changed.emit()
        old.deleteLater()
        self._fill()

    def rebuild(self) -> None:
        """New words (another directory): the same queue with columns that use them."""
        self.show(self.queue)

    def set_filter(self, predicate: Callable[[CaseRow], bool] | None) -> None:
        """Show only rows for which it holds."""
        self.model.set_filter(predicate)

    # ------------------------------------------------------------ holding
    def hold(self, case_id: int) -> None:
        """Keep this row in sight until released."""
        self._held.add(case_id)

    def release(self, case_id: int) -> None:
        """Let the row go where it belongs."""
        self._held.discard(case_id)
        row = self._live.row(case_id)
        if row is None:
            self._remove([case_id])
        else:
            self._refresh([row])

    # ------------------------------------------------------------ following
    def _on_changed(self, change: PictureChange) -> None:
        self._remove(change.removed)
        self._refresh(change.upserted)

    def _refresh(self, rows: Sequence[CaseRow]) -> None:
        if self.filling:
            self._late.update(row.id for row in rows)
            return
        picture = self._live.picture
        inside = [row for row in rows if picture.in_queue(row.id, self.queue)]
        known = {row.id for row in inside}
        self._apply(inside, [row.id for row in rows if row.id not in known])

    def _mark_anew(self, ids: frozenset[int]) -> None:
        """Their rows are the same, but what holds them is not."""
        if self.filling:
            self._late |= ids
        else:
            self.model.renew(ids)

    def _remove(self, ids: Sequence[int]) -> None:
        if self.filling:
            self._late.update(ids)
        else:
            self._apply((), ids)

    def _apply(self, rows: Sequence[CaseRow], gone: Sequence[int]) -> None:
        leaving = [case_id for case_id in gone if case_id not in self._held and self.model.value(case_id) is not None]
        if rows or leaving:
            self.model.apply(rows, leaving)
        if leaving:
            self.left_queue.emit(tuple(leaving))
        self.counted.emit()

    # ------------------------------------------------------------ filling
    def _fill(self) -> None:
        self._give_up_filling()
        self._partial = not self._live.ready
        picture = self._live.picture
        if picture.counts[self.queue] <= _AT_ONCE:
            self.model.reset(picture.queue_rows(self.queue))
        else:
            self._begin_filling(self.model.adopt)
        self.counted.emit()

    def _complete(self) -> None:
        """The first load is over: its rows, of which only the first were told, take their places around those shown."""
        if not self._partial:
            return
        self._give_up_filling()
        self._partial = False
        self._begin_filling(self.model.take_over)
        self.counted.emit()

    def _give_up_filling(self) -> None:
        if self._filling is not None:
            self._filling.cancel()
            self._filling = None
        self._late.clear()

    def _begin_filling(self, show: Callable[[Prepared], None]) -> None:
        self._filling = self._place.backend.start(self._fill_long(self.model, show), self)

    async def _fill_long(self, model: KeyedTableModel, show: Callable[[Prepared], None]) -> None:
        """Gathered in turns of the loop, stored and sorted off the GUI thread; what changes meanwhile is looked up
        again afterwards."""
        prepared = await self._place.backend.call(model.prepare, await self._gathered())
        self._filling = None
        show(prepared)
        late, self._late = self._late, set()
        present = [row for case_id in late if (row := self._live.row(case_id)) is not None]
        self._remove([case_id for case_id in late if self._live.row(case_id) is None])
        self._refresh(present)
        model.renew(late)

    async def _gathered(self) -> list[CaseRow]:
        """The rows of the queue, and those in sight that left it and are still being dealt with."""
        rows: list[CaseRow] = []
        for part in self._live.picture.queue_parts(self.queue, _GATHERED_AT_ONCE):
            rows += part
            await asyncio.sleep(0)
        left = self._held.difference(row.id for row in rows) if self._held else set()
        return rows + [row for case_id in left if (row := self.model.value(case_id)) is not None]
