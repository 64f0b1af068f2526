"""The lower left of the screen: the list, or the sheet of a new whistle or order that is under way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from commandcenter.domain.joint import JointDone, NewSummons
from ui.joint.composer import Composer
from ui.screens.whistle.list_pane import ListPane
from ui.screens.workplace import Workplace
from widgets.tones import Tone

_BUSY = "上一份正在提交，请稍候"


class LowerLeft(QStackedWidget):
    """composed(id): it stands in the database. turned(): the sheet came or went. summons_wanted(id): shown beside."""

    composed = Signal(object)
    turned = Signal()
    summons_wanted = Signal(object)

    def __init__(self, place: Workplace, kind: str, pane: ListPane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._kind, self._list = place, kind, pane
        self.composer: Composer | None = None
        self.addWidget(pane)

    @property
    def composing(self) -> bool:
        """Whether the sheet is in sight."""
        return self.composer is not None and self.currentWidget() is self.composer

    def show_list(self) -> None:
        """The list; a sheet under way waits behind it."""
        self.setCurrentWidget(self._list)
        self.turned.emit()

    def compose(self, preset: NewSummons | None) -> None:
        """Show the sheet that is under way, or a new one; what is known begins one of its own."""
        if preset is not None and self.composer is not None:
            if self.composer.busy:
                self._place.notices.say("compose", _BUSY, Tone.NEAR)
                return
            self.composer.keep_draft()
            self._take_away()
        if self.composer is None:
            self.composer = Composer(self._place, self._kind, preset)
            self.composer.setProperty("role", "surface")
            self.composer.done.connect(self._on_done)
            self.composer.cancelled.connect(self.end)
            self.composer.summons_wanted.connect(lambda row: self.summons_wanted.emit(row.id))
            self.addWidget(self.composer)
        self.setCurrentWidget(self.composer)
        self.turned.emit()
        self.composer.focus_first()

    def end(self) -> None:
        """Take the sheet away; its draft stays."""
        if self.composer is not None:
            self._take_away()
            self.show_list()

    def keep_draft(self) -> None:
        """Write down what is typed."""
        if self.composer is not None:
            self.composer.keep_draft()

    def _on_done(self, done: JointDone) -> None:
        self.end()
        self.composed.emit(done.entity_id)

    def _take_away(self) -> None:
        gone, self.composer = self.composer, None
        self.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
