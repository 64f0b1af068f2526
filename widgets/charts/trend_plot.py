"""The lines of a trend on their axes, by pyqtgraph: one pixel, not antialiased, which is what makes it cheap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen
from PySide6.QtWidgets import QFrame, QGraphicsEllipseItem, QGraphicsView

from widgets.charts.hours import Local, time_marks
from widgets.painting import text_width
from widgets.theme import Theme
from widgets.tones import Tone

_FILL_ALPHA, _PAST_ALPHA, _GRID_ALPHA = 46, 210, 90
_HEADROOM = 1.08
_STEPS = (1, 2, 2.5, 5, 10)


class LineStyle(Enum):
    """Whose figures a line shows; told apart without colour."""

    TODAY = Qt.PenStyle.SolidLine
    WEEK = Qt.PenStyle.DashLine
    YEAR = Qt.PenStyle.DotLine


@dataclass(frozen=True, eq=False)
class Line:
    """(n,) figures, nan where there is none."""

    values: np.ndarray = field(repr=False)
    tone: Tone
    style: LineStyle = LineStyle.TODAY
    filled: bool = False


def line_pen(theme: Theme, tone: Tone, style: LineStyle) -> QPen:
    """The pen of a line, also of its sample in the legend."""
    color = QColor(theme.mark(tone))
    if style is not LineStyle.TODAY:
        color.setAlpha(_PAST_ALPHA)
    pen = QPen(color, theme.sizes.line_width, style.value)
    pen.setCosmetic(True)
    return pen


class _TimeAxis(pg.AxisItem):
    """Marks full hours or days of the city, as many as there is room for."""

    def __init__(self, local: Local) -> None:
        super().__init__("bottom")
        self._local, self.mark_width, self.origin = local, 60, 0.0

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        """One level: all marks are alike."""
        since, until = least + self.origin, most + self.origin
        marks = time_marks(since, until, int(size / self.mark_width), self._local)
        self._words = {at - self.origin: words for at, words in marks}
        return [(1.0, list(self._words))]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Their words."""
        return [self._words.get(value, "") for value in values]


class _CountAxis(pg.AxisItem):
    """Few round numbers from zero."""

    def __init__(self) -> None:
        super().__init__("left")
        self.mark_height = 40

    def tickValues(self, least: float, most: float, size: float) -> list[tuple[float, list[float]]]:
        """Steps of 1, 2, 2.5 or 5 times a power of ten."""
        step = round_step(most - least, max(1, int(size / self.mark_height)))
        return [(step, np.arange(np.ceil(least / step), np.floor(most / step) + 1).tolist() and
                 (step * np.arange(np.ceil(least / step), np.floor(most / step) + 1)).tolist())]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:
        """With thousands separators."""
        return [f"{value:,.0f}" if spacing >= 1 else f"{value:,.2g}" for value in values]


def round_step(span: float, most: int) -> float:
    """The smallest round step of which at most `most` make the span; whole where the span is more than a few."""
    least = max(span, 1e-9) / most
    power = 10.0 ** np.floor(np.log10(least))
    step = float(next(factor * power for factor in _STEPS if factor * power >= least * (1 - 1e-9)))
    return max(1.0, np.ceil(step)) if span >= 2 else step


