"""Where something on the map is: its point, the nodes it lies in, the layer it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commandcenter.domain.joint import WHISTLE
from commandcenter.geo import to_plane
from ui.models.map_areas import GRID, Key
from ui.models.map_marks import CAMERAS, CASES, FOUND, WHISTLES, WORKERS
from ui.screens.map.layers_pane import CAMERA_LAYER, ORDER_LAYER, TIMING_LAYERS, WHISTLE_LAYER, WORKER_LAYER

if TYPE_CHECKING:
    from ui.screens.map.screen import MapDesk

CELL = "cell"


@dataclass(frozen=True, slots=True)
class Picked:
    """A marker's layer, or CELL, and its id."""

    layer: str
    id: int


class Whereabouts:
    """Answers for what is on the map now; raises KeyError for what is not."""

    def __init__(self, desk: MapDesk) -> None:
        self._desk = desk

    def point(self, picked: Picked) -> tuple[float, float] | None:
        """On the plane; None if nobody knows."""
        if picked.layer == CELL:
            return self._desk.ground.middle([picked.id]) if self._desk.ground is not None else None
        if picked.layer == FOUND:
            return self._desk.picking.found
        held = self._held(picked)
        if picked.layer == WHISTLES:
            return self._desk.joint.place(held)
        if held.lon is None or held.lat is None:
            return None
        x, y = to_plane([(held.lon, held.lat)])[0].tolist()
        return x, y

    def chain(self, picked: Picked) -> tuple[Key, ...]:
        """The nodes that it lies in, the whole territory first."""
        areas = self._desk.areas
        if picked.layer == CELL:
            return tuple(areas.path((GRID, picked.id)))
        held = self._held(picked)
        if picked.layer == WORKERS:
            return areas.chain_of(held.street_id, None, held.grid_id)
        return areas.chain_of(held.street_id, held.community_id, held.grid_id)

    def row(self, picked: Picked) -> str | None:
        """The line of the layers' panel that shows it; None for a cell."""
        if picked.layer == CASES:
            return TIMING_LAYERS[self._desk.cases.tally.kind(picked.id) or 0]
        if picked.layer == WHISTLES:
            return WHISTLE_LAYER if self._held(picked).kind == WHISTLE else ORDER_LAYER
        return {CAMERAS: CAMERA_LAYER, WORKERS: WORKER_LAYER}.get(picked.layer)

    def bring_into_sight(self, picked: Picked) -> None:
        """Its layer is switched on, and the map goes up until it lies in the area shown."""
        desk, row, chain = self._desk, self.row(picked), self.chain(picked)
        if row is not None:
            desk.layers.rows[row].set_on(True)
        if desk.focus not in chain:
            way = desk.areas.path(desk.focus)
            desk.go_to(next(key for key in reversed(way) if key in chain), look=False)

    def _held(self, picked: Picked) -> Any:
        desk = self._desk
        by_layer = {CASES: desk.cases.source.picture.rows, CAMERAS: desk.place.cameras.cameras,
                    WORKERS: desk.book.workers, WHISTLES: desk.joint.source.summons}  # fmt: skip
        return by_layer[picked.layer][picked.id]
