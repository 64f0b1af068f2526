"""Chooses another case, as master of a merge (并案): from candidates or by its number."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import load_workflow
from ui.forms.asking import Latest
from ui.forms.candidate_list import _ENTER, CandidateList
from ui.forms.context import FindCase
from widgets.styling import label, set_property
from widgets.tones import Tone


class CasePicker(QWidget):
    """`value()` is the id of the case chosen; `own_id` may not be chosen."""

    changed = Signal()
    opened = Signal(object)

    def __init__(self, find_case: FindCase | None = None, own_id: int | None = None) -> None:
        super().__init__()
        self._find_case, self._own_id, self._value = find_case, own_id, None
        self._answer = Latest(self._on_found, self._on_error)
        self._candidates = CandidateList("没有发现可能重复的案件，可按编号查找")
        self._candidates.chosen.connect(self._choose)
        self._candidates.opened.connect(self.opened)
        self.edit, self._search = QLineEdit(), QPushButton("查找")
        self._said = label(role="muted")
        self._build()

    def value(self) -> int | None:
        """The case chosen."""
        return self._value

    def set_value(self, case_id: object) -> None:
        """Choose without telling."""
        self._value = case_id if isinstance(case_id, int) and case_id != self._own_id else None
        self._candidates.choose(self._value)

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Likely masters, likeliest first; a choice made stays."""
        self._candidates.set_candidates([c for c in candidates if c.case_id != self._own_id])
        self._candidates.choose(self._value)

    def problem(self) -> str:
        """A number typed but not looked up."""
        return "请先按编号查到案件" if self._value is None and self.edit.text().strip() else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.edit.setAccessibleName(f"{text}编号")
        self._candidates.set_label(f"{text}候选")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self.edit, "invalid", "true" if invalid else "false")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.modifiers() and self.edit.hasFocus() and self.problem():
            self._look_up()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.edit.setPlaceholderText("案件编号或末几位")
        self.edit.setMaxLength(40)
        self.edit.setEnabled(self._find_case is not None)
        self._search.setEnabled(self._find_case is not None)
        self.edit.textEdited.connect(self._on_edited)
        self._search.clicked.connect(self._look_up)
        self.setFocusProxy(self.edit if self._find_case is not None else self._candidates)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(self._search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._candidates)
        layout.addLayout(row)
        layout.addWidget(self._said)
        self._said.hide()

    def _on_edited(self) -> None:
        self._answer.forget()
        self._choose(None)
        self._say("")

    def _look_up(self) -> None:
        if self._find_case is not None and (no := self.edit.text().strip()):
            self._say("正在查找…", Tone.SENDING)
            self._answer.ask(self._find_case(no))

    def _on_found(self, row: CaseRow | None) -> None:
        if row is None:
            self._say("没有找到，或不在您的范围内", Tone.NEAR)
        elif row.id == self._own_id:
            self._say("这就是本案，请另选主案", Tone.NEAR)
        elif not row.open:
            self._say(f"{row.no} 已办结，不能作为主案", Tone.NEAR)
        else:
            self._say(f"✓ {row.no} {row.summary} · {load_workflow().state[row.state].label}", Tone.OK)
            self._choose(row.id)

    def _on_error(self, error: DomainError) -> None:
        self._say(error.message, Tone.OVERDUE)

    def _choose(self, case_id: int | None) -> None:
        self._value = case_id
        self._candidates.choose(case_id)
        self.changed.emit()

    def _say(self, text: str, tone: Tone = Tone.MUTED) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        set_property(self._said, "tone", tone.value)