class TrendPlot(pg.PlotWidget):
    """`pointed(moment | None)` and `clicked(moment, figure)` by the mouse; it neither pans nor zooms.

    Inside, moments count from the axis's beginning: an SVG has six digits for a coordinate, too few for Unix seconds.
    """

    pointed = Signal(object)
    clicked = Signal(float, float)

    def __init__(self, local: Local) -> None:
        self._time, self._count = _TimeAxis(local), _CountAxis()
        super().__init__(axisItems={"bottom": self._time, "left": self._count}, background=None)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)    # a cached ground would be a picture in an SVG
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("background: transparent; border: none;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.hideButtons()
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.plotItem.vb.disableAutoRange()
        self._theme: Theme | None = None
        self._lines: list[Line] = []
        self._at = np.empty(0)
        self._curves: list[pg.PlotCurveItem] = []
        self._dots: list[QGraphicsEllipseItem] = []
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setZValue(10)
        self.addItem(self._cursor, ignoreBounds=True)
        self.point_at(None)

    def set_theme(self, theme: Theme) -> None:
        """Axes, grid and pens by the theme."""
        if theme is self._theme:
            return
        self._theme = theme
        self._cursor.setPen(QPen(theme.colors.text_muted, 0))
        font = theme.font("small")
        for axis in (self._time, self._count):
            axis.setPen(QPen(theme.colors.line_strong, 0))
            axis.setTextPen(QPen(theme.colors.text_muted, 0))
            axis.setTickFont(font)
            axis.setStyle(tickLength=0, tickTextOffset=theme.sizes.pad_small // 2, autoExpandTextSpace=False,
                          hideOverlappingLabels=text_width(font, "00:00"))    # so far beyond the ends a word may reach
        half = text_width(font, "00:00") // 2
        self.plotItem.setContentsMargins(0, theme.sizes.font_small // 2, half, 0)
        self._time.setHeight(round(theme.sizes.font_small * 1.5) + theme.sizes.pad_small)
        self._time.mark_width = 2 * half + 2 * theme.sizes.pad
        self._count.mark_height = 3 * theme.sizes.font_small
        self._count.setGrid(_GRID_ALPHA)
        self._draw_lines()

    def set_lines(self, at: np.ndarray, lines: Sequence[Line], since: float, until: float) -> None:
        """Show these between two moments, from zero to above the greatest figure."""
        self._time.origin = since
        self._at, self._lines = np.asarray(at, float) - since, list(lines)
        top = max((float(np.nanmax(line.values, initial=0.0)) for line in lines), default=0.0) * _HEADROOM or 1.0
        self.plotItem.vb.setRange(xRange=(0.0, until - since), yRange=(0.0, top), padding=0)
        if self._theme is not None:
            widest = text_width(self._theme.font("small"), f"{top:,.0f}")
            self._count.setWidth(widest + self._theme.sizes.pad)
        self._draw_lines()

    def point_at(self, at: float | None) -> None:
        """A line at this moment, and a dot on each of today's figures."""
        self._cursor.setVisible(at is not None)
        while self._dots:
            self.removeItem(self._dots.pop())
        if at is None or self._theme is None:
            return
        here = at - self._time.origin
        self._cursor.setValue(here)
        place, side = int(np.abs(self._at - here).argmin()), 2 * self._theme.sizes.marker_width
        for line in self._lines:
            if line.style is LineStyle.TODAY and np.isfinite(line.values[place]):
                self._add_dot(QPointF(here, line.values[place]), side, self._theme.mark(line.tone))

    def _add_dot(self, at: QPointF, side: int, color: QColor) -> None:
        dot = QGraphicsEllipseItem(-side / 2, -side / 2, side, side)
        dot.setFlag(QGraphicsEllipseItem.GraphicsItemFlag.ItemIgnoresTransformations)
        dot.setBrush(color)
        dot.setPen(QPen(Qt.PenStyle.NoPen))
        dot.setZValue(11)
        dot.setPos(at)
        self.addItem(dot, ignoreBounds=True)
        self._dots.append(dot)

    def _draw_lines(self) -> None:
        if self._theme is None:
            return
        wanted = [(line, part) for line in self._lines for part in (("fill", "line") if line.filled else ("line",))]
        while len(self._curves) > len(wanted):
            self.removeItem(self._curves.pop())
        while len(self._curves) < len(wanted):
            self._curves.append(pg.PlotCurveItem(antialias=False))
            self.addItem(self._curves[-1], ignoreBounds=True)
        for curve, (line, part) in zip(self._curves, wanted, strict=True):
            if part == "fill":
                self._set_fill(curve, line)
            else:
                self._set_line(curve, line)

    def _set_line(self, curve: pg.PlotCurveItem, line: Line) -> None:
        assert self._theme is not None
        curve.setData(self._at, line.values, connect="finite", pen=line_pen(self._theme, line.tone, line.style),
                      fillLevel=None, brush=None)
        curve.setZValue(3 if line.style is LineStyle.TODAY else 2)

    def _set_fill(self, curve: pg.PlotCurveItem, line: Line) -> None:
        """The area below what is known; where nothing is known there is none."""
        assert self._theme is not None
        known = np.flatnonzero(np.isfinite(line.values))
        part = slice(known[0], known[-1] + 1) if len(known) else slice(0, 0)
        color = QColor(self._theme.mark(line.tone))
        color.setAlpha(_FILL_ALPHA)
        curve.setData(self._at[part], np.nan_to_num(line.values[part]), connect="all", pen=None, fillLevel=0.0,
                      brush=color)
        curve.setZValue(1)

    # ------------------------------------------------------------ pointer
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Where is the pointer?"""
        at = self._place(event)
        self.pointed.emit(None if at is None else at[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click asks."""
        at = self._place(event)
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self.clicked.emit(*at)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is dragged."""
        event.ignore()

    def wheelEvent(self, event: QEvent) -> None:
        """It does not zoom; what lies around may scroll."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """No moment is pointed at."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _place(self, event: QMouseEvent) -> tuple[float, float] | None:
        scene = self.mapToScene(event.position().toPoint())
        box = self.plotItem.vb
        if not box.sceneBoundingRect().contains(scene):
            return None
        found = box.mapSceneToView(scene)
        return found.x() + self._time.origin, found.y()
