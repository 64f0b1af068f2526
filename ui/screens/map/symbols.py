"""Marks and colours of the legend, as the canvas draws them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from widgets.map import Sprite
from widgets.map.sprites import draw_mark
from widgets.theme import Theme, current_theme

_SIDE = 64     # drawn large, scaled down by the icon
_UNITS = 1.15  # of the small font that fit into it


def class_color(theme: Theme, number: int) -> QColor:
    """The colour of a class of cells."""
    return theme.colors.choropleth[number]


def symbol(sprite: Sprite) -> QIcon:
    """A marker's picture."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(_SIDE / 2, _SIDE / 2)
    painter.scale(_SIDE / _UNITS, _SIDE / _UNITS)
    draw_mark(painter, sprite, current_theme())
    painter.end()
    return QIcon(pixmap)
