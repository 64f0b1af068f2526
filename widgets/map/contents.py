"""What is put on the map, and which part of it a change repaints."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from widgets.map.cells import Cells
from widgets.map.data import Bounds, CellGeometry, Heat, Ids, Label, Points, Pulse, Sprite, Track
from widgets.map.markers import MarkerLayer
from widgets.map.stage import Stage
from widgets.map.tiles import MbTiles

_AROUND = 3.0  # pixels around a cell: rounding, and smoothing of what is drawn stretched


class Contents(Stage):
    """The part of MapCanvas that takes cells, markers, words, pulses, heat, ways and tiles."""

    # ------------------------------------------------------------ cells
    def set_cells(self, geometry: CellGeometry, classes: ArrayLike | None = None) -> None:
        """Have these cells. classes (m,): colour 0..7 of the choropleth, -1 not coloured; None: none is."""
        self._ground.cells = Cells(geometry, classes)
        self._overlay.chosen_cells = np.empty(0, np.int64)
        self._lay_heat()
        self._levels.forget()
        if self._home is None and len(geometry.ids):
            self.fit(self._ground.cells.bounds)
        self._look()

    def recolour(self, ids: ArrayLike, classes: ArrayLike) -> None:
        """Give these cells another class; repaints only them. Unknown ids are ignored."""
        rows = self._ground.cells.recolour(ids, classes)
        if len(rows):
            self._levels.recolour(rows)
            self._repaint_cells(rows)
            self._wake()

    # ------------------------------------------------------------ markers
    def define_layer(
        self, layer: str, sprites: Sequence[Sprite], *, clustered: bool, z: int, glide_s: float = 0.0
    ) -> None:
        """Make a layer of markers, or dress it anew. clustered: bubbles with counts where it is crowded. z: greater
        lies above. glide_s: a moved marker goes to its new place in so many seconds instead of jumping."""
        old = self._overlay.layers.get(layer)
        made = MarkerLayer(layer, sprites, clustered, z, glide_s, time.monotonic)
        if old is not None:
            made.set(old.ids, old.xy, old.kinds)
            made.visible = old.visible
        self._overlay.layers[layer] = made
        self._overlay.undress(layer)
        self.update()

    def set_markers(self, layer: str, ids: ArrayLike, xy: ArrayLike, kinds: ArrayLike | None = None) -> None:
        """Have these markers in the layer and no others; they jump. Raises KeyError for a layer never defined."""
        markers = self._overlay.layers[layer]
        markers.set(ids, xy, kinds)
        if markers.visible:
            self._overlay.labels.unsettle()
            self.update()

    def move_markers(self, layer: str, ids: ArrayLike, xy: ArrayLike, kinds: ArrayLike | None = None) -> None:
        """These stand elsewhere, or look otherwise; who was not there is added."""
        markers = self._overlay.layers[layer]
        before = markers.rows_of(np.asarray(ids, np.int64))
        left = markers.shown()[before[before >= 0]].copy()
        rows = markers.move(ids, xy, kinds)
        self._repaint_markers(markers, np.concatenate([left, markers.xy[rows]]))
        self._motion.go_on()

    def remove_markers(self, layer: str, ids: ArrayLike) -> None:
        """These are gone; unknown ids are ignored."""
        markers = self._overlay.layers[layer]
        rows = markers.rows_of(np.asarray(ids, np.int64))
        left = markers.shown()[rows[rows >= 0]].copy()
        markers.remove(ids)
        self._repaint_markers(markers, left)

    def show_layer(self, layer: str, shown: bool) -> None:
        """Show or hide; a hidden layer keeps its markers and costs nothing."""
        markers = self._overlay.layers[layer]
        if markers.visible != shown:
            markers.visible = shown
            self._overlay.labels.unsettle()
            self.update()
            self._motion.go_on()

    # ------------------------------------------------------------ what else is shown
    def set_labels(self, labels: Sequence[Label]) -> None:
        """Have these words on the map; where two collide the one of higher rank stays."""
        self._overlay.labels.set(labels)
        self.update()

    def set_pulses(self, pulses: Sequence[Pulse]) -> None:
        """Have these rings."""
        self._repaint_rectangles(self._overlay.pulse_boxes())
        self._overlay.pulses = tuple(pulses)
        self._repaint_rectangles(self._overlay.pulse_boxes())
        self._motion.go_on()

    def set_heat(self, heat: Heat | None) -> None:
        """Lay density over the cells."""
        self._heat = heat
        self._lay_heat()
        self._renew()

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        """Draw these ways."""
        self._ground.tracks = tuple(track for track in tracks if len(track.points) > 1)
        self._renew()

    def set_tiles(self, tiles: MbTiles | None) -> None:
        """Put raster tiles beneath the cells, which then let them shine through. The caller closes what he opened."""
        if self._tiles is not None:
            self._tiles.arrived.disconnect(self._tile_arrived)
        self._tiles = self._ground.raster = tiles
        if tiles is not None:
            tiles.arrived.connect(self._tile_arrived)
        self._renew()

    @property
    def type_scale(self) -> float:
        """How much larger than on a desk words and markers are drawn (the wall)."""
        return self._ground.type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        if scale != self._ground.type_scale:
            self._ground.type_scale = float(scale)
            self._dress(self._ground.theme)

    # ------------------------------------------------------------ which part
    def _renew(self) -> None:
        self._levels.renew()
        self._look()

    def _tile_arrived(self, bounds: Bounds) -> None:
        corners = np.array([[bounds.west, bounds.north], [bounds.east, bounds.south]])
        self._levels.renew_box(self._ground.cells.to_local(corners).ravel())
        self._look()

    def _repaint_markers(self, layer: MarkerLayer, places: Points) -> None:
        if layer.visible and len(places):
            self.repaint_boxes(self._overlay.boxes(layer, places))

    def _repaint_cells(self, rows: Ids) -> None:
        cells = self._ground.cells
        boxes = cells.boxes[rows]
        corners = np.concatenate([boxes[:, :2], boxes[:, 2:]]) * (1.0, -1.0) + cells.origin
        shown = self._camera.to_screen(corners)
        self.repaint_boxes(np.hstack([shown[: len(rows)] - _AROUND, shown[len(rows) :] + _AROUND]))
