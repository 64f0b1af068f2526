"""The verbs of one card at the pointer: open it, its next steps, everything else by lane, its number to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.joint import SummonsRow
from ui.models.joint_steps import Step, is_main, steps, steps_of
from ui.screens.wall.push import add_push_menu
from ui.screens.workplace import Workplace


class SummonsMenu(QMenu):
    """open_wanted(); step_chosen(Step); replay_wanted(). Deletes itself when closed."""

    open_wanted = Signal()
    step_chosen = Signal(object)
    replay_wanted = Signal()

    def __init__(self, place: Workplace, row: SummonsRow, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._row = place, row
        self.aboutToHide.connect(self.deleteLater)
        offered = steps(row, place.person, place.backend.directory, place.live.clock.now())
        found = [step for step in offered if step.action.code != "rate"]
        self.addAction("打开\tEnter").triggered.connect(self.open_wanted)
        self._add(self, [step for step in found if is_main(step, row)], named=True)
        self._add(self, [step for step in steps_of(found, None) if not is_main(step, row)])
        for party in row.parties:
            if own := [step for step in steps_of(found, party.no) if not is_main(step, row)]:
                self._add(self.addMenu(place.words.unit(party.unit_id)), own)
        self.addSeparator()
        self.addAction("回放到发出时").triggered.connect(self.replay_wanted)
        add_push_menu(self, place, "summons", row.id, row.no)
        self.addAction(f"复制编号 {row.no}").triggered.connect(lambda: QGuiApplication.clipboard().setText(row.no))

    def _add(self, menu: QMenu, found: Sequence[Step], named: bool = False) -> None:
        if found and menu is self:
            self.addSeparator()
        for step in found:
            entry = menu.addAction(self._words(step) if named else step.action.label)
            entry.setEnabled(self._place.live.online)
            entry.triggered.connect(lambda _=False, chosen=step: self.step_chosen.emit(chosen))

    def _words(self, step: Step) -> str:
        """响应 · 消防救援支队."""
        party = self._row.party(step.party_no) if step.party_no is not None else None
        return f"{step.action.label} · {self._place.words.unit(party.unit_id)}" if party else step.action.label
