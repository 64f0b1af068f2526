"""Things that were chosen, as chips: each takes keys, and a menu says what may be done with it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from widgets.flow_layout import FlowLayout
from widgets.styling import set_property

_REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class ChipData:
    """One chip; `warning` marks it and is told with it; `spoken` is its name for screen readers."""

    key: Hashable
    text: str
    spoken: str = ""
    tooltip: str = ""
    warning: str = ""


class Chip(QPushButton):
    """removed(); typed(text): a letter or digit; step(±1): the neighbour is wanted; focused(has it now)."""

    removed = Signal()
    typed = Signal(str)
    step = Signal(int)
    focused = Signal(bool)

    def __init__(self, data: ChipData) -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        self.setAutoDefault(False)
        self.show_data(data)

    def show_data(self, data: ChipData) -> None:
        """Show other data of the same thing."""
        self.data = data
        self.setText(f"▲ {data.text}" if data.warning else data.text)
        self.setToolTip("\n".join(part for part in (data.tooltip, data.warning) if part))
        self.setAccessibleName("，".join(part for part in (data.spoken or data.text, data.warning) if part))
        set_property(self, "active", "true")
        set_property(self, "tone", "near" if data.warning else "action")

    def event(self, event: QEvent) -> bool:
        """Digits and letters are the chip's own, not the screen's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and (event.text().isalnum() or event.key() in _REMOVE):
            event.accept()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What is said about it may be shown."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And taken away again."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it out, arrows step, what is typed is told; Enter and Space open its menu."""
        if event.key() in _REMOVE:
            self.removed.emit()
        elif event.key() in _STEPS:
            self.step.emit(_STEPS[event.key()])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
        elif event.text().isalnum() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)


class ChipRow(QWidget):
    """removed(key), typed(key, text), clicked(key): its menu is wanted below it (`chip(key)`); focus_moved()."""

    removed = Signal(object)
    typed = Signal(object, str)
    clicked = Signal(object)
    focus_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[Hashable, Chip] = {}
        self._flow = FlowLayout(self)
        self._tail: list[QWidget] = []

    def add_tail(self, widget: QWidget) -> None:
        """A widget that stands behind all chips: ＋ 添加."""
        self._tail.append(widget)
        self._flow.addWidget(widget)

    def keys(self) -> list[Hashable]:
        """What is shown, in order."""
        return list(self._chips)

    def focused(self) -> Chip | None:
        """The chip that has the keyboard."""
        return next((chip for chip in self._chips.values() if chip.hasFocus()), None)

    def chip(self, key: Hashable) -> Chip:
        """The chip of a key; raises KeyError."""
        return self._chips[key]

    def set_chips(self, chips: Sequence[ChipData]) -> None:
        """Show these in order; what stays keeps its widget, and with it the focus; a neighbour takes a lost one."""
        wanted = {data.key: data for data in chips}
        place = next((k for k, chip in enumerate(self._chips.values()) if chip.hasFocus()), None)
        gone = [key for key in self._chips if key not in wanted]
        lost = place is not None and list(self._chips)[place] in gone
        for key in gone:
            self._discard(self._chips.pop(key))
        self._chips = {key: self._shown(data) for key, data in wanted.items()}
        self._order()
        if lost and place is not None:
            self._focus_at(place)

    def _shown(self, data: ChipData) -> Chip:
        chip = self._chips.get(data.key)
        if chip is None:
            return self._made(data)
        chip.show_data(data)
        return chip

    def _made(self, data: ChipData) -> Chip:
        chip, key = Chip(data), data.key
        self._flow.addWidget(chip)
        chip.show()  # at once: a layout shows its widgets a turn of the loop later, and until then none takes the focus
        chip.removed.connect(lambda: self.removed.emit(key))
        chip.typed.connect(lambda text: self.typed.emit(key, text))
        chip.clicked.connect(lambda: self.clicked.emit(key))
        chip.focused.connect(lambda _: self.focus_moved.emit())
        chip.step.connect(lambda step: self._focus_at(self.keys().index(key) + step))
        return chip

    def _order(self) -> None:
        before: QWidget | None = None
        shown = (*self._chips.values(), *self._tail)
        self._flow.set_order(shown)
        for widget in shown:
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        self.updateGeometry()

    def _focus_at(self, place: int) -> None:
        chips = [*self._chips.values(), *self._tail]
        if chips:
            chips[max(0, min(place, len(chips) - 1))].setFocus(Qt.FocusReason.OtherFocusReason)

    def _discard(self, chip: Chip) -> None:
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
