"""Lines of words and figures in columns, painted, as many as there is room for; nothing to be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.charts.chart import scaled
from widgets.charts.state import draw_state
from widgets.painting import LEFT, RIGHT, draw_chip, draw_text, text_width
from widgets.state_panel import StateKind, TableState
from widgets.theme import Theme, current_theme, theme_events
from widgets.tones import Tone

_LINE = 2.0  # heights of the smallest type, at least
_ROOMY = 3.0  # and at most
_BEARING = 3    # px that a line's last glyph may reach beyond its advance
_GIVING = 6.0  # of its widths, at least for words that may be cut


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a column; chip: in a thin frame."""

    text: str
    tone: Tone = Tone.NORMAL
    strong: bool = False
    chip: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A column: right: at its right end; gives: its words may be cut, it takes the room that is left; spare: left out
    where that would be too little."""

    right: bool = False
    gives: bool = False
    spare: bool = False


class LineList(QWidget):
    """Shows the first lines; `shown` tells how many have room."""

    def __init__(self, places: Sequence[Place], empty: str) -> None:
        super().__init__()
        self._places, self._empty = tuple(places), empty
        self._lines: tuple[tuple[Words, ...], ...] = ()
        self._state: TableState | None = TableState(StateKind.LOADING, "正在读取")
        self._type_scale, self._theme = 1.0, current_theme()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme_events().changed.connect(self._on_theme)

    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._type_scale = scale
        self._on_theme()

    @property
    def lines(self) -> tuple[tuple[Words, ...], ...]:
        """What it was given."""
        return self._lines

    @property
    def shown(self) -> int:
        """How many lines have room."""
        return min(len(self._lines), max(1, int(self.height() / (self._theme.sizes.font_small * _LINE))))

    def set_lines(self, lines: Sequence[Sequence[Words]]) -> None:
        """Show these, one Words a column; the same ones again cost nothing."""
        made = tuple(tuple(line) for line in lines)
        state = None if made else TableState(StateKind.EMPTY, self._empty)
        if made == self._lines and state == self._state:
            return
        self._lines, self._state = made, state
        self.setAccessibleName("；".join(" ".join(w.text for w in line if w.text) for line in made) or self._empty)
        self.update()

    def set_state(self, state: TableState) -> None:
        """Say this instead of lines."""
        self._state = state
        self.setAccessibleName(state.title)
        self.update()

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Line by line."""
        painter, theme = QPainter(self), self._theme
        if self._state is not None:
            draw_state(painter, self.rect(), self._state, theme)
            return
        shown = self._lines[: self.shown]
        most = theme.sizes.font_small * _ROOMY
        high = min(most, self.height() / max(1, len(shown)))
        spans = self._spans(shown)
        for number, line in enumerate(shown):
            top, bottom = round(number * high), round((number + 1) * high)
            if number:
                painter.fillRect(0, top, self.width(), theme.sizes.line_width, theme.colors.line)
            for column, ((left, right), place, words) in enumerate(zip(spans, self._places, line, strict=True)):
                if place.gives:
                    right += self._slack(spans, line, column + 1)
                self._draw(painter, QRect(left, top, right - left, bottom - top), place, words)

    def _slack(self, spans: Sequence[tuple[int, int]], line: Sequence[Words], column: int) -> int:
        """What this line's own words leave free at the left of the next column."""
        if column >= len(spans) or not self._places[column].right:
            return 0
        left, right = spans[column]
        return max(0, right - left - self._wide(line[column]))

    def _draw(self, painter: QPainter, room: QRect, place: Place, words: Words) -> None:
        theme = self._theme
        align = RIGHT if place.right else LEFT
        if words.chip:
            draw_chip(painter, room, words.text, theme, theme.tone(words.tone), align=align)
        else:
            color = theme.figure(words.tone) if words.strong else theme.tone(words.tone)
            draw_text(painter, room, words.text, theme.font("body", words.strong), color, align)

    def _spans(self, lines: Sequence[Sequence[Words]]) -> list[tuple[int, int]]:
        """Left and right of each column: as wide as its widest words; those that give way share what is left."""
        gap, sides = self._theme.sizes.pad_small, self._theme.sizes.pad_small
        needs = [max((self._wide(line[n]) for line in lines), default=0) for n in range(len(self._places))]
        least = self._theme.sizes.font_small * _GIVING
        while (left := self._left(needs)) < least and (spare := self._spare(needs)) is not None:
            needs[spare] = 0
        widths = [max(0, left) if place.gives else need for need, place in zip(needs, self._places, strict=True)]
        spans, x = [], sides
        for width in widths:
            spans.append((x, x + width))
            x += width + (gap if width else 0)
        return spans

    def _left(self, needs: Sequence[int]) -> int:
        """Width of each column that gives way."""
        sizes, giving = self._theme.sizes, sum(place.gives for place in self._places)
        firm = sum(need for need, place in zip(needs, self._places, strict=True) if not place.gives)
        gaps = sizes.pad_small * (sum(need > 0 for need in needs) - 1)
        return (self.width() - 2 * sizes.pad_small - gaps - firm) // max(1, giving)

    def _spare(self, needs: Sequence[int]) -> int | None:
        return next((n for n, place in enumerate(self._places) if place.spare and needs[n]), None)

    def _wide(self, words: Words) -> int:
        theme = self._theme
        if words.chip:
            return QFontMetrics(theme.font("small")).horizontalAdvance(words.text) + 2 * theme.sizes.pad_small
        return text_width(theme.font("body", words.strong), words.text) + _BEARING if words.text else 0

    def _on_theme(self) -> None:
        self._theme: Theme = scaled(current_theme(), self._type_scale)
        self.update()


