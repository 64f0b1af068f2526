"""The figures above all others: tiles in rows that fill their room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.charts.tile import Kpi, KpiTile
from widgets.theme import current_theme

_WIDE = 2.0  # width to height of a tile at which one more goes into a row
_GAP = 0.8   # of the smallest type, as between panels


class Tiles(QWidget):
    """As many tiles as figures; each is written over in place. figure_clicked(key), where the pointer may reach it."""

    figure_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tiles: list[KpiTile] = []
        self._type_scale = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._type_scale = scale
        for tile in self.tiles:
            tile.type_scale = scale
        self._place()

    def set_figures(self, kpis: Sequence[Kpi]) -> None:
        """Show these, from left to right and from above."""
        while len(self.tiles) < len(kpis):
            tile = KpiTile()
            tile.setParent(self)
            tile.figure_clicked.connect(self.figure_clicked)
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.type_scale = self._type_scale
            self.tiles.append(tile)
        for tile, kpi in zip(self.tiles, kpis, strict=False):
            tile.set_kpi(kpi)
        for number, tile in enumerate(self.tiles):
            tile.setVisible(number < len(kpis))
        self._place()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Equally large."""
        self._place()

    def _place(self) -> None:
        shown = [tile for tile in self.tiles if not tile.isHidden()]
        if not shown:
            return
        gap = round(current_theme().sizes.font_small * self._type_scale * _GAP)
        columns = self._columns(len(shown))
        rows = -(-len(shown) // columns)
        for number, tile in enumerate(shown):
            column, row = number % columns, number // columns
            left, right = (self.width() + gap) * column // columns, (self.width() + gap) * (column + 1) // columns - gap
            top, bottom = (self.height() + gap) * row // rows, (self.height() + gap) * (row + 1) // rows - gap
            tile.setGeometry(left, top, right - left, bottom - top)

    def _columns(self, count: int) -> int:
        """So many side by side that a tile is about twice as wide as high."""
        fitting = (n for n in range(1, count + 1) if count % n == 0 or n == count)
        return min(fitting, key=lambda n: abs((self.width() / n) / max(1.0, self.height() * n / count) - _WIDE))
