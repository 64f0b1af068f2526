"""The replica's state in the top bar; a click says it in full."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from ui.models.report_words import chip_words, source_line
from ui.screens.workplace import Workplace
from widgets.styling import set_property

_NOT_YET = "还没有读过报表"


class ReaderChip(QPushButton):
    """Shown only where a replica was given."""

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setProperty("kind", "pill")
        self.setHidden(not place.reports.has_replica)
        self.clicked.connect(self._tell)
        place.reports.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        text, tone = chip_words(self._place.reports.state)
        self.setText(text)
        self.setToolTip(self._line())
        self.setAccessibleName(f"{text}。{self._line()}")
        set_property(self, "tone", tone.value)

    def _line(self) -> str:
        state = self._place.reports.state
        return source_line(state, self._place.words) if state is not None else _NOT_YET

    def _tell(self) -> None:
        self._place.notices.say("report state", self.text(), detail=self._line())
