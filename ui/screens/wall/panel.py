"""A panel of the wall: frame, heading and body, all in the wall's size of type."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.charts.chart import scaled
from widgets.painting import RIGHT, draw_frame, draw_text
from widgets.theme import Theme, current_theme


def type_scale(unit: float) -> float:
    """How many times larger than now on this machine's desks type must be drawn, for its smallest to have `unit` px."""
    return unit / current_theme().sizes.font_small


def wall_theme(unit: float) -> Theme:
    """The theme in which the smallest type has `unit` px."""
    return scaled(current_theme(), type_scale(unit))


class WallPanel(QWidget):
    """`name` of the panel in a scene; `body` fills it below the heading. frameless: the body alone."""

    def __init__(self, name: str, title: str, body: QWidget, frameless: bool = False) -> None:
        super().__init__()
        self.name, self.body, self._frameless = name, body, frameless
        self._title, self._detail = title, ""
        self._theme = current_theme()
        body.setParent(self)
        body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._say()

    @property
    def title(self) -> str:
        """What the heading says."""
        return self._title

    @property
    def detail(self) -> str:
        """What stands at the right of the heading."""
        return self._detail

    def set_title(self, title: str, detail: str = "") -> None:
        """Say what the panel shows."""
        if (title, detail) != (self._title, self._detail):
            self._title, self._detail = title, detail
            self._say()
            self.update()

    def set_unit(self, unit: float) -> None:
        """The smallest type has so many px."""
        self._theme = wall_theme(unit)
        self.body.type_scale = type_scale(unit)  # type: ignore[attr-defined]
        self._place()
        self.update()

    # ------------------------------------------------------------ inside
    def resizeEvent(self, _event: QResizeEvent) -> None:
        """The body below the heading."""
        self._place()

    def _place(self) -> None:
        if self._frameless:
            self.body.setGeometry(self.rect())
            return
        sizes, line = self._theme.sizes, self._theme.sizes.line_width
        side = sizes.pad_small if getattr(self.body, "wide", False) else sizes.pad - sizes.pad_small
        side = line if getattr(self.body, "full", False) else side
        room = self.rect().adjusted(side, sizes.panel_header + line, -side, -side)
        self.body.setGeometry(room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame and heading; the title gives way last."""
        if self._frameless:
            return
        painter, theme, sizes = QPainter(self), self._theme, self._theme.sizes
        draw_frame(painter, self.rect(), theme, theme.colors.line, theme.colors.surface, sizes.radius)
        head = QRect(0, 0, self.width(), sizes.panel_header)
        painter.fillRect(head.left(), head.bottom(), head.width(), sizes.line_width, theme.colors.line)
        inner = head.adjusted(sizes.pad, 0, -sizes.pad, 0)
        taken = draw_text(painter, inner, self._title, theme.font("title", True), theme.colors.text)
        inner.adjust(taken + sizes.pad, 0, 0, 0)
        draw_text(painter, inner, self._detail, theme.font("small"), theme.colors.text_muted, RIGHT)

    def _say(self) -> None:
        self.setAccessibleName("，".join(filter(None, (self._title, self._detail))))
