"""Raster tiles from an MBTiles file beneath the map (MBTiles 1.3, https://github.com/mapbox/mbtiles-spec)."""

from __future__ import annotations

import math
import sqlite3
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from widgets.map.data import Bounds

_WORLD = 20037508.342789244  # half the width of the plane, in metres
_SIDE = 256  # pixels of a tile, as its zoom level counts
_KEPT = 192
_PICTURES = ("png", "jpg", "jpeg", "webp")

TileKey = tuple[int, int, int]  # zoom, column from the west, row from the NORTH


class TilesError(ValueError):
    """The file is no raster MBTiles; the text says what to do."""


class MbTiles(QObject):
    """A file of raster tiles in Web Mercator, read by a thread of its own. Raises TilesError if it cannot be used.

    arrived(Bounds): a tile that was missing is there now. failed(str): the file cannot be read any more.
    """

    arrived = Signal(object)
    failed = Signal(str)
    _read = Signal(object, QImage)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._file = f"{path.absolute().as_uri()}?mode=ro"
        values = self._metadata()
        self.zooms = range(int(values["lowest"]), int(values["highest"]) + 1)
        self._from_south = values.get("scheme", "tms") != "xyz"
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._asked: set[TileKey] = set()
        self._broken = False
        self._reader = ThreadPoolExecutor(1, "mbtiles")
        self._read.connect(self._take)

    def close(self) -> None:
        """Read nothing any more; the thread ends."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    def draw(self, painter: QPainter, origin: tuple[float, float], bounds: Bounds, metres_per_pixel: float) -> None:
        """Draw what is at hand of these bounds and ask for the rest. The painter's units are metres from `origin`, x to
        the east and y to the south."""
        zoom = self._zoom(metres_per_pixel)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for key in _keys(zoom, bounds):
            shown = self._at_hand(key)
            if shown is not None:
                image, part = shown
                west, south, east, north = bounds_of(key)
                target = QRectF(west - origin[0], origin[1] - north, east - west, north - south)
                painter.drawImage(target, image, part)

    def _zoom(self, metres_per_pixel: float) -> int:
        exact = math.log2(2 * _WORLD / _SIDE / metres_per_pixel)
        return min(max(math.ceil(exact - 0.3), self.zooms.start), self.zooms.stop - 1)

    def _at_hand(self, key: TileKey) -> tuple[QImage, QRectF] | None:
        """The tile, or while it is being read the part of a coarser one."""
        image = self._tiles.get(key)
        if image is None:
            self._ask(key)
        zoom, column, row = key
        for up in range(zoom - self.zooms.start + 1):
            image = self._tiles.get((zoom - up, column >> up, row >> up))
            if image is not None and not image.isNull():
                self._tiles.move_to_end((zoom - up, column >> up, row >> up))
                side = image.width() / 2**up
                return image, QRectF((column % 2**up) * side, (row % 2**up) * side, side, side)
        return None

    def _ask(self, key: TileKey) -> None:
        if key not in self._asked and key not in self._tiles and not self._broken:
            self._asked.add(key)
            self._reader.submit(self._load, key)

    def _load(self, key: TileKey) -> None:
        zoom, column, row = key
        row = 2**zoom - 1 - row if self._from_south else row
        image = QImage()
        try:
            with closing(sqlite3.connect(self._file, uri=True)) as file:
                query = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
                found = file.execute(query, (zoom, column, row)).fetchone()
        except sqlite3.Error as error:
            self._broken = True
            self.failed.emit(f"{self.path.name} 读不出了（{error}）。请检查文件后重新打开底图")
            return
        if found is not None:
            image.loadFromData(found[0])
        self._read.emit(key, image)

    def _take(self, key: TileKey, image: QImage) -> None:
        self._asked.discard(key)
        self._tiles[key] = image  # null: the file has no such tile, and is not asked again
        if len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        if not image.isNull():
            self.arrived.emit(bounds_of(key))

    def _metadata(self) -> dict[str, str]:
        try:
            with closing(sqlite3.connect(self._file, uri=True)) as file:
                values = {str(name): str(value) for name, value in file.execute("SELECT name, value FROM metadata")}
                lowest, highest = file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        except sqlite3.Error as error:
            raise TilesError(f"{self.path.name} 不是能用的 MBTiles 文件（{error}），请另选一个") from error
        if values.get("format", "png") not in _PICTURES:
            raise TilesError(f"{self.path.name} 里是矢量瓦片。这里只能垫栅格瓦片（png、jpg），请导出为栅格后再用")
        if lowest is None:
            raise TilesError(f"{self.path.name} 里没有瓦片。请另选一个文件")
        return values | {"lowest": str(lowest), "highest": str(highest)}


def bounds_of(key: TileKey) -> Bounds:
    """The rectangle of the plane that a tile covers."""
    zoom, column, row = key
    side = 2 * _WORLD / 2**zoom
    west, north = column * side - _WORLD, _WORLD - row * side
    return Bounds(west, north - side, west + side, north)


def _keys(zoom: int, bounds: Bounds) -> list[TileKey]:
    side, most = 2 * _WORLD / 2**zoom, 2**zoom - 1
    columns = range(max(0, int((bounds.west + _WORLD) // side)), min(most, int((bounds.east + _WORLD) // side)) + 1)
    rows = range(max(0, int((_WORLD - bounds.north) // side)), min(most, int((_WORLD - bounds.south) // side)) + 1)
    return [(zoom, column, row) for row in rows for column in columns]
