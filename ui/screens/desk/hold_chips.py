"""What holds the case shown: a violet word for each whistle and order, which opens it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from commandcenter.domain.joint import SummonsRow
from ui.models.hold_words import mark, whole
from widgets.styling import set_property
from widgets.theme import current_theme
from widgets.tones import Tone

HELD_KEY = "W"


class HoldChip(QPushButton):
    """One of them; Enter is a click."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.row: SummonsRow | None = None
        self.setProperty("kind", "chip")
        set_property(self, "tone", Tone.MULTI.value)

    def set_row(self, row: SummonsRow) -> None:
        """Say which, and how far it is."""
        self.row = row
        self.setText(mark(row))
        self.setToolTip(f"{whole(row)}　{row.title}\n点按或按 {HELD_KEY} 打开".replace("　\n", "\n"))
        self.setAccessibleName(f"打开 {whole(row)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Outside a dialog Qt leaves Enter alone."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class HoldChips(QWidget):
    """opened(SummonsRow)."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(current_theme().sizes.pad_small)
        self.chips: list[HoldChip] = []

    def show_rows(self, rows: Sequence[SummonsRow]) -> None:
        """Chips that stay keep the focus; what is over goes."""
        while len(self.chips) < len(rows):
            self._add()
        while len(self.chips) > len(rows):
            gone = self.chips.pop()
            gone.hide()
            gone.deleteLater()
        for chip, row in zip(self.chips, rows, strict=True):
            chip.set_row(row)
        self.setVisible(bool(rows))

    def _add(self) -> None:
        chip = HoldChip(self)
        chip.clicked.connect(lambda: self.opened.emit(chip.row))
        self._line.addWidget(chip)
        self.chips.append(chip)
