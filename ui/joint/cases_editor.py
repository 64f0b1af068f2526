"""关联案件: the cases an order or a whistle is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from ui.forms.asking import Latest
from ui.forms.context import FindCase
from ui.forms.text_editors import LineEditor
from ui.joint.chip_row import ChipData, ChipRow
from widgets.styling import label, set_property
from widgets.theme import current_theme
from widgets.tones import Tone

MOST_CASES = 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
Title = Callable[[int], str]


class CasesEditor(QWidget):
    """`value()`: case ids, None while there are none. `title`: 002378 占道经营 of an id."""

    changed = Signal()

    def __init__(self, title: Title, find_case: FindCase | None) -> None:
        super().__init__()
        self._title, self._find_case = title, find_case
        self._ids: list[int] = []
        self._answer = Latest(self._on_found, self._on_error)
        self.chips, self._said = ChipRow(), label(role="small")
        self.add = LineEditor("＋ 案件编号或末几位，回车添加", 40)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.pad_small)
        for part in (self.chips, self.add, self._said):
            column.addWidget(part)
        self._said.hide()
        self._said.setWordWrap(True)
        self.setFocusProxy(self.add)
        self.add.changed.connect(self._on_edited)
        self.chips.removed.connect(self._remove)
        self.chips.clicked.connect(self._remove)
        self._show()

    def value(self) -> list[int] | None:
        """The cases."""
        return list(self._ids) or None

    def set_value(self, ids: object) -> None:
        """Fill in without telling."""
        self._ids = [int(i) for i in dict.fromkeys(ids)] if isinstance(ids, list | tuple) else []
        self.add.set_value(None)
        self._say("")
        self._show()

    def add_cases(self, ids: Iterable[int]) -> None:
        """More cases, as if added by hand."""
        self.set_value([*self._ids, *ids])
        self.changed.emit()

    def problem(self) -> str:
        """Too many, or a number typed and not looked up."""
        if len(self._ids) > MOST_CASES:
            return f"最多关联 {MOST_CASES} 件案件"
        return "请按回车查到案件，或清空" if self.add.text().strip() else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.add.set_label(f"{text}：添加案件编号")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        self.add.mark_invalid(invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter looks the number up."""
        plain = event.key() in _ENTER and not event.modifiers()
        if plain and self.add.hasFocus() and (no := self.add.text().strip()):
            self._look_up(no)
        else:
            super().keyPressEvent(event)

    def _look_up(self, no: str) -> None:
        if self._find_case is not None:
            self._say("正在查找…", Tone.SENDING)
            self._answer.ask(self._find_case(no))

    def _on_found(self, row: CaseRow | None) -> None:
        if row is None:
            self._say("没有找到，或不在您的范围内", Tone.NEAR)
        elif row.id in self._ids:
            self._say(f"{row.no} 已在其中", Tone.NEAR)
        else:
            self.add_cases([row.id])

    def _on_error(self, error: DomainError) -> None:
        self._say(error.message, Tone.OVERDUE)

    def _on_edited(self) -> None:
        self._answer.forget()
        self._say("")
        self.changed.emit()

    def _remove(self, case_id: int) -> None:
        self._ids.remove(case_id)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.chips.set_chips([ChipData(i, f"{self._title(i)} ×", self._title(i), f"{self._title(i)}\n点按或 Del 移除")
                              for i in self._ids])
        self.chips.setVisible(bool(self._ids))

    def _say(self, text: str, tone: Tone = Tone.MUTED) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        set_property(self._said, "tone", tone.value)
