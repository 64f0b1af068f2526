"""Paints one piece of the map's base: raster tiles, cells, heat, borders, tracks; in steps of a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QRegion, QTransform

from widgets.map import codes
from widgets.map.arrays import Items
from widgets.map.cells import Cells
from widgets.map.data import Bounds, Ids, Points, Track
from widgets.map.picture import Picture, as_bytes
from widgets.map.region import union
from widgets.theme import Theme

_PLAIN_LINES_FROM, _FULL_LINES_FROM = 3.0, 12.0  # pixels across a cell: thin lines come in between
_LINE_ALPHA, _OPAQUE = 150, 255
_OVER_TILES = 158  # how opaque colours are where a raster map shines through
_LINES_A_STEP, _BORDERS_A_STEP = 2_000, 250
_BORDER_WIDTH, _TRACK_WIDTH = 1.6, 2.5
_BY_ITSELF = 64  # more cells than these are repainted as the one rectangle around them

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
    _mask: QImage = field(default_factory=QImage)  # where cells are recoloured; made once

    @property
    def rich(self) -> bool:
        """Whether it shows more than cells."""
        return bool(self.raster or self.heat or self.tracks)

    @property
    def _thick(self) -> float:
        """Device pixels of what is one pixel thick at the desk."""
        return self.type_scale * self.ratio

    def shows(self, piece: Piece) -> bool:
        """Whether there is anything on this piece but the floor."""
        return self.rich or bool(len(self.cells.touching(*piece.box())))

    def paint(self, piece: Piece) -> Generator[None, None, Picture]:
        """Paint the piece, yielding between steps."""
        box, strong = piece.box(self._thick + 1), QPen(Qt.GlobalColor.white, _BORDER_WIDTH * self._thick)
        strong.setCapStyle(Qt.PenCapStyle.SquareCap)  # a sixth of the time of round ones
        thin = self.cells.lines_touching(*box) if self._line_alpha(piece) else np.empty((0, 4))
        picture = Picture(piece.width, piece.height, codes.palette(self.theme, self._line_alpha(piece)))
        board = QImage(piece.width, piece.height, QImage.Format.Format_RGB32)
        layers = (
            self._fills(self.cells.touching(*box)),
            _in_parts(thin, _LINES_A_STEP, QPen(Qt.GlobalColor.white, 1)),
            _in_parts(self.cells.borders_touching(*box), _BORDERS_A_STEP, strong),
        )
        drawn = []
        for steps in layers:
            drawn.append((yield from _layer(board, piece, steps)))
        picture.codes[:] = codes.with_lines(*drawn)
        self.finish(picture, piece)
        return picture

    def finish(self, picture: Picture, piece: Piece, part: QRegion | None = None) -> None:
        """Show what lies beneath and above the cells. part: only there."""
        picture.rich = self.rich
        if not picture.rich:
            picture.full = None
            return
        if picture.full is None:
            picture.full, part = QImage(picture.coded.size(), QImage.Format.Format_RGB32), None
        painter = QPainter(picture.full)
        if part is not None:
            painter.setClipRegion(part)
        self._compose(painter, picture, piece)
        painter.end()

    def recolour(self, picture: Picture, piece: Piece, rows: Ids) -> None:
        """Give these rows' polygons the classes that they have now; no pixel outside of them is touched."""
        mask, places = self._drawn(piece, rows), self._places(piece, rows)
        for left, top, right, bottom in places:
            here, there = mask[top:bottom, left:right], picture.codes[top:bottom, left:right]
            np.copyto(there, codes.recoloured(there, here.copy()), where=here != codes.FLOOR)
        changed = [QRect(left, top, right - left, bottom - top) for left, top, right, bottom in places]
        if picture.rich:
            self.finish(picture, piece, union(changed))
        else:
            picture.mend(changed)

    def _line_alpha(self, piece: Piece) -> int:
        across = self.cells.typical_size * piece.scale / self._thick
        shade = (across - _PLAIN_LINES_FROM) / (_FULL_LINES_FROM - _PLAIN_LINES_FROM)
        return round(_LINE_ALPHA * min(1.0, max(0.0, shade)))

    def _fills(self, rows: Ids) -> Iterator[Step]:
        classes = self.cells.classes[rows]
        for value in np.unique(classes).tolist():
            code = codes.code_of(value)
            yield lambda painter, code=code, chosen=rows[classes == value]: painter.fillPath(
                self.cells.path(chosen), QColor(code, code, code)
            )

    def _drawn(self, piece: Piece, rows: Ids) -> codes.Codes:
        """These rows' codes, the floor beside them. Holds until the next call."""
        if (self._mask.width(), self._mask.height()) != (piece.width, piece.height):
            self._mask = QImage(piece.width, piece.height, QImage.Format.Format_Grayscale8)
        self._mask.fill(Qt.GlobalColor.black)
        painter = QPainter(self._mask)
        painter.setTransform(piece.transform)
        for step in self._fills(rows):
            step(painter)
        painter.end()
        return as_bytes(self._mask)

    def _places(self, piece: Piece, rows: Ids) -> list[list[int]]:
        """Pixels of the piece where these rows lie: left, top, right, bottom."""
        boxes = self.cells.boxes[rows] * piece.scale - (piece.left, piece.top, piece.left, piece.top)
        if len(boxes) > _BY_ITSELF:
            boxes = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])[None]
        low = np.maximum(np.floor(boxes[:, :2]).astype(int) - 1, 0)
        high = np.minimum(np.ceil(boxes[:, 2:]).astype(int) + 1, (piece.width, piece.height))
        places: list[list[int]] = np.hstack([low, high])[np.all(high > low, axis=1)].tolist()
        return places

    # ------------------------------------------------------------ more than cells
    def _compose(self, painter: QPainter, picture: Picture, piece: Piece) -> None:
        self._floor(painter, piece)
        fills = codes.fills_palette(self.theme, _OVER_TILES if self.raster is not None else _OPAQUE)
        painter.drawImage(0, 0, _dyed(picture.coded, fills))
        if self.heat is not None:
            image, target = self.heat
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setTransform(piece.transform)
            painter.drawImage(target, image, QRectF(image.rect()))
            painter.resetTransform()
        painter.drawImage(0, 0, _dyed(picture.coded, codes.lines_palette(self.theme, self._line_alpha(piece))))
        painter.setTransform(piece.transform)
        for track in self.tracks:
            self._track(painter, track)

    def _floor(self, painter: QPainter, piece: Piece) -> None:
        painter.fillRect(0, 0, piece.width, piece.height, self.theme.colors.map_floor)
        if self.raster is not None:
            x, y = self.cells.origin.tolist()
            left, top, right, bottom = piece.box(0)
            painter.setTransform(piece.transform)
            self.raster.draw(painter, (x, y), Bounds(x + left, y - bottom, x + right, y - top), 1 / piece.scale)
            painter.resetTransform()

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


