"""A few figures with their labels, each of which can be clicked to see what it counts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from widgets.painting import draw_focus, draw_text, text_width
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


@dataclass(frozen=True)
class StatRow:
    """A label and a figure as text (派准率 98.1%). `hint` explains it on hover; not every figure can be clicked."""

    key: Hashable
    label: str
    value: str
    tone: Tone = Tone.NORMAL
    hint: str = ""
    clickable: bool = True


class _Stat(QAbstractButton):
    """One row."""

    def __init__(self, row: StatRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = row
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_row(row)

    def show_row(self, row: StatRow) -> None:
        """Show another figure."""
        self.row = row
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if row.clickable else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{row.label} {row.value}")
        self.setToolTip(row.hint)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        theme = current_theme()
        width = text_width(theme.font(), self.row.label) + text_width(theme.font("body", True), self.row.value)
        return QSize(width + 3 * theme.sizes.pad_small, theme.sizes.font_body + theme.sizes.pad_small)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Label muted, figure strong."""
        theme, painter, rect = current_theme(), QPainter(self), self.rect()
        color = theme.colors.text if self.underMouse() and self.row.clickable else theme.colors.text_muted
        lead = draw_text(painter, rect, self.row.label, theme.font(), color)
        rest = rect.adjusted(lead + theme.sizes.pad_small, 0, 0, 0)
        draw_text(painter, rest, self.row.value, theme.font("body", True), theme.figure(self.row.tone))
        if self.hasFocus():
            draw_focus(painter, self.rect(), theme, theme.sizes.radius_small)


class StatFooter(QWidget):
    """Shows rows; ``clicked(key)`` asks for the cases behind a figure."""

    clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stats: list[_Stat] = []
        self._layout = QVBoxLayout(self)
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    def set_rows(self, rows: Sequence[StatRow]) -> None:
        """Show these figures; those that stay keep their place and focus."""
        while len(self._stats) > len(rows):
            self._stats.pop().deleteLater()
        for place, row in enumerate(rows):
            if place < len(self._stats):
                self._stats[place].show_row(row)
            else:
                self._add(row)

    def _add(self, row: StatRow) -> None:
        stat = _Stat(row, self)
        stat.clicked.connect(lambda: self._tell(stat.row))
        self._stats.append(stat)
        self._layout.addWidget(stat)

    def _tell(self, row: StatRow) -> None:
        if row.clickable:
            self.clicked.emit(row.key)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._layout.setContentsMargins(sizes.pad_large, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._layout.setSpacing(0)
