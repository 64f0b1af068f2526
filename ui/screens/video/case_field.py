"""The case that shots are kept in: typed by number, or brought along from a case that was being looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events

_WIDTH = 14  # characters


class CaseField(QWidget):
    """changed(): `case` is another. The number's last digits do. While another number is typed there is no case: what
    is taken meanwhile must not go into the one before.
    """

    changed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.case: CaseRow | None = None
        self.edit, self.title = QLineEdit(), ElidedLabel()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(label("取证案件", role="muted"))
        self._row.addWidget(self.edit)
        self._row.addWidget(self.title, 1)
        self.edit.setPlaceholderText("案件号")
        self.edit.setAccessibleName("取证案件号")
        self.edit.setToolTip("抓拍和录像存入这个案件（Ctrl+E）")
        self.edit.textEdited.connect(self._on_typed)
        self.edit.editingFinished.connect(self._find)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self._show("不指定", "")

    def set_case(self, row: CaseRow | None) -> None:
        """This one from now on."""
        if self.case is not None and row is not None and self.case.id == row.id:
            self.case = row
            return
        self.case = row
        self.edit.setText("" if row is None else row.no.rpartition("-")[2])
        self._show("不指定" if row is None else self._place.case_title(row), "")
        self.changed.emit()

    def ask(self) -> None:
        """The keyboard goes there."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def _on_typed(self) -> None:
        """It is not the case before any more, and not yet another."""
        self._show("回车确认" if self.edit.text().strip() else "不指定", "")
        if self.case is not None:
            self.case = None
            self.changed.emit()

    def _find(self) -> None:
        number = self.edit.text().strip()
        if not number:
            self.set_case(None)
        elif self.case is None:
            self._show("正在查找…", "")
            self._place.backend.start(self._look_up(number), self)

    async def _look_up(self, number: str) -> None:
        try:
            row, words = await self._place.find_case(number), "没有这个案件，或不在您的范围内"
        except DomainError as error:
            row, words = None, error.message
        if number != self.edit.text().strip() or self.case is not None:
            return  # another was asked for meanwhile
        if row is None:
            self._show(words, "overdue")
        else:
            self.set_case(row)

    def _show(self, words: str, tone: str) -> None:
        self.title.setText(words)
        self.title.setToolTip(words)
        set_property(self.title, "tone", tone)

    def _on_theme(self) -> None:
        self._row.setSpacing(current_theme().sizes.pad_small)
        self.edit.setFixedWidth(self.edit.fontMetrics().averageCharWidth() * _WIDTH)
