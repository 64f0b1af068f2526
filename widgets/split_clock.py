"""Who used the time: a stacked bar stage by stage and a legend in hours, minutes, seconds."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.durations import format_hms
from widgets.painting import RIGHT, draw_focus, draw_text
from widgets.theme import current_theme, theme_events
from widgets.ticker import SecondTicker
from widgets.tones import Tone


@dataclass(frozen=True)
class ClockSegment:
    """Seconds that one unit spent on one stage; ``running`` goes on counting from the moment it is set.

    A tone other than NORMAL says a state (NEAR, OVERDUE); the rest is told apart by blue-greys and words.
    """

    key: Hashable
    label: str
    who: str
    seconds: float
    tone: Tone = Tone.NORMAL
    running: bool = False


class SplitClock(QWidget):
    """Shows segments; ``segment_clicked(key)`` by mouse or Enter."""

    segment_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: list[ClockSegment] = []
        self._clock: Callable[[], float] = time.time
        self._since, self._current = 0.0, 0
        self._empty_text = "还没有计时"
        self._ticker = SecondTicker(self, self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        theme_events().changed.connect(self.updateGeometry)

    def set_clock(self, clock: Callable[[], float]) -> None:
        """Take the time (epoch seconds) from here."""
        self._clock, self._since = clock, clock()
        self.update()

    def set_segments(self, segments: Sequence[ClockSegment]) -> None:
        """Show these; running ones count on from now."""
        self._segments, self._since = list(segments), self._clock()
        self._current = min(self._current, max(0, len(self._segments) - 1))
        self.setAccessibleName(f"用时 {format_hms(self.total())}")
        spoken = "；".join(f"{part.label} {part.who} {format_hms(part.seconds)}" for part in self._segments)
        self.setAccessibleDescription(spoken)
        self.updateGeometry()
        self.update()

    def total(self) -> float:
        """Seconds of all segments by now."""
        return sum(self._seconds(segment) for segment in self._segments)

    def sizeHint(self) -> QSize:
        """Total, bar and one line per segment."""
        line = self._line()
        return QSize(line * 10, line * (1 + max(1, len(self._segments))) + self._bar_height() + 2 * self._gap())

    def minimumSizeHint(self) -> QSize:
        """As high as the legend needs."""
        return QSize(self._line() * 5, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw total, bar and legend."""
        theme, painter = current_theme(), QPainter(self)
        line = QRect(0, 0, self.width(), self._line())
        if not self._segments:
            draw_text(painter, line, self._empty_text, theme.font("small"), theme.colors.text_muted)
            return
        draw_text(painter, line, "总用时", theme.font("small"), theme.colors.text_muted)
        total = format_hms(self.total())
        draw_text(painter, line, total, theme.font("title", True), theme.colors.text, RIGHT)
        self._draw_bar(painter)
        for place, segment in enumerate(self._segments):
            self._draw_legend(painter, place, segment)
        if self.hasFocus():
            draw_focus(painter, self._legend_rect(self._current), theme, theme.sizes.radius_small)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a line of the legend or a part of the bar chooses it."""
        point = event.position().toPoint()
        for place, bar in enumerate(self._bar_rects()):
            if bar.contains(point) or self._legend_rect(place).contains(point):
                self._choose(place)
                self.segment_clicked.emit(self._segments[place].key)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter opens."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps and self._segments:
            self._choose(self._current + steps[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._segments:
            self.segment_clicked.emit(self._segments[self._current].key)
        else:
            super().keyPressEvent(event)

    def _choose(self, place: int) -> None:
        self._current = max(0, min(place, len(self._segments) - 1))
        self.update()

    def _seconds(self, segment: ClockSegment) -> float:
        return segment.seconds + (max(0.0, self._clock() - self._since) if segment.running else 0.0)

    def _draw_bar(self, painter: QPainter) -> None:
        for place, rect in enumerate(self._bar_rects()):
            painter.fillRect(rect.adjusted(0, 0, -current_theme().sizes.line_width, 0), self._color(place))

    def _bar_rects(self) -> list[QRect]:
        """Parts of the bar; each at least a few pixels, so that a short stage can be seen."""
        least = current_theme().sizes.marker_width
        room = max(0, self.width() - least * len(self._segments))
        total, left, rects = max(self.total(), 1.0), 0, []
        for segment in self._segments:
            width = least + round(room * self._seconds(segment) / total)
            rects.append(QRect(left, self._line() + self._gap() // 2, width, self._bar_height()))
            left += width
        return rects

    def _draw_legend(self, painter: QPainter, place: int, segment: ClockSegment) -> None:
        theme, rect = current_theme(), self._legend_rect(place)
        sizes, side = theme.sizes, theme.sizes.font_small - 2
        painter.fillRect(rect.left(), rect.center().y() - side // 2, side, side, self._color(place))
        inner = rect.adjusted(side + sizes.pad_small, 0, 0, 0)
        duration = format_hms(self._seconds(segment))
        taken = draw_text(painter, inner, duration, theme.font("body", True), theme.figure(segment.tone), RIGHT)
        inner.adjust(0, 0, -taken - sizes.pad_small, 0)
        lead = draw_text(painter, inner, segment.label, theme.font(), theme.colors.text)
        inner.adjust(lead + sizes.pad_small, 0, 0, 0)
        lead = draw_text(painter, inner, segment.who, theme.font("small"), theme.colors.text_muted)
        if segment.running:
            inner.adjust(lead + sizes.pad_small, 0, 0, 0)
            draw_text(painter, inner, "● 计时中", theme.font("small"), theme.colors.action)

    def _color(self, place: int) -> QColor:
        theme, segment = current_theme(), self._segments[place]
        if segment.tone is not Tone.NORMAL:
            return theme.mark(segment.tone)
        return theme.colors.series[place % len(theme.colors.series)]

    def _legend_rect(self, place: int) -> QRect:
        top = self._line() + self._bar_height() + self._gap() + place * self._line()
        return QRect(0, top, self.width(), self._line())

    def _line(self) -> int:
        return current_theme().sizes.font_body + current_theme().sizes.pad_small + 2

    def _bar_height(self) -> int:
        return current_theme().sizes.bar_thickness * 2

    def _gap(self) -> int:
        return current_theme().sizes.gap
