"""The heading of the whistle shown: level, title, number, state, place and time, what runs out, the whole's verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import ORDER, WHISTLE, PartyWords, SummonsRow
from commandcenter.domain.joint_totals import totals
from ui.models.joint_clock import JointClock
from ui.models.joint_lanes import counted_words
from ui.models.joint_steps import Step
from ui.models.joint_words import JointWords
from ui.screens.whistle.chip_label import ChipLabel
from ui.screens.whistle.step_buttons import StepButtons
from widgets.elided_label import ElidedLabel
from widgets.kanban import CardChip
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_BUTTONS = 4


class SummonsHead(QFrame):
    """step_chosen(Step); closed(); enlarged(); document_wanted(); order_wanted(): a joint order goes on."""

    step_chosen = Signal(object)
    closed = Signal()
    enlarged = Signal()
    document_wanted = Signal()
    order_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel_header")
        self._level, self._title, self._number = ChipLabel(), ElidedLabel("title"), label(role="muted")
        self._state, self._where = label(role="strong"), ElidedLabel("muted")
        self._note, self._marks = label(), label(role="muted")
        self.buttons = StepButtons(_BUTTONS)
        self.order = QPushButton("转联合执法")
        self.document, self.large, self.leave = QPushButton("公文"), QPushButton("放大"), QPushButton("关闭")
        self._outer, self._line, self._second = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self._build()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        for part, stretch in ((self._level, 0), (self._title, 0), (self._number, 0), (self._state, 1)):
            self._line.addWidget(part, stretch)
        self._line.addWidget(self.buttons)
        for button, tip, signal in ((self.order, "由这份吹哨开联合执法令", self.order_wanted),
                                    (self.document, "预览公文", self.document_wanted),
                                    (self.large, "放大、还原（F4）", self.enlarged), (self.leave, "Esc", self.closed)):
            button.setProperty("kind", "chip")
            button.setToolTip(tip)
            button.clicked.connect(signal)
            self._line.addWidget(button)
        for part, stretch in ((self._note, 0), (self._where, 1), (self._marks, 0)):
            self._second.addWidget(part, stretch)
        self._outer.addLayout(self._line)
        self._outer.addLayout(self._second)
        self.buttons.step_chosen.connect(self.step_chosen)
        self.document.hide()
        self.order.hide()

    def show_row(self, row: SummonsRow, clock: JointClock, words: JointWords, now: float,
                 said: Mapping[int, PartyWords] | None = None) -> None:
        """What the board knows; `said`: of the lanes, once their file has been read."""
        self._level.set_chip(words.level(row) if row.kind == WHISTLE else CardChip(row.scope, Tone.MULTI))
        self._title.setText(words.title(row))
        self._number.setText(row.no)
        self._state.setText(words.state(row))
        self._where.setText(" · ".join(part for part in (words.caller(row), words.appointed(row, now)) if part))
        self.document.show()
        found = totals(row, said or {})
        counted = counted_words(found.people, found.goods, len(found.documents))
        self._marks.setText(" · ".join([*_marks(row), *([f"合计 {counted}"] if counted else [])]))
        self._marks.setToolTip("、".join(found.documents))
        self.setAccessibleName(f"{words.title(row)} {row.no} {words.state(row)}")
        self.tick(row, clock, now)

    def tick(self, row: SummonsRow, clock: JointClock, now: float) -> None:
        """What counts down."""
        note = clock.note(row, now)
        self._note.setText(note.text if row.open else "")
        set_property(self._note, "tone", note.tone.value)

    def offer(self, steps: Sequence[Step], main: Sequence[Step], digits: Mapping[Step, int], online: bool,
              why: str) -> None:
        """The whole's verbs."""
        self.buttons.set_steps(steps, main, digits)
        self.buttons.set_online(online, why)

    def set_large(self, large: bool) -> None:
        """Say what the button does."""
        self.large.setText("还原" if large else "放大")

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._outer.setSpacing(2)
        self._line.setSpacing(sizes.gap)
        self._second.setSpacing(sizes.gap)


def _marks(row: SummonsRow) -> list[str]:
    """What is out of the ordinary."""
    facts = ((row.ruled, "裁定结束"), (row.kind == ORDER and row.from_id is not None, "由吹哨转来"),
             (row.citizen_score is not None, f"群众回访 {row.citizen_score} 分"))
    return [word for holds, word in facts if holds]
