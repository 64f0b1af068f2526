"""Workers, who move, and cameras, which do not, on the canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from commandcenter.domain.map import WorkerPosition
from commandcenter.geo import to_plane
from ui.bridge.cameras import CameraBook
from ui.bridge.map_book import MapBook
from ui.models.camera_columns import may_open
from ui.models.map_areas import TOP, Areas, Key
from ui.models.map_ground import Ground
from ui.models.map_marks import CAMERA_SPRITES, CAMERAS, WORKER_SPRITES, WORKERS
from ui.screens.video.deck import CAMERA_MIME
from widgets.drag_keys import encode_keys
from widgets.map import MapCanvas
from widgets.theme import current_theme

_CAMERA_Z, _WORKER_Z = 10, 20
_GLIDE_S = 3.0  # as often as the feed tells of a street
_MARK, _ROOM = 2.2, 4.0  # a mark in small letters; the places of marks that each worker has at least


class WorkerLayer(QObject):
    """counted(): others are seen. roomy_changed(): `roomy` is another."""

    counted = Signal()
    roomy_changed = Signal()

    def __init__(self, book: MapBook, canvas: MapCanvas, areas: Areas) -> None:
        super().__init__(canvas)
        self._book, self._canvas, self._areas = book, canvas, areas
        self._ground: Ground | None = None
        self._focus, self._shown, self._count = TOP, True, 0
        self.roomy = True
        canvas.define_layer(WORKERS, WORKER_SPRITES, clustered=False, z=_WORKER_Z, glide_s=_GLIDE_S)
        book.workers_changed.connect(self._on_changed)
        canvas.view_changed.connect(self._make_room)

    def set_ground(self, ground: Ground, areas: Areas) -> None:
        """These cells, perhaps of another directory."""
        self._ground, self._areas = ground, areas
        self._show_all()

    def show(self, focus: Key, shown: bool) -> None:
        """Those who belong to this node, once one is near enough to tell them apart."""
        self._shown = shown
        if focus != self._focus:
            self._focus = focus
            self._show_all()
        self._make_room()

    def _make_room(self) -> None:
        """A thousand people on a whole district hide it: they are drawn where each has room for several of them."""
        area = self._areas.area(self._focus)
        bounds = self._ground.bounds(area.cells) if self._ground is not None and area is not None else None
        roomy = True
        if bounds is not None and self._count:
            resolution, mark = self._canvas.view.metres_per_pixel, _MARK * current_theme().sizes.font_small
            pixels = (bounds.east - bounds.west) * (bounds.north - bounds.south) / resolution**2
            roomy = pixels / self._count >= _ROOM * mark**2
        self._canvas.show_layer(WORKERS, self._shown and roomy)
        if roomy != self.roomy:
            self.roomy = roomy
            self.roomy_changed.emit()

    def count(self, key: Key) -> int:
        """How many of a node were heard of today."""
        return sum(self._belongs(worker, key) for worker in self._book.workers.values())

    def _belongs(self, worker: WorkerPosition, key: Key) -> bool:
        return key == TOP or key in self._areas.chain_of(worker.street_id, None, worker.grid_id)

    def _show_all(self) -> None:
        seen = [worker for worker in self._book.workers.values() if self._belongs(worker, self._focus)]
        self._canvas.set_markers(WORKERS, *_placed(seen))
        self._tell()

    def _on_changed(self, fresh: Sequence[WorkerPosition], gone: Sequence[int]) -> None:
        """Who moved glides to where he is now."""
        seen = [worker for worker in fresh if self._belongs(worker, self._focus)]
        if seen:
            self._canvas.move_markers(WORKERS, *_placed(seen))
        if gone:
            self._canvas.remove_markers(WORKERS, np.array(gone, np.int64))
        self._tell()

    def _tell(self) -> None:
        self._count = self.count(self._focus)
        self._make_room()
        self.counted.emit()


def _placed(workers: Sequence[WorkerPosition]) -> tuple[np.ndarray, np.ndarray]:
    places = [(worker.lon, worker.lat) for worker in workers]
    return np.array([w.worker_id for w in workers], np.int64), to_plane(places) if places else np.empty((0, 2))


class CameraLayer(QObject):
    """Cameras can be dragged from the map into any slot. counted(): others are there."""

    counted = Signal()

    def __init__(self, book: CameraBook, canvas: MapCanvas, areas: Areas) -> None:
        super().__init__(canvas)
        self._book, self._canvas, self._areas = book, canvas, areas
        self._focus = TOP
        canvas.define_layer(CAMERAS, CAMERA_SPRITES, clustered=True, z=_CAMERA_Z)
        canvas.set_drag(CAMERAS, lambda ids: encode_keys(list(ids), CAMERA_MIME))
        book.changed.connect(self._show_all)
        self._show_all()

    def set_areas(self, areas: Areas) -> None:
        """Another directory."""
        self._areas = areas
        self._show_all()

    def show(self, focus: Key, shown: bool) -> None:
        """Those of this node."""
        if focus != self._focus:
            self._focus = focus
            self._show_all()
        self._canvas.show_layer(CAMERAS, shown)

    def count(self, key: Key) -> int:
        """How many lie in a node."""
        return sum(self._lies(camera, key) for camera in self._book.cameras.values())

    def _lies(self, camera, key: Key) -> bool:
        return key == TOP or key in self._areas.chain_of(camera.street_id, camera.community_id, camera.grid_id)

    def _show_all(self) -> None:
        seen = [camera for camera in self._book.cameras.values() if self._lies(camera, self._focus)]
        places = to_plane([(camera.lon, camera.lat) for camera in seen]) if seen else np.empty((0, 2))
        kinds = np.array([0 if may_open(camera) else 1 for camera in seen], np.int64)
        self._canvas.set_markers(CAMERAS, np.array([camera.id for camera in seen], np.int64), places, kinds)
        self.counted.emit()
