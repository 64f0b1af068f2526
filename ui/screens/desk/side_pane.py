"""The right edge of the desk: units to send to, or what the role may do, or the form under way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from commandcenter.domain.joint import NewSummons
from commandcenter.domain.model import CaseFile, CaseRow
from commandcenter.domain.workflow import Action
from ui.joint.composer import Composer
from ui.models.offers import may
from ui.screens.desk.action_pane import ActionPane
from ui.screens.desk.form_pane import FormPane
from ui.screens.desk.intake_pane import IntakePane
from ui.screens.desk.joint_targets import JointTargets
from ui.screens.desk.photos import Photos
from ui.screens.desk.unit_pane import UnitPane
from ui.screens.workplace import Workplace
from widgets.theme import current_theme


class SidePane(QStackedWidget):
    """dispatch_wanted(rows, unit id), sub_dispatch_wanted(rows, unit id), action_chosen(Action),
    joint_wanted(kind, rows): 吹哨, 联合执法; composed(): the sheet of one was left;
    summons_wanted(SummonsRow): what holds a case of the sheet is to be opened."""

    dispatch_wanted = Signal(object, int)
    sub_dispatch_wanted = Signal(object, int)
    action_chosen = Signal(object)
    joint_wanted = Signal(str, object)
    composed = Signal()
    summons_wanted = Signal(object)

    def __init__(self, place: Workplace, photos: Photos, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._rows: Sequence[CaseRow] = ()
        self.units, self.below = UnitPane(place), UnitPane(place, below=True)
        self.actions, self.form, self.intake = ActionPane(place, photos), FormPane(place), IntakePane(place)
        self._work = QSplitter(Qt.Orientation.Vertical)
        self._work.addWidget(self.actions)
        self._work.addWidget(self.below)
        self.targets, self.composer = JointTargets(place), None
        self._work.addWidget(self.targets)
        self._work.setStretchFactor(0, 1)
        self.targets.setHidden(not self.targets.useful)
        for page in (self.units, self._work, self.form, self.intake):
            self.addWidget(page)
        self._connect()
        self.show_rows(())

    def _connect(self) -> None:
        self.units.sent.connect(self.dispatch_wanted)
        self.below.sent.connect(self.sub_dispatch_wanted)
        self.actions.action_chosen.connect(self.action_chosen)
        for targets in (self.units.targets, self.targets):
            targets.joint_wanted.connect(self.joint_wanted)
        self.form.opened.connect(lambda: self.setCurrentWidget(self.form))
        self.form.closed.connect(self._back)
        self.intake.closed.connect(self._back)

    def sizeHint(self) -> QSize:
        """As wide as two cards of the board."""
        sizes = current_theme().sizes
        return QSize(round(sizes.card_height * 7.4), sizes.card_height * 9)

    def minimumSizeHint(self) -> QSize:
        """Never so narrow that a card's name is cut."""
        return QSize(round(current_theme().sizes.card_height * 4.4), 0)

    # ------------------------------------------------------------ what the desk asks
    def show_rows(self, rows: Sequence[CaseRow], why_none: str = "") -> None:
        """The selection changed; `why_none`: there is one, but nothing may be done with it."""
        self._rows = rows
        self.units.say_why_none(why_none)
        fitting = [row for row in rows if self._may("dispatch", row)]
        self.units.set_rows(fitting)
        self.units.say_state(self._place.words.state(rows[0]) if rows and not fitting else "")
        self.below.set_rows([row for row in rows if self._may("sub_dispatch", row)])
        self.below.setVisible(any(self._may("sub_dispatch", row) for row in rows))
        if not self.form_open:
            self._back()

    def show_file(self, file: CaseFile | None) -> None:
        """The file of the selected case has come."""
        self.actions.show_file(file)

    def open_form(self, action: Action, file: CaseFile) -> None:
        """Begin an action."""
        self.form.open(action, file)

    def open_intake(self) -> None:
        """Begin a new case."""
        self.setCurrentWidget(self.intake)
        self.intake.open()

    def open_composer(self, kind: str, preset: NewSummons | None) -> None:
        """拟哨, 拟令; what another sheet held is its draft."""
        self._end_composer()
        self.composer = Composer(self._place, kind, preset)
        self.composer.cancelled.connect(self._end_composer)
        self.composer.summons_wanted.connect(self.summons_wanted)
        self.composer.done.connect(lambda _done: self._end_composer())
        self.addWidget(self.composer)
        self.setCurrentWidget(self.composer)

    @property
    def composing_why_not(self) -> str:
        """Why no other sheet may be begun just now; empty if one may."""
        return "上一份正在提交，请稍候" if self.composer is not None and self.composer.busy else ""

    def _end_composer(self) -> None:
        if self.composer is None:
            return
        gone, self.composer = self.composer, None
        gone.keep_draft()
        self.removeWidget(gone)
        gone.deleteLater()
        self._back()
        self.composed.emit()

    @property
    def form_open(self) -> bool:
        """Somebody is filling in a form."""
        return self.currentWidget() in (self.form, self.intake, self.composer)

    def leave_form(self) -> bool:
        """Close the form that is open; its draft stays. False if none was."""
        if self.currentWidget() is self.form:
            self.form.form.cancel()
        elif self.currentWidget() is self.intake:
            self._back()
        elif self.composer is not None and self.currentWidget() is self.composer:
            self.composer.leave()
        else:
            return False
        return True

    def keep_drafts(self) -> None:
        """Write down everything typed: the window closes."""
        self.form.keep_draft()
        self.intake.keep_draft()
        if self.composer is not None:
            self.composer.keep_draft()

    # ------------------------------------------------------------ inside
    def _back(self) -> None:
        self.setCurrentWidget(self.units if self._on_board() else self._work)

    def _on_board(self) -> bool:
        """A dispatcher sees the units; with other duties too, only while he has selected what can be dispatched."""
        if "dispatcher" not in self._place.roles:
            return False
        if self._place.roles == {"dispatcher"}:
            return True  # his other deeds stand in the case's heading
        return not self._rows or any(self._may("dispatch", row) for row in self._rows)

    def _may(self, code: str, row: CaseRow) -> bool:
        place = self._place
        return may(code, row, place.person, place.backend.directory, place.units)
