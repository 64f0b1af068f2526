"""A word in a thin frame of its tone, as on the cards."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kanban import CardChip
from widgets.kanban.card_painter import draw_tone_chip
from widgets.painting import text_width
from widgets.theme import current_theme, theme_events


class ChipLabel(QWidget):
    """Shows one CardChip."""

    def __init__(self, chip: CardChip | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = chip or CardChip("")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme_events().changed.connect(self.updateGeometry)

    def set_chip(self, chip: CardChip) -> None:
        """Show another word."""
        if chip != self._chip:
            self._chip = chip
            self.setAccessibleName(chip.told or chip.text)
            self.setToolTip(chip.told)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the word."""
        theme = current_theme()
        return QSize(text_width(theme.font("small"), self._chip.text) + 2 * theme.sizes.pad_small + 1,
                     theme.sizes.chip_height + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The chip."""
        if self._chip.text:
            draw_tone_chip(QPainter(self), self.rect(), self._chip, current_theme())
