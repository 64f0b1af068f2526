"""Bubbles: the count of a crowd in a ring that shows what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from widgets.map.crowds import Crowds
from widgets.map.data import Ids, Points, Sprite
from widgets.map.sprites import Fragments, Style

_SHARES = 8  # a ring shows shares in eighths
_RADIUS, _WIDE, _RIM = 1.0, 1.25, 0.24  # of the small font; wide: from a hundred on
_MOST = 999
_ROWS = 24  # of squares at most; then all are drawn anew

Draw = Callable[[QPainter], None]


class Bubbles:
    """Draws one layer's bubbles with one call of the painter: rings and counts lie on a picture of squares, filled as
    they are needed."""

    def __init__(self, sprites: Sequence[Sprite], style: Style) -> None:
        self._style, self._tones = style, [sprite.tone for sprite in sprites]
        self.reach = _WIDE * style.unit + 1
        self._side = 2 * int(np.ceil(self.reach * style.ratio))
        self._squares: dict[Hashable, int] = {}
        self._fragments = Fragments(self._sheet(2), self._side, style.ratio)
        self._prepared: tuple[Crowds, Ids, Ids] | None = None

    def stamp(self, painter: QPainter, centres: Points, seen: Ids, crowds: Crowds) -> None:
        """Draw the bubbles `seen` (rows of crowds) at their centres (n, 2), in pixels."""
        if self._prepared is None or self._prepared[0] is not crowds:
            self._prepared = (crowds, *self._prepare(crowds))
        _, rings, counts = self._prepared
        self._fragments.stamp(painter, np.concatenate([centres, centres]), np.concatenate([rings[seen], counts[seen]]))

    def _prepare(self, crowds: Crowds) -> tuple[Ids, Ids]:
        if len(self._squares) > _ROWS * Fragments.ROW // 2:
            self._squares.clear()
        looks = np.column_stack([crowds.counts > 99, eighths(crowds.kinds)])
        unique, place = _unique_rows(looks)
        rings = np.array([self._ring(tuple(look)) for look in unique.tolist()], np.int64)
        numbers, number_place = np.unique(np.minimum(crowds.counts, _MOST + 1), return_inverse=True)
        counts = np.array([self._count(number) for number in numbers.tolist()], np.int64)
        return rings[place], counts[number_place]

    def _ring(self, look: tuple[int, ...]) -> int:
        return self._square(("ring", look), lambda painter: self._draw_ring(painter, look))

    def _count(self, number: int) -> int:
        text = str(number) if number <= _MOST else f"{_MOST}+"
        return self._square(("count", text), lambda painter: self._draw_count(painter, text))

    def _square(self, key: Hashable, draw: Draw) -> int:
        square = self._squares.get(key)
        if square is None:
            square = self._squares[key] = len(self._squares)
            self._fill(square, draw)
        return square

    def _fill(self, square: int, draw: Draw) -> None:
        side, row = self._side, square // Fragments.ROW
        if (row + 1) * side > self._fragments.pixmap.height():
            self._grow(2 * (row + 1))
        painter = QPainter(self._fragments.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(square % Fragments.ROW * side, row * side)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(0, 0, side, side, Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.translate(side / 2, side / 2)
        painter.scale(self._style.ratio, self._style.ratio)
        draw(painter)
        painter.end()

    def _grow(self, rows: int) -> None:
        larger = self._sheet(rows)
        painter = QPainter(larger)
        painter.drawPixmap(0, 0, self._fragments.pixmap)
        painter.end()
        self._fragments.pixmap = larger

    def _sheet(self, rows: int) -> QPixmap:
        pixmap = QPixmap(self._side * Fragments.ROW, self._side * rows)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _draw_ring(self, painter: QPainter, look: tuple[int, ...]) -> None:
        wide, *shares = look
        unit, theme = self._style.unit, self._style.theme
        radius, rim = (_WIDE if wide else _RADIUS) * unit, _RIM * unit
        ground = QColor(theme.colors.map_halo)
        ground.setAlphaF(0.92)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(QRectF(-radius, -radius, 2 * radius, 2 * radius))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner, start, whole = radius - rim, 90 * 16, 360 * 16
        for tone, share in zip(self._tones, shares, strict=True):
            painter.setPen(QPen(theme.mark(tone), rim, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            span = whole * share // max(_SHARES, sum(shares))
            if span:
                painter.drawArc(QRectF(-inner, -inner, 2 * inner, 2 * inner), start, -span)
            start -= span

    def _draw_count(self, painter: QPainter, text: str) -> None:
        side = self._side / self._style.ratio
        painter.setPen(self._style.theme.colors.text)
        painter.setFont(self._style.font("small", strong=True))
        painter.drawText(QRectF(-side / 2, -side / 2, side, side), int(Qt.AlignmentFlag.AlignCenter), text)


def eighths(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts (k, kinds) as shares of a ring of eight: nobody who is there is left out; the greatest share takes what
    the rest leaves."""
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = np.where(counts > 0, np.maximum(1, np.round(_SHARES * counts / total)), 0).astype(np.int64)
    greatest, rows = shares.argmax(axis=1), np.arange(len(shares))
    shares[rows, greatest] = np.maximum(1, shares[rows, greatest] + _SHARES - shares.sum(axis=1))
    return shares


def _unique_rows(looks: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ids]:
    """Each row of small numbers once, and for each row which one it is."""
    code = looks @ (_SHARES + 1) ** np.arange(looks.shape[1])
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return looks[first], place
