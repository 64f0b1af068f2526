"""The line at the top of the wall: what it is, whose, how true, and the time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.screens.wall.panel import wall_theme
from widgets.painting import LEFT, RIGHT, draw_text, text_width
from widgets.theme import current_theme
from widgets.tones import Tone

TITLE = "一屏观天下"
_LARGE = 1.45  # of a heading


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """What it says now. state: how true the figures are, in its tone and with a mark; scene: what is shown."""

    whose: str = ""
    scene: str = ""
    scene_tone: Tone = Tone.ACTION
    scope: str = ""
    shift: str = ""
    state: str = ""
    tone: Tone = Tone.MUTED
    time: str = ""


class WallHeader(QWidget):
    """Time, state and title always; the rest as long as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._theme = HeaderWords(), current_theme()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(TITLE)

    @property
    def words(self) -> HeaderWords:
        """What it says."""
        return self._words

    def set_words(self, words: HeaderWords) -> None:
        """Say this."""
        if words != self._words:
            self._words = words
            said = (TITLE, words.scene, words.whose, words.scope, words.shift, words.state)
            self.setAccessibleName("，".join(filter(None, said)))
            self.update()

    def set_unit(self, unit: float) -> None:
        """The smallest type has so many px."""
        self._theme = wall_theme(unit)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From both ends to the middle."""
        painter, theme, words = QPainter(self), self._theme, self._words
        painter.fillRect(self.rect(), theme.colors.bar)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), theme.sizes.line_width), theme.colors.line)
        room = self.rect().adjusted(theme.sizes.pad_large, 0, -theme.sizes.pad_large, 0)
        body, gap = theme.font("title"), 2 * theme.sizes.pad
        room = self._right(painter, room, words.time, self._large(0.8), Tone.NORMAL, gap)
        room = self._right(painter, room, words.state, theme.font("title", True), words.tone, gap)
        taken = draw_text(painter, room, TITLE, self._large(1.0), theme.colors.text, LEFT)
        room.adjust(taken + gap, 0, 0, 0)
        room = self._left(painter, room, words.scene, theme.font("heading", True), words.scene_tone, gap)
        room = self._right(painter, room, words.shift, body, Tone.NORMAL, gap)
        room = self._left(painter, room, words.whose, body, Tone.MUTED, gap)
        self._right(painter, room, words.scope, body, Tone.MUTED, gap)

    def _large(self, share: float) -> QFont:
        font = self._theme.font("heading", True)
        font.setPixelSize(round(font.pixelSize() * _LARGE * share))
        return font

    def _right(self, painter: QPainter, room: QRect, text: str, font: QFont, tone: Tone, gap: int) -> QRect:
        if not text or text_width(font, text) > room.width():
            return room
        taken = draw_text(painter, room, text, font, self._theme.tone(tone), RIGHT)
        return room.adjusted(0, 0, -(taken + gap), 0)

    def _left(self, painter: QPainter, room: QRect, text: str, font: QFont, tone: Tone, gap: int) -> QRect:
        if not text or text_width(font, text) > room.width():
            return room
        taken = draw_text(painter, room, text, font, self._theme.tone(tone), LEFT)
        return room.adjusted(taken + gap, 0, 0, 0)
