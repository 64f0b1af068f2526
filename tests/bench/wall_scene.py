"""The naive side of the bench `wall`: a QGraphicsScene with an item for each cell, street, case and worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsPixmapItem,
    QGraphicsPolygonItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from tests.bench.wall_qt import QtSide
from tests.bench.wall_town import CLASSES, Town, View, whole_view

_GROUND, _LINE, _BORDER, _WORKER = "#061427", "#0a2850", "#50dcff", "#e040fb"
_KINDS = ("#ff5252", "#ffb300", "#40c4ff", "#69f0ae")
_RADIUS = 4


class Scene:
    """y is turned round: a scene's goes down."""

    def __init__(self, town: Town, width: int, height: int) -> None:
        scene = QGraphicsScene()
        view = self._view = QGraphicsView(scene)
        self._keep, self.painted = scene, view.viewport()
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setBackgroundBrush(QColor(_GROUND))
        view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        for policy in (view.setHorizontalScrollBarPolicy, view.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.resize(width, height)
        self._middle = town.middle
        self._brushes = [QBrush(QColor.fromHsv(200 - 25 * n, 200, 90 + 20 * n)) for n in range(CLASSES)]
        self._cells = self._add_cells(scene, town)
        self._add_borders(scene, town)
        sprites = [_sprite(color) for color in _KINDS]
        self._cases = [self._add_marker(scene, sprites[kind], at)
                       for kind, at in zip(town.kinds.tolist(), town.cases.tolist(), strict=True)]
        worker = _sprite(_WORKER)
        self._workers = [self._add_marker(scene, worker, at) for at in town.workers.tolist()]
        bounds = scene.itemsBoundingRect()
        scene.setSceneRect(bounds.adjusted(*(3 * side for side in (-bounds.width(), -bounds.height(), bounds.width(),
                                                                   bounds.height()))))
        self.look(whole_view(town, (width, height)))

    def window(self) -> QWidget:
        """What is shown."""
        return self._view

    def look(self, view: View) -> None:
        """See this."""
        scale = 1 / view[2]
        self._view.setTransform(QTransform.fromScale(scale, scale))
        self._view.centerOn(self._at(view))

    def complete(self) -> bool:
        """It draws all or nothing."""
        return True

    def update(self, change: dict[str, Any]) -> None:
        """Cells of other classes, cases at other places."""
        for cell, value in zip(change["cells"], change["classes"], strict=True):
            self._cells[cell].setBrush(self._brushes[value])
        for case, at in zip(change["cases"], change["places"], strict=True):
            self._cases[case].setPos(self._at(at))

    def walk(self, places: Sequence[Sequence[float]]) -> None:
        """All workers stand elsewhere."""
        for item, at in zip(self._workers, places, strict=True):
            item.setPos(self._at(at))

    def plain(self) -> None:
        """It always is."""

    def _at(self, point: Sequence[float]) -> QPointF:
        return QPointF(point[0] - self._middle[0], self._middle[1] - point[1])

    def _add_cells(self, scene: QGraphicsScene, town: Town) -> list[QGraphicsPolygonItem]:
        pen, made = _pen(_LINE, 1), []
        for ring, value in zip(np.split(town.vertices, town.offsets[1:-1]), town.classes.tolist(), strict=True):
            item = QGraphicsPolygonItem(QPolygonF([self._at(point) for point in ring.tolist()]))
            item.setPen(pen)
            item.setBrush(self._brushes[value])
            scene.addItem(item)
            made.append(item)
        return made

    def _add_borders(self, scene: QGraphicsScene, town: Town) -> None:
        polygons = np.array([shapely.Polygon(ring) for ring in np.split(town.vertices, town.offsets[1:-1])])
        for group in np.unique(town.groups):
            path = QPainterPath()
            for part in shapely.get_parts(shapely.coverage_union_all(polygons[town.groups == group])):
                points = shapely.get_coordinates(part.exterior).tolist()
                path.addPolygon(QPolygonF([self._at(point) for point in points]))
            scene.addPath(path, _pen(_BORDER, 2))

    def _add_marker(self, scene: QGraphicsScene, sprite: QPixmap, at: Sequence[float]) -> QGraphicsPixmapItem:
        item = QGraphicsPixmapItem(sprite)
        item.setOffset(-sprite.width() / 2, -sprite.height() / 2)
        item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        item.setPos(self._at(at))
        scene.addItem(item)
        return item


def _pen(color: str, width: int) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCosmetic(True)
    return pen


def _sprite(color: str) -> QPixmap:
    side = 2 * _RADIUS + 2
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(color))
    painter.setPen(QPen(Qt.GlobalColor.white, 1))
    painter.drawEllipse(QPointF(side / 2, side / 2), _RADIUS, _RADIUS)
    painter.end()
    return made


def _made(town: Town, width: int, height: int) -> tuple[QWidget, Scene]:
    scene = Scene(town, width, height)
    return scene.window(), scene


if __name__ == "__main__":
    QtSide(_made).serve()
