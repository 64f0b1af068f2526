"""A track of time: how much happened when, whole days and hours, and the moment shown, moved by hand and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.painting import CENTER, draw_focus, draw_text, text_width
from widgets.theme import current_theme, theme_events
from widgets.time_scale import DAY, HOUR, MINUTE, TimeScale

_ZOOM = 1.25  # a notch of the wheel
_HOURS = (1, 2, 3, 4, 6, 12, 24, 48)  # of a bar: so that every day looks alike
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Up: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_HOUR_KEYS = Qt.KeyboardModifier.ShiftModifier


class Bar(NamedTuple):
    """From and to in px of the scale, and how much happened."""

    left: float
    right: float
    much: int


class TimeTrack(QWidget):
    """sought(moment): whoever drags, clicks or presses ← → (a minute), Shift (an hour), PgUp PgDn (a day), Home, End
    wants it. toggled(): Space. The wheel looks closer, + and - too. Moments are Unix seconds."""

    sought = Signal(float)
    toggled = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self.scale = TimeScale.whole(0.0, 1.0, 1.0)
        self.moment = 0.0
        self._density: list[tuple[float, int]] = []
        self._hand: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("时间轴")
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what is shown
    def set_limits(self, since: float, until: float) -> None:
        """How far it reaches."""
        self.scale = self.scale.within(since, until)
        self.update()

    def set_moment(self, moment: float) -> None:
        """The moment shown; while a hand drags it stays there."""
        self.moment = moment
        self.setAccessibleDescription(f"{self._local(moment):%Y-%m-%d %H:%M:%S}")
        if self._hand is None:
            self.scale = self.scale.showing(moment)
        self.update()

    def set_density(self, hours: Sequence[tuple[float, int]]) -> None:
        """How much happened in the hours that begin at these moments."""
        self._density = sorted(hours)
        self.update()

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Look closer (above 1) or from farther away."""
        self.scale = self.scale.zoomed(factor, self.moment if around is None else around)
        self.update()

    # ------------------------------------------------------------ the hand
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_to(self._x(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragged, or told what lies under the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(self._x(event.position().x()))
        moment = self.scale.moment(self._x(event.position().x()))
        QToolTip.showText(event.globalPosition().toPoint(), self._words(moment), self)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The hand lets go."""
        self._hand = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Closer or farther, the moment under the pointer keeping its place."""
        notches = event.angleDelta().y() / 120
        self.zoom(_ZOOM**notches, self.scale.moment(self._x(event.position().x())))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """By a minute, an hour, a day; to the ends; play."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            self._seek(self.moment + _KEYS[key] * (HOUR if event.modifiers() & _HOUR_KEYS else MINUTE))
        elif key in _PAGES:
            self._seek(self.moment + _PAGES[key] * DAY)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._seek(self.scale.since if key == Qt.Key.Key_Home else self.scale.until)
        elif key == Qt.Key.Key_Space:
            self.toggled.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1 / _ZOOM if key == Qt.Key.Key_Minus else _ZOOM)
        else:
            super().keyPressEvent(event)

    def _drag_to(self, x: float) -> None:
        self._hand = x
        self._seek(self.scale.moment(x))

    def _seek(self, moment: float) -> None:
        moment = min(max(moment, self.scale.since), self.scale.until)
        if moment != self.moment:
            self.set_moment(moment)
            self.sought.emit(moment)

    def _x(self, event_x: float) -> float:
        """A place of the widget as one of the scale."""
        return event_x - self._edge()

    def _edge(self) -> int:
        """Room at either end for half of the mark."""
        return current_theme().sizes.pad_small + 1

    # ------------------------------------------------------------ words
    def _local(self, moment: float) -> datetime:
        return datetime.fromtimestamp(moment, self._zone)

    def _words(self, moment: float) -> str:
        much = next((bar.much for bar in self._bars() if bar.left <= self.scale.x(moment) < bar.right), 0)
        return f"{self._local(moment):%Y-%m-%d %H:%M}\n此段 {much:,} 件次"

    # ------------------------------------------------------------ painting
    def _bars(self) -> list[Bar]:
        """How much happened under each bar: an hour, or as many as the least width takes."""
        least = max(2, current_theme().sizes.bar_thickness // 2)
        wanted = least / max(1e-9, HOUR / self.scale.span * self.scale.width)
        hours = next((one for one in _HOURS if one >= wanted), _HOURS[-1])
        sums: dict[float, int] = {}
        for begin, much in self._density:
            first = begin - begin % (hours * HOUR)
            sums[first] = sums.get(first, 0) + much
        made = [Bar(self.scale.x(at), self.scale.x(at + hours * HOUR), much) for at, much in sorted(sums.items())]
        return [bar for bar in made if bar.right > 0 and bar.left < self.scale.width]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, marks, the moment."""
        painter, theme = QPainter(self), current_theme()
        colors, sizes, edge = theme.colors, theme.sizes, self._edge()
        words = sizes.font_small + sizes.pad_small
        field = self.rect().adjusted(edge, sizes.pad_small, -edge, -words)
        painter.fillRect(field, colors.track)
        painter.setClipRect(field)
        self._paint_bars(painter, field)
        painter.setClipping(False)
        for tick in self.scale.ticks(self._zone, text_width(theme.font("small"), "00-00 ") + sizes.pad):
            color = colors.line_strong if tick.strong else colors.line
            painter.fillRect(edge + round(tick.x), field.top(), sizes.line_width, field.height(), color)
            self._paint_words(painter, edge + tick.x, tick.text, QRect(0, field.bottom() + 1, self.width(), words))
        self._paint_moment(painter, field)
        if self.hasFocus():
            draw_focus(painter, self.rect(), theme, sizes.radius_small)

    def _paint_bars(self, painter: QPainter, field: QRect) -> None:
        bars, colors = self._bars(), current_theme().colors
        most, passed = max((bar.much for bar in bars), default=0), self.scale.x(self.moment)
        for bar in bars:
            high = max(2, round(field.height() * bar.much / most)) if bar.much else 0
            left, right = field.left() + round(bar.left), field.left() + round(bar.right)
            color = colors.series_2 if bar.left <= passed else colors.series_5
            painter.fillRect(left, field.bottom() + 1 - high, max(1, right - left - 1), high, color)

    def _paint_words(self, painter: QPainter, x: float, text: str, line: QRect) -> None:
        theme = current_theme()
        font = theme.font("small")
        half = text_width(font, text) // 2 + 1
        left = min(max(0, round(x) - half), max(0, self.width() - 2 * half))
        room = QRect(left, line.top(), 2 * half, line.height())
        draw_text(painter, room, text, font, theme.colors.text_muted, CENTER)

    def _paint_moment(self, painter: QPainter, field: QRect) -> None:
        x, theme = self._edge() + self.scale.x(self.moment), current_theme()
        half = theme.sizes.pad_small
        painter.fillRect(round(x), 0, 2 * theme.sizes.line_width, field.bottom() + 1, theme.colors.near_mark)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colors.near_mark)
        middle = x + theme.sizes.line_width
        corners = [QPointF(middle - half, 0), QPointF(middle + half, 0), QPointF(middle, 1.4 * half)]
        painter.drawPolygon(QPolygonF(corners))

    # ------------------------------------------------------------ size
    def sizeHint(self) -> QSize:
        """Bars as high as a control, a line of words below."""
        sizes = current_theme().sizes
        return QSize(40 * sizes.font_body, sizes.control_height + sizes.font_small + 2 * sizes.pad_small)

    def minimumSizeHint(self) -> QSize:
        """Room for a few marks."""
        return QSize(16 * current_theme().sizes.font_body, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The same span over another width."""
        super().resizeEvent(event)
        self.scale = self.scale.resized(max(1, self.width() - 2 * self._edge()))

    def _on_theme(self) -> None:
        self.scale = self.scale.resized(max(1, self.width() - 2 * self._edge()))
        self.updateGeometry()
        self.update()
