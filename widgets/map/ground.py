"""Paints one piece of the map's base: raster tiles, cells, heat, borders, tracks; in steps of a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from widgets.map.arrays import Items
from widgets.map.cells import Cells
from widgets.map.data import Bounds, Ids, Points, Track
from widgets.theme import Theme

_PLAIN_LINES_FROM, _FULL_LINES_FROM = 3.0, 12.0  # pixels across a cell: thin lines come in between
_LINE_ALPHA = 150
_OVER_TILES = 0.62  # how strong colours are where a raster map shines through
_LINES_A_STEP, _BORDERS_A_STEP = 8_000, 600
_BORDER_WIDTH, _TRACK_WIDTH = 1.6, 2.5

Step = Callable[[QPainter], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of the base: `scale` in device pixels per metre, corner and size in device pixels at that scale."""

    scale: float
    left: int
    top: int
    width: int
    height: int

    @property
    def transform(self) -> QTransform:
        """From local metres to the piece's pixels."""
        return QTransform(self.scale, 0, 0, self.scale, -self.left, -self.top)

    def box(self, margin: float = 1.0) -> tuple[float, float, float, float]:
        """The piece in local metres, `margin` pixels larger."""
        right, bottom = self.left + self.width + margin, self.top + self.height + margin
        return (
            (self.left - margin) / self.scale,
            (self.top - margin) / self.scale,
            right / self.scale,
            bottom / self.scale,
        )


class Raster(Protocol):
    """Pictures beneath the cells."""

    def draw(self, painter: QPainter, origin: tuple[float, float], bounds: Bounds, metres_per_pixel: float) -> None:
        """Draw these bounds; the painter's units are metres from `origin`, x to the east and y to the south."""


@dataclass(slots=True, eq=False)
class Ground:
    """What the base shows. Change a field, then have the base painted anew."""

    theme: Theme
    cells: Cells
    type_scale: float = 1.0
    ratio: float = 1.0  # device pixels per pixel
    raster: Raster | None = None
    heat: tuple[QImage, QRectF] | None = None  # in local metres
    tracks: Sequence[Track] = field(default=())

    @property
    def _thick(self) -> float:
        """Device pixels of what is one pixel thick at the desk."""
        return self.type_scale * self.ratio

    def shows(self, piece: Piece) -> bool:
        """Whether there is anything on this piece but the floor."""
        return bool(self.raster or self.heat or self.tracks) or bool(len(self.cells.touching(*piece.box())))

    def paint(self, image: QImage, piece: Piece) -> Iterator[None]:
        """Paint the piece, yielding between steps."""
        for step in self._steps(piece):
            painter = QPainter(image)
            painter.setTransform(piece.transform)
            step(painter)
            painter.end()
            yield

    def repaint(self, image: QImage, piece: Piece, rows: Ids) -> None:
        """Paint just these rows' polygons anew; no pixel outside of them is touched."""
        lines, borders = self.cells.edges_around(rows)
        painter = QPainter(image)
        painter.setTransform(piece.transform)
        painter.setClipPath(self.cells.path(rows))
        for step in chain(self._lower(piece, rows), self._upper(piece.scale, lines, borders)):
            step(painter)  # no save and restore: each restore would build the clip anew
        painter.end()

    def _steps(self, piece: Piece) -> Iterator[Step]:
        box = piece.box(self._thick + 1)
        yield from self._lower(piece, self.cells.touching(*box))
        yield from self._upper(piece.scale, self.cells.lines_touching(*box), self.cells.borders_touching(*box))

    def _lower(self, piece: Piece, rows: Ids) -> Iterator[Step]:
        yield lambda painter: self._floor(painter, piece)
        yield from self._fills(rows)
        if self.heat is not None:
            yield self._heat

    def _upper(self, scale: float, lines: Points, borders: Points) -> Iterator[Step]:
        across = self.cells.typical_size * scale / self._thick
        shade = min(1.0, (across - _PLAIN_LINES_FROM) / (_FULL_LINES_FROM - _PLAIN_LINES_FROM))
        if shade > 0:
            color = QColor(self.theme.colors.map_line)
            color.setAlpha(round(_LINE_ALPHA * shade))
            yield from _in_parts(lines, _LINES_A_STEP, QPen(color, 1))
        strong = QPen(self.theme.colors.map_border, _BORDER_WIDTH * self._thick)
        strong.setCapStyle(Qt.PenCapStyle.RoundCap)
        yield from _in_parts(borders, _BORDERS_A_STEP, strong)
        for track in self.tracks:
            yield lambda painter, track=track: self._track(painter, track)

    def _floor(self, painter: QPainter, piece: Piece) -> None:
        left, top, right, bottom = piece.box(0)
        painter.fillRect(QRectF(left, top, right - left, bottom - top), self.theme.colors.map_floor)
        if self.raster is not None:
            x, y = self.cells.origin.tolist()
            self.raster.draw(painter, (x, y), Bounds(x + left, y - bottom, x + right, y - top), 1 / piece.scale)

    def _fills(self, rows: Ids) -> Iterator[Step]:
        classes, ramp = self.cells.classes[rows], self.theme.colors.choropleth
        for value in np.unique(classes).tolist():
            color = self.theme.colors.map_empty if value < 0 else ramp[value]
            path = self.cells.path(rows[classes == value])
            yield lambda painter, path=path, color=color: self._fill(painter, path, color)

    def _fill(self, painter: QPainter, path: QPainterPath, color: QColor) -> None:
        color = QColor(color)
        color.setAlphaF(_OVER_TILES if self.raster is not None else 1.0)
        painter.fillPath(path, QBrush(color))

    def _heat(self, painter: QPainter) -> None:
        if self.heat is not None:
            image, target = self.heat
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image, QRectF(image.rect()))

    def _track(self, painter: QPainter, track: Track) -> None:
        points = [QPointF(x, y) for x, y in self.cells.to_local(track.points).tolist()]
        strokes = (self.theme.colors.map_halo, 2 * _TRACK_WIDTH), (self.theme.mark(track.tone), _TRACK_WIDTH)
        for color, width in strokes:
            pen = QPen(color, width * self._thick)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawPolyline(QPolygonF(points))


def _in_parts(edges: Points, size: int, pen: QPen) -> Iterator[Step]:
    pen.setCosmetic(True)
    for start in range(0, len(edges), size):
        yield lambda painter, part=edges[start : start + size]: _draw_lines(painter, part, pen)


def _draw_lines(painter: QPainter, edges: Points, pen: QPen) -> None:
    if not len(edges):
        return
    lines = Items(QLineF, 4)
    lines.resize(len(edges))[:] = edges
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawLines(*lines.drawn())
