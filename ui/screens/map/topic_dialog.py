"""归入专题: by the name of one that goes on or a new one, perhaps the month's (每月一题); or another name for one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.topic import LONGEST, Topic
from ui.forms.field_form import FieldForm
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor
from ui.screens.workplace import Workplace
from widgets.flow_layout import FlowLayout
from widgets.styling import set_property
from widgets.theme import current_theme
from widgets.tones import Tone

_MONTHLY, _PLAIN = "month", "plain"
_WIDTH_IN_CONTROLS = 14
_OFFERED = 8


class _TopicForm(FieldForm):
    """submitted()."""

    submitted = Signal()

    def __init__(self, verb: str, known: Sequence[Topic]) -> None:
        super().__init__(verb)
        self.name = LineEditor("如 雨后积水点整治", LONGEST)
        self.add_field("name", "专题名称", self.name, True)
        chips = QWidget()
        row = FlowLayout(chips)
        self.chips = [self._chip(topic, chips) for topic in known[:_OFFERED]]
        for chip in self.chips:
            row.addWidget(chip)
        chips.setVisible(bool(self.chips))
        self.body.addWidget(chips)
        self.add_field("kind", "类别", Segmented({_PLAIN: "一般专题", _MONTHLY: "本月一题"}), True)

    def _chip(self, topic: Topic, parent: QWidget) -> QPushButton:
        chip = QPushButton(topic.name, parent)
        set_property(chip, "kind", "chip")
        chip.setToolTip(f"归入这个专题（已有 {len(topic.cases):,} 件）")
        chip.clicked.connect(lambda: self._choose(topic))
        return chip

    def _choose(self, topic: Topic) -> None:
        self.set_values({"name": topic.name, "kind": _MONTHLY if topic.month else _PLAIN})
        self.name.changed.emit()
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send(self) -> None:
        self.submitted.emit()


class TopicDialog(QDialog):
    """Non-modal: show() it. With a topic: another name or month for it; else the cases go into the one named."""

    def __init__(self, place: Workplace, cases: Sequence[int], topic: Topic | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._cases, self._topic = place, list(cases), topic
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("修改专题" if topic is not None else "归入专题")
        verb, known = ("归入", place.topics.topics) if topic is None else ("保存", ())
        self.form = _TopicForm(verb, known)
        self.form.title.setText(f"修改专题“{topic.name}”" if topic is not None else f"把 {len(cases):,} 件案件归入专题")
        monthly = topic is not None and bool(topic.month)
        self.form.set_values({"name": topic.name if topic else "", "kind": _MONTHLY if monthly else _PLAIN})
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.setMinimumWidth(current_theme().sizes.control_height * _WIDTH_IN_CONTROLS)
        self.form.submitted.connect(lambda: place.backend.start(self._save(), self))
        self.form.cancelled.connect(self.reject)
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The form decides what Enter means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    async def _save(self) -> None:
        given = self.form.values()
        name, book = given["name"].strip(), self._place.topics
        try:
            if self._topic is not None:
                await book.rename(self._topic, name, self._month(given["kind"]))
            else:
                await book.gather(name, self._month(given["kind"]), self._cases)
        except DomainError as error:
            self.form.set_error(error)
            return
        told = "已修改" if self._topic is not None else f"已归入 {len(self._cases):,} 件"
        self._place.notices.say(("topic", name), f"专题“{name}”：{told}", Tone.OK)
        self.accept()

    def _month(self, kind: str) -> str:
        """Its own stays; a new one is this month's."""
        if kind != _MONTHLY:
            return ""
        kept = self._topic.month if self._topic is not None else ""
        return kept or f"{self._place.words.local(self._place.live.clock.now()):%Y-%m}"
