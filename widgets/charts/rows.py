"""Charts made of lines, one below the other: what the pointer and the keyboard do on them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip

from widgets.charts.chart import ENTER, Chart, Spot
from widgets.painting import draw_focus, draw_frame
from widgets.tones import Tone


@dataclass(frozen=True)
class BarRow:
    """A label and a figure; `text` is how the figure reads (thousands separated by default), `told` explains it."""

    key: Hashable
    label: str
    value: float
    text: str = ""
    tone: Tone = Tone.NORMAL
    told: str = ""
    clickable: bool = True

    @property
    def figure(self) -> str:
        """The figure as it is drawn."""
        return self.text or f"{self.value:,.0f}"


class SpotChart(Chart):
    """A chart whose figures are spots: hover tells, click and Enter ask, arrows go from one to the next."""

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self._spots: list[Spot] = []
        self._current: int = -1
        self._hovered: int = -1

    def spots(self) -> Sequence[Spot]:
        """The figures as they lie now."""
        return tuple(self._spots) if self.shows_figures else ()

    def place_spots(self, spots: Sequence[Spot]) -> None:
        """These are the figures; the keyboard stays on the one it was on."""
        key = self._spots[self._current].key if 0 <= self._current < len(self._spots) else None
        self._spots = list(spots)
        keys = [spot.key for spot in spots]
        self._current = keys.index(key) if key is not None and key in keys else min(self._current, len(spots) - 1)
        self._hovered = min(self._hovered, len(spots) - 1)

    def draw_marks(self, painter: QPainter) -> None:
        """Below everything: what can be asked under the pointer; the ring of the keyboard."""
        radius = self.theme.sizes.radius_small
        if 0 <= self._hovered < len(self._spots) and self._spots[self._hovered].key is not None:
            draw_frame(painter, self._spots[self._hovered].rect, self.theme, None, self.theme.colors.hover, radius)
        if self.hasFocus() and 0 <= self._current < len(self._spots):
            draw_focus(painter, self._spots[self._current].rect, self.theme, radius)

    # ------------------------------------------------------------ pointer
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the pointer is marked."""
        self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, _event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click asks what is behind the figure."""
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        place = self._at(event.position().toPoint())
        if not self.shows_figures:
            self._ask_state()
        elif place >= 0:
            self._current = place
            self._ask(place)
            self.update()

    def event(self, event: QEvent) -> bool:
        """The tip tells the figure in whole words."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(event.pos())
            spot = self._spots[place] if place >= 0 and self.shows_figures else None
            QToolTip.showText(event.globalPos(), spot.told if spot else "", self, spot.rect if spot else QRect())
            return True
        return super().event(event)

    def _at(self, point: QPoint) -> int:
        return next((n for n, spot in enumerate(self._spots) if spot.rect.contains(point)), -1)

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            asked = place >= 0 and self._spots[place].key is not None and self.shows_figures
            self.setCursor(Qt.CursorShape.PointingHandCursor if asked else Qt.CursorShape.ArrowCursor)
            self.update()

    # ------------------------------------------------------------ keyboard
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End and Enter; everything else is for the screen."""
        if not self.shows_figures and event.key() in ENTER:
            self._ask_state()
        elif event.key() in ENTER and 0 <= self._current < len(self._spots):
            self._ask(self._current)
        elif not self.step(event.key()):
            event.ignore()

    def step(self, key: int) -> bool:
        """Go to another figure; False: this key does not."""
        last = len(self._spots) - 1
        places = {Qt.Key.Key_Down: self._current + 1, Qt.Key.Key_Right: self._current + 1, Qt.Key.Key_Home: 0,
                  Qt.Key.Key_Up: self._current - 1, Qt.Key.Key_Left: self._current - 1, Qt.Key.Key_End: last}
        if key not in places or not self.shows_figures:
            return False
        self.go_to(max(0, min(places[Qt.Key(key)], last)))
        return True

    def go_to(self, place: int) -> None:
        """The keyboard is on this figure now; a screen reader says it."""
        self._current = place
        self.tell()
        self.update()

    def tell(self) -> None:
        """All figures by name; the one under the keyboard as description."""
        super().tell()
        here = self.spots()[self._current].told if 0 <= self._current < len(self.spots()) else ""
        self.setAccessibleDescription(here)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first figure, if none was chosen."""
        self._current = max(0, self._current) if self._spots else -1
        self.tell()
        super().focusInEvent(event)
        self.update()

    def _ask(self, place: int) -> None:
        if self._spots[place].key is not None:
            self.figure_clicked.emit(self._spots[place].key)

    def _ask_state(self) -> None:
        if self.state is not None and self.state.action_text:
            self.state_action.emit()


def fitting(font: QFont, height: int) -> QFont:
    """The font, smaller if a line of this height needs it."""
    smaller = QFont(font)
    smaller.setPixelSize(max(1, min(font.pixelSize(), round(height * 0.72))))
    return smaller