def _layer(board: QImage, piece: Piece, steps: Iterator[Step]) -> Generator[None, None, codes.Codes]:
    """What the steps draw in grey on black: on four bytes a pixel, where Qt paints twice as fast as on one."""
    board.fill(Qt.GlobalColor.black)
    for step in steps:
        painter = QPainter(board)
        painter.setTransform(piece.transform)
        step(painter)
        painter.end()
        yield
    pixels = np.frombuffer(board.bits(), np.uint32).reshape(piece.height, piece.width)
    return pixels.astype(np.uint8)  # the lowest byte


def _dyed(coded: QImage, palette: Sequence[int]) -> QImage:
    """The same codes in other colours."""
    image = QImage(coded)
    image.setColorTable(palette)
    return image


def _in_parts(edges: Points, size: int, pen: QPen) -> Iterator[Step]:
    pen.setCosmetic(True)
    for start in range(0, len(edges), size):
        yield lambda painter, part=edges[start : start + size]: _draw_lines(painter, part, pen)


def _draw_lines(painter: QPainter, edges: Points, pen: QPen) -> None:
    lines = Items(QLineF, 4)
    lines.resize(len(edges))[:] = edges
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)  # no knots where two of them meet
    painter.setPen(pen)
    painter.drawLines(*lines.drawn())
