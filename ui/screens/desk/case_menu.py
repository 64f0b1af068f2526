"""The verbs of one row at the pointer: where it may be sent, what may be done with it, its number to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.model import CaseRow
from commandcenter.domain.recommend import Suggestion
from commandcenter.domain.workflow import Action
from ui.joint.presets import KINDS, why_not
from ui.models.hold_words import whole
from ui.screens.desk.hold_chips import HELD_KEY
from ui.screens.desk.joint_targets import KEYS
from ui.screens.wall.push import add_push_menu
from ui.screens.workplace import Workplace

_UNITS = 5


class CaseMenu(QMenu):
    """action_chosen(Action); unit_chosen(unit id); joint_chosen(kind): 吹哨, 联合执法; summons_chosen(SummonsRow): what
    holds the case. replay_chosen(): when it came in. Deletes itself when closed."""

    action_chosen = Signal(object)
    unit_chosen = Signal(int)
    joint_chosen = Signal(str)
    summons_chosen = Signal(object)
    replay_chosen = Signal()

    def __init__(self, place: Workplace, row: CaseRow, actions: Sequence[Action], units: Sequence[Suggestion],
                 parent: QWidget) -> None:
        super().__init__(parent)
        self._online = place.live.online
        self.aboutToHide.connect(self.deleteLater)
        for number, unit in enumerate(units[:_UNITS], 1):
            self._add(f"派给 {place.words.unit(unit.unit_id)}\t{number}", self.unit_chosen, unit.unit_id)
        if units and actions:
            self.addSeparator()
        for action in actions:
            self._add(action.label, self.action_chosen, action)
        self.addSeparator()
        for kind in (kind for kind in KINDS if why_not(place, kind, [row]) is None):
            self._add(f"{KINDS[kind]}…\t{KEYS[kind]}", self.joint_chosen, kind)
        for number, held in enumerate(place.holds.of(row.id)):
            key = "" if number else f"\t{HELD_KEY}"
            self.addAction(f"打开{whole(held)}{key}").triggered.connect(
                lambda _=False, one=held: self.summons_chosen.emit(one))
        self.addSeparator()
        self.addAction("回放到受理时\tCtrl+Shift+R").triggered.connect(self.replay_chosen)
        add_push_menu(self, place, "case", row.id, f"案件 {place.words.number(row)}")
        self.addAction(f"复制编号 {row.no}").triggered.connect(
            lambda: QGuiApplication.clipboard().setText(row.no))

    def _add(self, text: str, signal: object, value: object) -> None:
        entry = self.addAction(text)
        entry.setEnabled(self._online)
        entry.triggered.connect(lambda: signal.emit(value))
