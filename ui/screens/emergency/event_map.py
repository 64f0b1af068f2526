"""The map around an emergency: cases, whistles, workers and cameras, with the event in its middle."""

from __future__ import annotations

import asyncio

import numpy as np
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.emergency import Emergency
from commandcenter.geo import to_plane
from ui.bridge.map_book import MapBook
from ui.models.map_areas import TOP, Areas
from ui.models.map_ground import Ground, ground_of, labels
from ui.screens.map.case_layer import CaseLayer
from ui.screens.map.joint_layer import JointLayer
from ui.screens.map.people_layers import CameraLayer, WorkerLayer
from ui.screens.workplace import Workplace
from widgets.map import MapCanvas, Sprite
from widgets.tones import Tone

EVENT = "emergency"
_EVENT_Z = 90
_METRES_PER_PIXEL = 2.5  # the nearest kilometre: teams and cameras a few streets away are in sight


class EventMap(QWidget):
    """Follows the event until somebody moves the map; another event takes it there again."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.book = MapBook(place.backend, place.live, self)
        self._areas = Areas(place.backend.directory)
        self.canvas = MapCanvas()
        self.cases = CaseLayer(place, self.canvas, self._areas)
        self.joint = JointLayer(place.joint, self.canvas, self._areas)
        self.workers = WorkerLayer(self.book, self.canvas, self._areas)
        self.cameras = CameraLayer(place.cameras, self.canvas, self._areas)
        self.canvas.define_layer(EVENT, (Sprite("diamond", Tone.OVERDUE),), clustered=False, z=_EVENT_Z)
        self.event: Emergency | None = None
        self.ground: Ground | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.book.shapes_changed.connect(self._on_shapes)
        place.words_changed.connect(self._on_directory)

    @property
    def complete(self) -> bool:
        """What is around the event has been read."""
        return self.ground is not None and self.cases.ready and not self.cases.filling and self.book.workers_ready

    def show_event(self, event: Emergency | None) -> None:
        """This one from now on, in the middle."""
        another = (event.id if event else None) != (self.event.id if self.event else None)
        self.event = event
        if another:
            self._mark()
            self.centre()

    def centre(self) -> None:
        """Back to the event, near enough to see who comes."""
        if self.event is not None:
            x, y = to_plane([(self.event.lon, self.event.lat)])[0].tolist()
            self.canvas.centre_on(x, y, _METRES_PER_PIXEL)

    def showEvent(self, event: QShowEvent) -> None:
        """Outlines and workers are read while somebody looks."""
        super().showEvent(event)
        self._place.cameras.want()
        self.book.want()
        self.book.follow(True)
        self.workers.show(TOP, True)
        self._on_shapes()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody is asked after unseen."""
        self.book.follow(False)
        super().hideEvent(event)

    def _mark(self) -> None:
        there = [] if self.event is None else [(self.event.lon, self.event.lat)]
        xy = to_plane(there) if there else np.empty((0, 2))
        self.canvas.set_markers(EVENT, np.arange(len(there), dtype=np.int64), xy)

    def _on_directory(self) -> None:
        self._areas = Areas(self._place.backend.directory)
        for layer in (self.cases, self.workers, self.cameras):
            layer.set_areas(self._areas)
        self.ground = None
        self._on_shapes()

    def _on_shapes(self) -> None:
        if self.book.shapes is not None and self.ground is None:
            self._place.backend.start(self._make_ground(), self)

    async def _make_ground(self) -> None:
        areas, shapes = self._areas, self.book.shapes
        assert shapes is not None
        ground = await asyncio.to_thread(ground_of, shapes, self._place.backend.directory.grids, areas)
        if areas is not self._areas or self.ground is not None:
            return
        self.ground = ground
        self.cases.set_ground(ground)
        self.joint.set_ground(ground, areas)
        self.canvas.set_labels(labels(ground, areas, TOP))
        self.centre()
