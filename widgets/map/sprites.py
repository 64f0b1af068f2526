"""Small pictures drawn once and stamped many times: markers, bubbles of a crowd, words, pulses."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from widgets.map.arrays import Items
from widgets.map.data import Ids, Points, Sprite
from widgets.theme import FontRole, Theme
from widgets.tones import Tone

_MARK, _HALO, _ROOM = 0.42, 0.13, 1.3  # of the small font: radius of a mark, its rim, half the picture's side
_RIM_TURNS = 12
_KEPT = 1500


@dataclass(frozen=True, slots=True)
class Style:
    """All that decides how a sprite looks: theme, how much larger than on a desk, device pixels per pixel."""

    theme: Theme
    scale: float
    ratio: float

    @property
    def unit(self) -> float:
        """Pixels of the small font."""
        return self.theme.sizes.font_small * self.scale

    def font(self, role: FontRole, strong: bool = False) -> QFont:
        """The theme's font at this scale."""
        font = self.theme.font(role, strong)
        font.setPixelSize(max(1, round(font.pixelSize() * self.scale)))
        return font


class Stamps:
    """Pictures by key, drawn when first asked for; the longest unused are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def get(self, key: Hashable, draw: Callable[[], QPixmap]) -> QPixmap:
        """The picture of this key."""
        picture = self._kept.get(key)
        if picture is None:
            picture = self._kept[key] = draw()
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return picture

    def clear(self) -> None:
        """Draw all anew."""
        self._kept.clear()


class Sheet:
    """A layer's sprites side by side on one picture, so that all its markers are one call of the painter."""

    def __init__(self, sprites: Sequence[Sprite], style: Style) -> None:
        side = 2 * round(_ROOM * style.unit * style.ratio)  # device pixels, even: centres fall on whole pixels
        self.reach = side / 2 / style.ratio
        pixmap = QPixmap(side * max(1, len(sprites)), side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, sprite in enumerate(sprites):
            painter.save()
            painter.translate(side * (index + 0.5), side / 2)
            painter.scale(style.unit * style.ratio, style.unit * style.ratio)
            draw_mark(painter, sprite, style.theme)
            painter.restore()
        painter.end()
        self._fragments = Fragments(pixmap, side, style.ratio)

    def stamp(self, painter: QPainter, centres: Points, kinds: Ids) -> None:
        """Draw a sprite at each centre (n, 2), in pixels."""
        self._fragments.stamp(painter, centres, kinds)


class Fragments:
    """A picture of squares, 32 a row; many of them are stamped by one call. pixmap and side are in device pixels."""

    ROW = 32

    def __init__(self, pixmap: QPixmap, side: int, ratio: float) -> None:
        self.pixmap, self._side, self._ratio = pixmap, side, ratio
        self._array = Items(QPainter.PixmapFragment, 10)

    def stamp(self, painter: QPainter, centres: Points, squares: Ids) -> None:
        """Draw a square at each centre (n, 2), in pixels of the widget."""
        if not len(centres):
            return
        fields = self._array.resize(len(centres))
        np.floor(centres * self._ratio, out=fields[:, 0:2])
        fields[:, 0:2] /= self._ratio
        fields[:, 2] = (squares % self.ROW) * self._side
        fields[:, 3] = (squares // self.ROW) * self._side
        fields[:, 4:6] = self._side
        fields[:, 6:8] = 1 / self._ratio
        fields[:, 8] = 0.0
        fields[:, 9] = 1.0
        painter.drawPixmapFragments(*self._array.drawn(), self.pixmap)


def draw_mark(painter: QPainter, sprite: Sprite, theme: Theme) -> None:
    """Draw a mark around (0, 0), its radius in units of the small font."""
    color, halo = theme.mark(sprite.tone), theme.colors.map_halo
    shape = _SHAPES[sprite.shape]()
    if sprite.shape == "ring":
        painter.strokePath(shape, QPen(halo, 4 * _HALO))
        painter.strokePath(shape, QPen(color, 1.8 * _HALO))
        return
    painter.strokePath(shape, _round_pen(halo, 2 * _HALO))
    painter.fillPath(shape, QBrush(color))


def word(style: Style, text: str, role: FontRole, strong: bool) -> QPixmap:
    """A word with a rim that keeps it legible on every ground."""
    font = style.font(role, strong)
    metrics, rim = QFontMetricsF(font), 0.2 * style.unit
    size = QSizeF(metrics.horizontalAdvance(text) + 2 * rim, metrics.height() + 2 * rim)
    pixmap, painter = canvas_for(size, style.ratio)
    painter.setFont(font)
    base = QPointF(rim, rim + metrics.ascent())
    painter.setPen(style.theme.colors.map_halo)
    for turn in range(_RIM_TURNS):  # stamping glyphs is ten times as quick as stroking their outlines
        angle = 2 * math.pi * turn / _RIM_TURNS
        painter.drawText(base + QPointF(rim * math.cos(angle), rim * math.sin(angle)), text)
    painter.setPen(style.theme.colors.text)
    painter.drawText(base, text)
    painter.end()
    return pixmap


def pulse(style: Style, tone: Tone, phase: float) -> QPixmap:
    """A dot in a ring that widens and fades; phase 0 to 1."""
    color, reach = style.theme.mark(tone), pulse_reach(style)
    pixmap, painter = canvas_for(QSizeF(2 * reach, 2 * reach), style.ratio)
    painter.translate(reach, reach)
    painter.scale(style.unit, style.unit)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for radius, width, alpha in ((0.75 + 0.8 * phase, 0.16, 1.0 - phase), (0.75, 0.14, 0.9)):
        faded = QColor(color)
        faded.setAlphaF(alpha)
        painter.setPen(QPen(faded, width))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
    draw_mark(painter, Sprite("circle", tone), style.theme)
    painter.end()
    return pixmap


def chosen(style: Style, radius: float) -> QPixmap:
    """The ring around what is selected; radius in pixels."""
    reach = radius + 0.3 * style.unit
    pixmap, painter = canvas_for(QSizeF(2 * reach, 2 * reach), style.ratio)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((style.theme.colors.map_halo, 0.34), (style.theme.colors.text, 0.16)):
        painter.setPen(QPen(color, width * style.unit))
        painter.drawEllipse(QPointF(reach, reach), radius, radius)
    painter.end()
    return pixmap


def pulse_reach(style: Style) -> float:
    """Pixels from a pulse's middle to its outermost edge."""
    return float(np.ceil(1.7 * style.unit))


def canvas_for(size: QSizeF, ratio: float) -> tuple[QPixmap, QPainter]:
    """An empty picture of so many pixels and a painter on it that smooths."""
    pixmap = QPixmap(int(np.ceil(size.width() * ratio)), int(np.ceil(size.height() * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return pixmap, painter


def _round_pen(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _ellipse(radius: float, y: float = 0.0) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, y), radius, radius)
    return path


def _camera() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.55, -0.33, 0.72, 0.66), 0.1, 0.1)
    return path.united(_polygon((0.22, -0.05), (0.55, -0.3), (0.55, 0.3), (0.22, 0.05)))


def _person() -> QPainterPath:
    body = QPainterPath()
    body.addRoundedRect(QRectF(-0.4, 0.02, 0.8, 0.62), 0.36, 0.36)
    return body.united(_ellipse(0.26, -0.28))


_SHAPES: dict[str, Callable[[], QPainterPath]] = {
    "circle": lambda: _ellipse(_MARK),
    "ring": lambda: _ellipse(_MARK),
    "square": lambda: _polygon((-0.38, -0.38), (0.38, -0.38), (0.38, 0.38), (-0.38, 0.38)),
    "triangle": lambda: _polygon((0, -0.52), (0.5, 0.36), (-0.5, 0.36)),
    "diamond": lambda: _polygon((0, -0.55), (0.5, 0), (0, 0.55), (-0.5, 0)),
    "camera": _camera,
    "person": _person,
}
