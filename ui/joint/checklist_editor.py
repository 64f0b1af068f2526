"""现场清单: what must be done on the spot, one line an item."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.forms.text_editors import LineEditor
from ui.joint.chip_row import ChipData, ChipRow
from widgets.theme import current_theme

MOST_CHECKS, LONGEST_CHECK = 60, 200
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SEPARATORS = re.compile(r"[\n;；·]+")


class ChecklistEditor(QWidget):
    """`value()`: the items in order, None while there are none. Enter adds what is typed; a list may be pasted."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: list[str] = []
        self.chips = ChipRow()
        self.add = LineEditor("＋ 清单项，回车添加；可一次粘贴多项，用分号隔开", MOST_CHECKS * LONGEST_CHECK)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.pad_small)
        column.addWidget(self.chips)
        column.addWidget(self.add)
        self.setFocusProxy(self.add)
        self.add.changed.connect(self.changed)
        self.chips.removed.connect(self._remove)
        self.chips.clicked.connect(self._take_up)
        self._show()

    def value(self) -> list[str] | None:
        """The items with what is typed and not added yet: it was meant."""
        return [*self._items, *_split(self.add.text())] or None

    def set_value(self, items: object) -> None:
        """Fill in without telling."""
        self._items = [str(item) for item in items] if isinstance(items, list) else []
        self.add.set_value(None)
        self._show()

    def problem(self) -> str:
        """Too many, or one too long."""
        items = self.value() or []
        if len(items) > MOST_CHECKS:
            return f"最多 {MOST_CHECKS} 项"
        long = next((item for item in items if len(item) > LONGEST_CHECK), None)
        return f"“{long[:12]}…”超过 {LONGEST_CHECK} 字，请拆成几项" if long else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.add.set_label(f"{text}：添加一项")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        self.add.mark_invalid(invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds an item; it submits the form only where nothing is typed."""
        plain = event.key() in _ENTER and not event.modifiers()
        if plain and self.add.hasFocus() and self.add.text().strip():
            self._add()
        else:
            super().keyPressEvent(event)

    def _add(self) -> None:
        self.set_value([*self._items, *_split(self.add.text())])
        self.changed.emit()

    def _remove(self, place: int) -> None:
        del self._items[place]
        self._show()
        self.changed.emit()

    def _take_up(self, place: int) -> None:
        """Back into the line, to be written otherwise; what stood there is added first."""
        self._items += _split(self.add.text())
        self.add.set_value(self._items.pop(place))
        self._show()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _show(self) -> None:
        self.chips.set_chips([ChipData(k, _short(item), f"第 {k + 1} 项，{item}", f"{item}\n点按修改，Del 移除")
                              for k, item in enumerate(self._items)])
        self.chips.setVisible(bool(self._items))


def _split(text: str) -> list[str]:
    return [part for raw in _SEPARATORS.split(text) if (part := raw.strip())]


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"
