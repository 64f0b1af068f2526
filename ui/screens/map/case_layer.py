"""Cases on the canvas: a marker each, and cells coloured by how many are open; only what changed is drawn anew."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from ui.bridge.map_sources import CaseSource
from ui.models.map_areas import TOP, Areas, Key
from ui.models.map_ground import Ground
from ui.models.map_marks import CASE_SPRITES, CASES, Marks, case_marks
from ui.models.map_tally import TIMINGS, CaseTally, class_of
from ui.screens.workplace import Workplace
from widgets.map import MapCanvas

_Z = 30


class CaseLayer(QObject):
    """counted(): the tally differs. changed(PictureChange): as the source told it, once the tally has followed.
    filled(): everything was counted anew."""

    counted = Signal()
    filled = Signal()
    changed = Signal(object)

    def __init__(self, place: Workplace, canvas: MapCanvas, areas: Areas) -> None:
        super().__init__(canvas)
        self._place, self._canvas = place, canvas
        self.tally = CaseTally(areas)
        self.source: CaseSource = place.live
        self.ready = False
        self._ground: Ground | None = None
        self._kinds: frozenset[int] = frozenset(TIMINGS)
        self._focus, self._coloured = TOP, True
        self._filling: asyncio.Task[None] | None = None
        self._late: set[int] = set()
        canvas.define_layer(CASES, CASE_SPRITES, clustered=True, z=_Z)
        self._listen(self.source)
        if self.source.ready:
            self._fill()

    # ------------------------------------------------------------ what is shown
    def set_source(self, source: CaseSource) -> None:
        """Read cases from there from now on."""
        if source is self.source:
            return
        for signal, slot in self._links(self.source):
            signal.disconnect(slot)
        self.source, self.ready = source, False
        self._listen(source)
        self._fill()

    def set_areas(self, areas: Areas) -> None:
        """Another directory."""
        self.tally = CaseTally(areas)
        self._fill()

    def set_ground(self, ground: Ground) -> None:
        """These cells."""
        self._ground = ground
        self._canvas.set_cells(ground.geometry, self._classes(ground.ids))

    def show(self, focus: Key, kinds: Collection[int], coloured: bool) -> None:
        """Only cases of this node, and of these kinds; coloured: cells by the number of open cases."""
        if (focus, frozenset(kinds), coloured) == (self._focus, self._kinds, self._coloured):
            return
        again = (focus, frozenset(kinds)) != (self._focus, self._kinds)
        self._focus, self._kinds, self._coloured = focus, frozenset(kinds), coloured
        if self._ground is not None:
            self._recolour(self._ground.ids)
        if again:
            self._fill()

    @property
    def filling(self) -> bool:
        """All markers are being made anew."""
        return self._filling is not None

    # ------------------------------------------------------------ following
    def _links(self, source: CaseSource) -> Sequence[tuple[object, object]]:
        return ((source.changed, self._on_changed), (source.timing_changed, self._on_timing),
                (source.loaded, self._fill))

    def _listen(self, source: CaseSource) -> None:
        for signal, slot in self._links(source):
            signal.connect(slot)

    def _on_changed(self, change: PictureChange) -> None:
        self._take(change.upserted, change.removed)
        self.changed.emit(change)

    def _on_timing(self, rows: tuple[CaseRow, ...]) -> None:
        self._on_changed(PictureChange(rows))

    def _take(self, rows: Sequence[CaseRow], gone: Sequence[int]) -> None:
        if self._filling is not None:
            self._late.update(gone, (row.id for row in rows))
            return
        cells = self.tally.drop(gone) | self.tally.put(rows, self.source.picture.timing)
        marks = case_marks(rows, self.tally, self._kinds, self._focus)
        if len(marks.ids):
            self._canvas.move_markers(CASES, marks.ids, marks.xy, marks.kinds)
        if away := [*gone, *marks.without]:
            self._canvas.remove_markers(CASES, np.array(away, np.int64))
        self._recolour(sorted(cells))
        self.counted.emit()

    # ------------------------------------------------------------ filling
    def _fill(self) -> None:
        """Everything anew; what changes meanwhile is looked up again afterwards."""
        if self._filling is not None:
            self._filling.cancel()
        self._filling = self._place.backend.start(self._fill_all(), self)

    async def _fill_all(self) -> None:
        tally, source = CaseTally(self.tally.areas), self.source
        rows = list(source.picture.rows.values())
        marks = await asyncio.to_thread(_count_all, rows, tally, source, self._kinds, self._focus)
        self._filling, self.tally = None, tally
        self._canvas.set_markers(CASES, marks.ids, marks.xy, marks.kinds)
        if self._ground is not None:
            self._recolour(self._ground.ids)
        self.ready = source.ready
        self._take_late()
        self.counted.emit()
        self.filled.emit()

    def _take_late(self) -> None:
        late, self._late = self._late, set()
        held = self.source.picture.rows
        self._take([held[case_id] for case_id in late if case_id in held],
                   [case_id for case_id in late if case_id not in held])

    # ------------------------------------------------------------ cells
    def _recolour(self, cells: Sequence[int]) -> None:
        if self._ground is not None and len(cells):
            self._canvas.recolour(np.array(cells, np.int64), self._classes(cells))

    def _classes(self, cells: Sequence[int]) -> np.ndarray:
        """-1: not coloured, beside the node that is looked at."""
        if not self._coloured:
            return np.full(len(cells), -1, np.int64)
        classes = class_of(self.tally.cell_counts(cells))
        area = self.tally.areas.area(self._focus)
        if self._focus != TOP and area is not None:
            classes[~np.isin(np.array(cells, np.int64), np.array(area.cells, np.int64))] = -1
        return classes


def _count_all(rows: Iterable[CaseRow], tally: CaseTally, source: CaseSource, kinds: Collection[int],
               focus: Key) -> Marks:
    """Off the GUI thread."""
    rows = list(rows)
    tally.put(rows, source.picture.timing)
    return case_marks(rows, tally, kinds, focus)
