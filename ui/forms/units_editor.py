"""Several units, each chosen by name or initials and shown as a chip."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.forms.context import FormContext
from ui.forms.joint_editors import CallableUnits, Matter
from ui.forms.picker import Picker
from ui.joint.chip_row import ChipData, ChipRow
from widgets.theme import current_theme

MOST_UNITS = 60


class UnitsEditor(QWidget):
    """`value()`: ids of units, None while there are none."""

    changed = Signal()

    def __init__(self, context: FormContext) -> None:
        super().__init__()
        self._context = context
        self._units: list[int] = []
        self._options = CallableUnits(context, Matter())
        self.chips = ChipRow()
        self.add = Picker(self._offered, self._options.title, "＋ 单位名称或拼音首字母，回车添加")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.pad_small)
        for part in (self.chips, self.add):
            column.addWidget(part)
        self.setFocusProxy(self.add)
        self.add.changed.connect(self._on_chosen)
        self.chips.removed.connect(self._remove)
        self.chips.clicked.connect(self._remove)
        self._show()

    def value(self) -> list[int] | None:
        """The units."""
        return list(self._units) or None

    def set_value(self, units: object) -> None:
        """Fill in without telling."""
        self._units = [int(unit) for unit in dict.fromkeys(units)] if isinstance(units, list | tuple) else []
        self.add.set_value(None)
        self._show()

    def problem(self) -> str:
        """Too many, or a name typed and not chosen."""
        return f"最多 {MOST_UNITS} 家单位" if len(self._units) > MOST_UNITS else self.add.problem()

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.add.set_label(f"{text}：添加单位")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        self.add.mark_invalid(invalid)

    def _offered(self, text: str):
        """Nothing while nothing is typed; who is in already says so."""
        found = CallableUnits(self._context, Matter(frozenset(self._units)))
        return found(text) if text.strip() else []

    def _on_chosen(self) -> None:
        unit = self.add.value()
        if isinstance(unit, int) and unit not in self._units:
            self._units.append(unit)
            self.add.set_value(None)
            self._show()
        self.changed.emit()

    def _remove(self, unit: int) -> None:
        self._units.remove(unit)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        names = {unit: self._options.title(unit) for unit in self._units}
        self.chips.set_chips([ChipData(unit, f"{name} ×", name, f"{name}\n点按或 Del 移除")
                              for unit, name in names.items()])
        self.chips.setVisible(bool(self._units))
