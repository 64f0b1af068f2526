"""The raster tiles beneath the map: chosen from a file, remembered, and refused with a reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.screens.map.layers_pane import LayersPane
from widgets.map import MapCanvas, MbTiles, TilesError


class TileChoice(QObject):
    """`path`: of the file in use; empty for none."""

    def __init__(self, canvas: MapCanvas, pane: LayersPane, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._pane, self._parent = canvas, pane, parent
        self.path = ""
        self._lying: MbTiles | None = None
        pane.tiles_wanted.connect(self.choose)
        pane.tiles_dropped.connect(self.drop)

    def choose(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self._parent, "选择底图", str(Path(self.path).parent) if self.path else "",
                             "MBTiles 底图 (*.mbtiles)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open(self, path: str) -> None:
        """Lay this file beneath; one that cannot be used is refused, and what lay there stays."""
        try:
            if not Path(path).is_file():
                raise TilesError(f"{Path(path).name} 已不在原处，请重新选择底图")
            tiles = MbTiles(Path(path))
        except TilesError as problem:
            self._pane.show_tiles(Path(self.path).name, str(problem))
            return
        self.path = path
        self._lay(tiles)
        self._pane.show_tiles(Path(path).name, "")

    def drop(self) -> None:
        """No tiles."""
        self.path = ""
        self._lay(None)
        self._pane.show_tiles("", "")

    def shut(self) -> None:
        """The window closes: read the file no more; it stays the one in use."""
        self._lay(None)

    def _lay(self, tiles: MbTiles | None) -> None:
        self._canvas.set_tiles(tiles)
        if self._lying is not None:
            self._lying.close()
        self._lying = tiles
