"""The verbs offered on a whistle or a lane: the next step large, the others as chips, the rest in a menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ui.models.joint_steps import Step
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events


class StepButtons(QWidget):
    """step_chosen(Step). Buttons that stay keep their place and focus."""

    step_chosen = Signal(object)

    def __init__(self, shown: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown_most, self._signature = shown, ()
        self._online, self._why = True, ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def set_steps(self, steps: Sequence[Step], main: Sequence[Step], digits: Mapping[Step, int]) -> None:
        """Offer these; `main` are next steps, `digits` the keys that do them."""
        signature = tuple((step, step in main, digits.get(step)) for step in steps)
        if signature == self._signature:
            return
        self._signature = signature
        while (item := self._row.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        shown = [step for step in steps if step in main] or []
        shown += [step for step in steps if step not in shown][:max(0, self._shown_most - len(shown))]
        for step in shown:
            self._row.addWidget(self._button(step, step in main, digits.get(step)))
        if rest := [step for step in steps if step not in shown]:
            self._row.addWidget(self._menu(rest, digits))
        self.setVisible(bool(steps))
        self.set_online(self._online, self._why)

    def set_online(self, online: bool, why: str) -> None:
        """Disable what cannot be sent, and say why."""
        self._online, self._why = online, why
        for place in range(self._row.count()):
            button = self._row.itemAt(place).widget()
            button.setEnabled(online)
            if not online:
                button.setToolTip(why)

    def _button(self, step: Step, main: bool, digit: int | None) -> QPushButton:
        button = QPushButton(_worded(step, digit))
        set_property(button, "kind", "primary" if main and not step.action.danger else
                     "danger" if step.action.danger else "chip")
        button.setToolTip(f"按 {digit}" if digit else "")
        button.clicked.connect(lambda: self.step_chosen.emit(step))
        return button

    def _menu(self, rest: Sequence[Step], digits: Mapping[Step, int]) -> QPushButton:
        button, menu = QPushButton("更多 ▼"), QMenu(self)
        button.setProperty("kind", "chip")
        for step in rest:
            menu.addAction(_worded(step, digits.get(step))).triggered.connect(
                lambda _=False, chosen=step: self.step_chosen.emit(chosen))
        button.setMenu(menu)
        return button

    def _on_theme(self) -> None:
        self._row.setSpacing(current_theme().sizes.pad_small)


def _worded(step: Step, digit: int | None) -> str:
    return f"{digit} {step.action.label}" if digit else step.action.label
