"""Raster tiles from an MBTiles file beneath the map (MBTiles 1.3, https://github.com/mapbox/mbtiles-spec)."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class TilesError(ValueError):
    """The file is no raster MBTiles; the text says what to do."""


class MbTiles:
    """A file of raster tiles in Web Mercator. Raises TilesError if it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True) as file:
                self.metadata = dict(file.execute("SELECT name, value FROM metadata"))
        except sqlite3.Error as error:
            raise TilesError(f"{path.name} 读不出：不是 MBTiles 文件（{error}）。请另选一个 .mbtiles 文件") from error
        if self.metadata.get("format", "png") not in ("png", "jpg", "jpeg", "webp"):
            raise TilesError(f"{path.name} 里是矢量瓦片，这里只能垫栅格瓦片（png、jpg）")
