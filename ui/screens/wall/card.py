"""One case or whistle that a seat put on the wall: what it is, large, and its facts below."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.screens.wall.line_list import LineList, Place
from widgets.charts.chart import scaled
from widgets.painting import draw_text
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_LARGER = 1.3  # than the panels beside it: everybody looks at it


class Card(QWidget):
    """`facts` is a list of lines; set_head says what it is about."""

    def __init__(self, places: tuple[Place, ...], empty: str) -> None:
        super().__init__()
        self.facts = LineList(places, empty)
        self.facts.setParent(self)
        self._title, self._below, self._tone = "", "", Tone.NORMAL
        self._scale, self._theme = 1.0, current_theme()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme_events().changed.connect(self._on_theme)

    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk the panels beside it are drawn."""
        return self._scale / _LARGER

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._scale = scale * _LARGER
        self.facts.type_scale = self._scale
        self._on_theme()

    def set_head(self, title: str, below: str, tone: Tone = Tone.MUTED) -> None:
        """The large line, and the one below it in this tone."""
        self._title, self._below, self._tone = title, below, tone
        self.setAccessibleName(" ".join(filter(None, (title, below))))
        self.update()

    def _head(self) -> int:
        sizes = self._theme.sizes
        return round(sizes.font_figure * 1.5 + sizes.font_heading * 1.6) if self._title else 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The two lines above the facts."""
        painter, theme, side = QPainter(self), self._theme, self._theme.sizes.pad_small
        room = QRect(side, 0, self.width() - 2 * side, self._head())
        first = round(theme.sizes.font_figure * 1.5)
        upper = QRect(room.left(), 0, room.width(), first)
        draw_text(painter, upper, self._title, theme.font("figure", True), theme.colors.text)
        lower = QRect(room.left(), first, room.width(), room.height() - first)
        draw_text(painter, lower, self._below, theme.font("heading", True), theme.figure(self._tone))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The facts take what the head leaves."""
        self.place_facts()

    def place_facts(self) -> None:
        """After the head has come or gone."""
        self.facts.setGeometry(0, self._head(), self.width(), max(0, self.height() - self._head()))

    def _on_theme(self) -> None:
        self._theme = scaled(current_theme(), self._scale)
        self.place_facts()
        self.update()
