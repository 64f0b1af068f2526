"""What all panels of figures share: their size of type, their state instead of figures, their pace, their keys."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QEvent, QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.charts.state import draw_state, draw_strip, strip_height
from widgets.state_panel import StateKind, TableState
from widgets.theme import Theme, ThemeSizes, current_theme, theme_events

PACE_MS = 1000  # figures that come faster are gathered
_BELOW = (StateKind.ERROR, StateKind.DISCONNECTED)
Table = list[list[object]]
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def scaled(theme: Theme, scale: float) -> Theme:
    """The theme with every size multiplied, for what is read from further away."""
    if scale == 1.0:
        return theme
    larger = {field.name: max(1, round(getattr(theme.sizes, field.name) * scale)) for field in fields(ThemeSizes)}
    return replace(theme, scale=theme.scale * scale, sizes=ThemeSizes(**larger))


@dataclass(frozen=True)
class Spot:
    """A figure on a chart: where it is, what it says, what is behind it (None: cannot be asked)."""

    rect: QRect
    told: str
    key: Hashable | None = None


class Chart(QWidget):
    """Draws what `set_…` of the kind was given, at most once in PACE_MS; `title` names it to readers and files."""

    figure_clicked = Signal(object)
    state_action = Signal()

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.state: TableState | None = TableState(StateKind.LOADING, "正在读取")
        self._type_scale, self._theme = 1.0, current_theme()
        self._drawn_at = float("-inf")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("：".join(filter(None, (title, self.state.title))))
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what every kind has
    @property
    def type_scale(self) -> float:
        """How many times larger than on a desk it is drawn."""
        return self._type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._type_scale = scale
        self._on_theme()

    @property
    def theme(self) -> Theme:
        """The current theme in this chart's size of type."""
        return self._theme

    def set_state(self, state: TableState | None) -> None:
        """Say this instead of figures; None or READY: show the figures. A failure or an outage leaves the last figures
        where they are and is said below them."""
        state = None if state is None or state.kind is StateKind.READY else state
        if state != self.state:
            self.state = state
            self._refresh()

    @property
    def shows_figures(self) -> bool:
        """There are figures to be seen, asked and gone through."""
        return self.has_figures() and (self.state is None or self.state.kind in _BELOW)

    @property
    def tall(self) -> int:
        """The height that figures have."""
        below = self.state is not None and self.shows_figures
        return self.height() - (strip_height(self._theme) if below else 0)

    def has_figures(self) -> bool:
        """Were any given?"""
        raise NotImplementedError

    def table(self) -> Table:
        """What is shown as rows, the heading first, with whole figures: for a file."""
        raise NotImplementedError

    def spoken(self) -> str:
        """All figures as a screen reader says them."""
        raise NotImplementedError

    def spots(self) -> Sequence[Spot]:
        """The figures as they lie now."""
        return ()

    # ------------------------------------------------------------ pace
    def changed(self) -> None:
        """New figures are there: they are drawn now, or when the pace allows."""
        waited = 1000 * (time.monotonic() - self._drawn_at)
        if waited >= PACE_MS:
            self._refresh()
        elif not self._later.isActive():
            self._later.start(max(1, round(PACE_MS - waited)))

    def _refresh(self) -> None:
        self._later.stop()
        self._drawn_at = time.monotonic()
        self.lay_out()
        self.tell()
        self.update()

    def tell(self) -> None:
        """Name the figures to a screen reader."""
        stated = (self.state.title, self.state.hint) if self.state else ()
        said = "；".join(filter(None, (*stated, self.spoken() if self.shows_figures else "")))
        self.setAccessibleName("：".join(filter(None, (self.title, said))))

    def lay_out(self) -> None:
        """Place what is drawn; called when figures, room or theme have changed."""

    def draw(self, painter: QPainter) -> None:
        """Draw the figures."""
        raise NotImplementedError

    def draw_ground(self, painter: QPainter) -> None:
        """What lies below figures and states alike."""

    def resizeEvent(self, _event: QEvent) -> None:
        """Place everything anew."""
        self.lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The figures, or the state that stands for them."""
        painter = QPainter(self)
        self.draw_ground(painter)
        if self.shows_figures:
            self.draw(painter)
        elif self.state is not None:
            draw_state(painter, self.rect(), self.state, self._theme, self.hasFocus())
        if self.state is not None and self.shows_figures:
            draw_strip(painter, self.rect().adjusted(0, self.tall, 0, 0), self.state, self._theme)

    def _on_theme(self) -> None:
        self._theme = scaled(current_theme(), self._type_scale)
        self.updateGeometry()
        self._refresh()
