"""Marks and colours of the legend, as the canvas draws them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from widgets.map import Sprite
from widgets.theme import Theme, current_theme

_SIDE = 48  # drawn large, scaled down by the icon


def class_color(theme: Theme, number: int) -> QColor:
    """The colour of a class of cells."""
    return theme.colors.choropleth[number]


def symbol(sprite: Sprite) -> QIcon:
    """A marker's picture."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = current_theme().mark(sprite.tone)
    painter.setPen(QPen(color, _SIDE / 10) if sprite.shape == "ring" else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if sprite.shape == "ring" else color)
    _draw(painter, sprite.shape)
    painter.end()
    return QIcon(pixmap)


def _draw(painter: QPainter, shape: str) -> None:
    middle, reach = _SIDE / 2, _SIDE * 0.38
    corners = {"triangle": 3, "diamond": 4}.get(shape)
    if corners is not None:
        turns = [math.tau * n / corners for n in range(corners)]
        painter.drawPolygon(QPolygonF([QPointF(middle + reach * math.sin(t), middle - reach * math.cos(t))
                                       for t in turns]))
    elif shape in ("square", "camera"):
        painter.drawRect(QRectF(middle - reach, middle - reach, 2 * reach, 2 * reach))
    else:
        painter.drawEllipse(QPointF(middle, middle), reach, reach)
