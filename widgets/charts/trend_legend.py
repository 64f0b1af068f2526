"""The words above a trend: a sample of each line, its name, and its figure at the moment that is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.charts.trend_plot import LineStyle, line_pen
from widgets.painting import draw_text, text_width
from widgets.theme import Theme, current_theme
from widgets.tones import Tone


@dataclass(frozen=True)
class Entry:
    """`widest`: the longest figure to come, so that nothing moves while the pointer does."""

    label: str
    tone: Tone
    style: LineStyle
    value: str = ""
    widest: str = ""


class Legend(QWidget):
    """The moment at the left, entries from the left after it, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = current_theme()
        self._entries: list[Entry] = []
        self._at, self._compact = "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these sizes and colours."""
        self._theme = theme
        self._fit()

    def set_entries(self, entries: Sequence[Entry], at: str) -> None:
        """Show these, and the moment their figures are of."""
        self._entries, self._at = list(entries), at
        self._fit()

    def set_compact(self, compact: bool) -> None:
        """One line at most: what does not fit is left out."""
        self._compact = compact
        self._fit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Other lines may be needed."""
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Moment, samples, names, figures."""
        painter, theme = QPainter(self), self._theme
        small, strong = theme.font("small"), theme.font("small", strong=True)
        draw_text(painter, QRect(0, 0, self._lead(), self._line()), self._at, strong, theme.colors.text)
        for entry, rect in zip(self._entries, self._rects(), strict=False):
            painter.setPen(line_pen(theme, entry.tone, entry.style))
            painter.drawLine(rect.left(), rect.center().y(), rect.left() + self._sample(), rect.center().y())
            words = rect.adjusted(self._sample() + theme.sizes.pad_small, 0, 0, 0)
            lead = draw_text(painter, words, entry.label, small, theme.colors.text_muted)
            words.adjust(lead + theme.sizes.pad_small, 0, 0, 0)
            draw_text(painter, words, entry.value, strong, theme.colors.text)

    def _fit(self) -> None:
        rects = self._rects()
        self.setFixedHeight(rects[-1].bottom() + 1 if rects else self._line())
        self.update()

    def _rects(self) -> list[QRect]:
        sizes, rects = self._theme.sizes, []
        small, strong = self._theme.font("small"), self._theme.font("small", strong=True)
        left, top = self._lead(), 0
        for entry in self._entries:
            figure = max(text_width(strong, entry.widest), text_width(strong, entry.value))
            words = text_width(small, entry.label) + figure + 2 * sizes.line_width
            width = self._sample() + 2 * sizes.pad_small + words + sizes.pad
            if left + width > self.width() and left > self._lead():
                if self._compact:
                    break
                left, top = self._lead(), top + self._line()
            rects.append(QRect(left, top, width - sizes.pad, self._line()))
            left += width
        return rects

    def _lead(self) -> int:
        """Room for a moment, there also while none is shown."""
        strong = self._theme.font("small", strong=True)
        return max(text_width(strong, "00:00"), text_width(strong, self._at)) + self._theme.sizes.pad

    def _sample(self) -> int:
        return 2 * self._theme.sizes.font_small

    def _line(self) -> int:
        return self._theme.sizes.font_small + self._theme.sizes.pad_small
