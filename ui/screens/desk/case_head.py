"""The selected case's heading: number and kind, place, state, marks, who else has it open, what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.model import CaseFile, CaseRow
from commandcenter.domain.workflow import Action
from ui.models.offers import is_main, offers
from ui.screens.desk.hold_chips import HoldChips
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ON_BOARD = frozenset({"dispatch", "sub_dispatch"})
_SHOWN = 4  # buttons beside the menu


class CaseHead(QFrame):
    """action_chosen(Action); attach_chosen(); summons_wanted(SummonsRow): what holds the case is to be opened."""

    action_chosen = Signal(object)
    attach_chosen = Signal()
    summons_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._title, self._where = ElidedLabel("title"), ElidedLabel("muted")
        self._state = label(role="muted")
        self._marks, self._others = label(role="small", tone=Tone.NEAR), label(role="small", tone=Tone.MULTI)
        self.held, self._case_id = HoldChips(), 0
        self._buttons = QHBoxLayout()
        self._shown: list[tuple[str, bool]] = []
        self.setProperty("role", "panel_header")
        self._outer = QVBoxLayout(self)
        self._line, self._second = QHBoxLayout(), QHBoxLayout()
        self._line.addWidget(self._title, 0)
        self._line.addWidget(self._where, 1)
        self._line.addLayout(self._buttons)
        for part in (self._state, self.held, self._marks, self._others):
            self._second.addWidget(part)
        self._second.addStretch(1)
        self._outer.addLayout(self._line)
        self._outer.addLayout(self._second)
        self.held.opened.connect(self.summons_wanted)
        place.holds.changed.connect(self._on_held)
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    def show_row(self, row: CaseRow | None) -> None:
        """What the queue already knows, before the file has come."""
        self._case_id = row.id if row is not None else 0
        self._on_held()
        if row is None:
            self._title.setText("未选择案件")
            self._where.setText("在队列中选一件，这里显示它的经过、用时与证据")
            self._state.setText("")
            self._marks.setText("")
            self.set_others(())
            self._set_actions([])
            return
        words = self._place.words
        self._title.setText(self._place.case_title(row))
        self._where.setText(words.place(row))
        self._state.setText(f"{words.state(row)} · {words.grade(row)} · {words.channel(row)}")
        self._marks.setText(" · ".join(_marks(row)))
        units = self._place.units
        self._set_actions(offers(row, self._place.person, self._place.backend.directory, units))

    def show_file(self, file: CaseFile) -> None:
        """Place with the address, and who else looks."""
        self.show_row(file.row)
        parts = [self._place.words.place(file.row), file.address]
        self._where.setText(" · ".join(part for part in parts if part))
        me = self._place.person.id
        self.set_others([self._place.words.operator(viewer) for viewer in file.viewers if viewer != me])

    def _on_held(self, ids: frozenset[int] | None = None) -> None:
        """What holds it, as the feed says; `ids`: only if it is among these cases."""
        if ids is None or self._case_id in ids:
            self.held.show_rows(self._place.holds.of(self._case_id))

    def set_others(self, names: Sequence[str]) -> None:
        """Say who else has it open."""
        self._others.setText(f"● {'、'.join(names)} 正在查看" if names else "")

    def set_online(self, online: bool, why: str) -> None:
        """Disable what cannot be sent, and say why."""
        for place in range(self._buttons.count()):
            button = self._buttons.itemAt(place).widget()
            button.setEnabled(online)
            button.setToolTip("" if online else why)

    # ------------------------------------------------------------ buttons
    def _set_actions(self, actions: Sequence[Action]) -> None:
        # The other roles have their actions beside the queue, and large.
        wanted = [action for action in actions if action.code not in _ON_BOARD and "dispatcher" in self._place.roles]
        signature = [(action.code, True) for action in wanted]
        if signature == self._shown:
            return
        self._shown = signature
        self._clear()
        for action in wanted[:_SHOWN]:
            self._add(action)
        if len(wanted) > _SHOWN:
            self._buttons.addWidget(self._menu(wanted[_SHOWN:]))

    def _clear(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    def _add(self, action: Action) -> None:
        button = QPushButton(action.label)
        set_property(button, "kind", "danger" if action.danger else "primary" if is_main(action) else "chip")
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        self._buttons.addWidget(button)

    def _menu(self, actions: Sequence[Action]) -> QPushButton:
        button, menu = QPushButton("更多 ▼"), QMenu(self)
        button.setProperty("kind", "chip")
        for action in actions:
            menu.addAction(action.label).triggered.connect(lambda _=False, a=action: self.action_chosen.emit(a))
        button.setMenu(menu)
        return button

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad_large, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._outer.setSpacing(2)
        self._line.setSpacing(sizes.gap)
        self._second.setSpacing(sizes.gap)


def _marks(row: CaseRow) -> list[str]:
    """Everything about the case that is out of the ordinary."""
    facts = ((row.supervised, "督办"), (row.on_ledger, "强制结案未销账"), (row.ruled, "已疑难定责"),
             (row.returns, f"回退 {row.returns} 次"), (row.reworks, f"返工 {row.reworks} 次"),
             (row.asked == "suspend", "申请挂起待批"), (row.asked == "extension", "申请延期待批"))
    return [word for holds, word in facts if holds]
