"""Who is called to a meeting: what each unit says, and what may be registered of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import MeetingRow
from ui.models.affairs import ATTENDANCE, ATTENDANCE_TONES, AffairStep, is_main
from ui.models.joint_words import JointWords
from ui.screens.whistle.chip_label import ChipLabel
from widgets.kanban import CardChip
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events


class Attendees(QWidget):
    """step_chosen(AffairStep)."""

    step_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("参会单位")
        self._shown: object = None
        self._heading = label("参会单位", role="strong")
        self._outer, self._grid = QVBoxLayout(self), QGridLayout()
        self._outer.addWidget(self._heading)
        self._outer.addLayout(self._grid)
        self._grid.setColumnStretch(0, 1)
        self._buttons: list[QPushButton] = []
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def show_row(self, row: MeetingRow, steps: Sequence[AffairStep], words: JointWords, online: bool, why: str) -> None:
        """Show who is called; what is the same is not built again."""
        shown = (row.attendees, tuple(steps), online)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        for line, (unit, state) in enumerate(row.attendees):
            self._grid.addWidget(_name(words.unit(unit)), line, 0)
            self._grid.addWidget(ChipLabel(CardChip(ATTENDANCE[state], ATTENDANCE_TONES[state])), line, 1)
            self._grid.addWidget(self._row_of([s for s in steps if s.unit_id == unit], online, why), line, 2,
                                 Qt.AlignmentFlag.AlignRight)

    def texts(self) -> list[str]:
        """What stands on the buttons, for tests and for screen readers."""
        return [button.accessibleName() for button in self._buttons]

    def button(self, name: str) -> QPushButton:
        """A button by its accessible name."""
        return next(button for button in self._buttons if button.accessibleName() == name)

    def _row_of(self, steps: Sequence[AffairStep], online: bool, why: str) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current_theme().sizes.pad_small)
        for step in steps:
            button = QPushButton(step.label)
            set_property(button, "kind", "primary" if is_main(step) else "chip")
            button.setAccessibleName(f"{step.label} {step.unit_id}")
            button.setEnabled(online)
            button.setToolTip("" if online else why)
            button.clicked.connect(lambda _=False, chosen=step: self.step_chosen.emit(chosen))
            row.addWidget(button)
            self._buttons.append(button)
        return box

    def _clear(self) -> None:
        self._buttons.clear()
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, 0)
        self._outer.setSpacing(sizes.pad_small)
        self._grid.setHorizontalSpacing(sizes.pad)
        self._grid.setVerticalSpacing(sizes.pad_small)


def _name(text: str) -> QLabel:
    named = label(text)
    named.setMinimumWidth(1)
    return named
