"""The four ratings of a lane in one line: digits and Tab, Enter saves; a low one wants its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import RATING_LABELS, RATINGS
from ui.forms.number_editors import ScoreEditor
from ui.forms.text_editors import LineEditor
from widgets.busy_button import BusyButton
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RatingRow(QWidget):
    """submitted(values): four figures and perhaps a reason; changed(values): what is typed so far."""

    submitted = Signal(dict)
    changed = Signal(dict)

    def __init__(self, reason_below: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._below = reason_below
        self.scores = {name: ScoreEditor() for name in RATINGS}
        self.reason = LineEditor(f"低于 {reason_below} 分须写理由", longest=200)
        self.save = BusyButton("保存评价 ⏎", "正在保存…", "primary")
        self._said = label(role="small", tone=Tone.OVERDUE)
        self._column, self._row = QVBoxLayout(self), QHBoxLayout()
        self._build()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        for name, editor in self.scores.items():
            editor.set_label(RATING_LABELS[name])
            editor.setPlaceholderText("")
            editor.setToolTip("0–100")
            editor.changed.connect(self._on_changed)
            self._row.addWidget(label(RATING_LABELS[name], role="muted"))
            self._row.addWidget(editor)
        self.reason.set_label("评价理由")
        self.reason.changed.connect(self._on_changed)
        self._row.addWidget(self.reason, 1)
        self._row.addWidget(self.save)
        self.save.clicked.connect(self.submit)
        self._said.setWordWrap(True)
        self._said.hide()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._row)
        self._column.addWidget(self._said)

    def values(self) -> dict[str, Any]:
        """What is filled in and valid."""
        given: dict[str, Any] = {name: editor.value() for name, editor in self.scores.items()}
        given["reason"] = self.reason.value()
        return {name: value for name, value in given.items() if value is not None}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in a draft without telling."""
        for name, editor in {**self.scores, "reason": self.reason}.items():
            if name in values:
                editor.set_value(values[name])

    def submit(self) -> None:
        """Check and send."""
        if not self.save.busy and self._checked():
            self.save.set_busy(True)
            self.submitted.emit(self.values())

    def set_error(self, error: DomainError) -> None:
        """Say why it was not taken; what is typed stays."""
        self.save.set_busy(False)
        self._say(error.message)
        field = {**self.scores, "reason": self.reason}.get(str(error.detail.get("field", "")))
        (field or next(iter(self.scores.values()))).setFocus()

    def focus_first(self) -> None:
        """To the first figure that is missing."""
        empty = [editor for editor in self.scores.values() if editor.value() is None]
        (empty or [self.save])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to what is missing, and saves when nothing is."""
        if event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._on_enter()

    def _on_enter(self) -> None:
        here = self.focusWidget()
        rest = [editor for editor in self.scores.values() if editor.value() is None and editor is not here]
        if isinstance(here, ScoreEditor) and here.value() is not None and rest:
            rest[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.submit()

    def _checked(self) -> bool:
        missing = [name for name, editor in self.scores.items() if editor.value() is None]
        for name, editor in self.scores.items():
            editor.mark_invalid(name in missing)
        if missing:
            self._say(f"请填 {'、'.join(RATING_LABELS[name] for name in missing)}（0–100）")
            self.scores[missing[0]].setFocus()
            return False
        if self._low() and self.reason.value() is None:
            self._say(f"有一项低于 {self._below} 分，请写理由")
            self.reason.mark_invalid(True)
            self.reason.setFocus()
            return False
        return True

    def _low(self) -> bool:
        return any((editor.value() or 0) < self._below for editor in self.scores.values() if editor.value() is not None)

    def _on_changed(self) -> None:
        self._say("")
        for editor in (*self.scores.values(), self.reason):
            editor.mark_invalid(False)
        set_property(self.reason, "invalid", "false")
        self.changed.emit(self.values())

    def _say(self, words: str) -> None:
        self._said.setText(f"⚠ {words}" if words else "")
        self._said.setVisible(bool(words))

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setSpacing(sizes.pad_small)
        self._column.setSpacing(sizes.pad_small // 2)
        for editor in self.scores.values():
            editor.setFixedWidth(sizes.row_height + sizes.pad_large)
