"""Whistles (a ring that pulses) and joint orders on the canvas, where they were called to."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.joint import ORDER, WHISTLE, SummonsRow
from commandcenter.geo import to_plane
from commandcenter.live.joint import JointChange
from ui.bridge.map_sources import JointSource
from ui.models.map_areas import TOP, Areas, Key
from ui.models.map_ground import Ground
from ui.models.map_marks import WHISTLE_SPRITES, WHISTLES
from widgets.map import MapCanvas, Pulse
from widgets.tones import Tone

KINDS = (WHISTLE, ORDER)  # by the layer's sprites
_Z = 40


class JointLayer(QObject):
    """counted(): other ones are open."""

    counted = Signal()

    def __init__(self, source: JointSource, canvas: MapCanvas, areas: Areas) -> None:
        super().__init__(canvas)
        self._canvas, self._areas = canvas, areas
        self.source = source
        self._ground: Ground | None = None
        self._kinds: frozenset[str] = frozenset(KINDS)
        self._focus = TOP
        self._marks: dict[int, tuple[float, float, int]] = {}
        canvas.define_layer(WHISTLES, WHISTLE_SPRITES, clustered=False, z=_Z)
        self._listen()

    # ------------------------------------------------------------ what is shown
    def set_source(self, source: JointSource) -> None:
        """Read whistles from there from now on."""
        if source is not self.source:
            self.source.changed.disconnect(self._on_changed)
            self.source.loaded.disconnect(self.show_all)
            self.source = source
            self._listen()
            self.show_all()

    def set_ground(self, ground: Ground, areas: Areas) -> None:
        """These cells: a whistle without coordinates stands in the middle of its grid or street."""
        self._ground, self._areas = ground, areas
        self.show_all()

    def show(self, focus: Key, kinds: Collection[str]) -> None:
        """Only those of this node, and of these kinds."""
        if (focus, frozenset(kinds)) != (self._focus, self._kinds):
            self._focus, self._kinds = focus, frozenset(kinds)
            self.show_all()

    def count(self, kind: str, key: Key) -> int:
        """Open ones in a node."""
        return len(self.rows(kind, key))

    def rows(self, kind: str, key: Key) -> list[SummonsRow]:
        """Open ones in a node."""
        return [row for row in self.source.summons.values() if row.kind == kind and row.open and self._lies(row, key)]

    # ------------------------------------------------------------ following
    def _listen(self) -> None:
        self.source.changed.connect(self._on_changed)
        self.source.loaded.connect(self.show_all)

    def _on_changed(self, change: JointChange) -> None:
        gone = [key for key in change.removed if self._marks.pop(key, None) is not None]
        for row in change.summons:
            mark = self._mark(row)
            if mark is not None:
                self._marks[row.id] = mark
            elif self._marks.pop(row.id, None) is not None:
                gone.append(row.id)
        if gone:
            self._canvas.remove_markers(WHISTLES, np.array(gone, np.int64))
        moved = [row.id for row in change.summons if row.id in self._marks]
        if moved:
            self._canvas.move_markers(WHISTLES, *self._arrays(moved))
        if gone or moved:
            self._pulse()
        self.counted.emit()

    def show_all(self) -> None:
        """Everything anew; whistles are few."""
        found = ((row.id, self._mark(row)) for row in self.source.summons.values())
        self._marks = {key: mark for key, mark in found if mark is not None}
        self._canvas.set_markers(WHISTLES, *self._arrays(self._marks))
        self._pulse()
        self.counted.emit()

    def _pulse(self) -> None:
        kind = KINDS.index(WHISTLE)
        self._canvas.set_pulses([Pulse(key, x, y, Tone.MULTI) for key, (x, y, of) in self._marks.items() if of == kind])

    def _arrays(self, ids: Iterable[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        keys = list(ids)
        held = np.array([self._marks[key] for key in keys], np.float64).reshape(-1, 3)
        return np.array(keys, np.int64), held[:, :2], held[:, 2].astype(np.int64)

    # ------------------------------------------------------------ where
    def _mark(self, row: SummonsRow) -> tuple[float, float, int] | None:
        if row.kind not in self._kinds or not row.open or not self._lies(row, self._focus):
            return None
        place = self.place(row)
        return None if place is None else (*place, KINDS.index(row.kind))

    def place(self, row: SummonsRow) -> tuple[float, float] | None:
        """On the plane; None if nobody knows where it is."""
        if row.lon is not None and row.lat is not None:
            x, y = to_plane([(row.lon, row.lat)])[0].tolist()
            return x, y
        area = self._areas.area(self._chain(row)[-1])
        known = self._ground is not None and area is not None and area.key != TOP
        return self._ground.middle(area.cells) if known else None

    def _lies(self, row: SummonsRow, key: Key) -> bool:
        return key in self._chain(row)

    def _chain(self, row: SummonsRow) -> tuple[Key, ...]:
        return self._areas.chain_of(row.street_id, row.community_id, row.grid_id)
