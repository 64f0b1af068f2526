"""A map drawn by ourselves: cells, markers, labels and pulses on one plane; knows neither cases nor tile servers."""

from widgets.map.canvas import CELLS, MapCanvas
from widgets.map.data import Bounds, CellGeometry, Heat, Label, Pulse, Shape, Sprite, Track, View
from widgets.map.tiles import MbTiles, TilesError

__all__ = [
    "CELLS",
    "Bounds",
    "CellGeometry",
    "Heat",
    "Label",
    "MapCanvas",
    "MbTiles",
    "Pulse",
    "Shape",
    "Sprite",
    "TilesError",
    "Track",
    "View",
]
