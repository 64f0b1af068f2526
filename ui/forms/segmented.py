"""A choice as a row of buttons: arrows move, Space or a click chooses, a second one takes it back."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from widgets.styling import set_property

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Segmented(QWidget):
    """`value()` is the code chosen, None while nothing is."""

    changed = Signal()

    def __init__(self, choices: Mapping[str, str]) -> None:
        super().__init__()
        self._value: str | None = None
        self._buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for code, title in choices.items():
            layout.addWidget(self._button(code, title))
        layout.addStretch(1)
        self._titles = dict(choices)
        self._one_stop()

    def value(self) -> str | None:
        """The code chosen."""
        return self._value

    def set_value(self, code: object) -> None:
        """Choose without telling; an unknown code chooses nothing."""
        self._value = code if isinstance(code, str) and code in self._buttons else None
        for key, button in self._buttons.items():
            button.setChecked(key == self._value)
            button.setText(f"✓ {self._titles[key]}" if key == self._value else self._titles[key])
            set_property(button, "active", "true" if key == self._value else "false")
        self._one_stop()

    def _one_stop(self) -> None:
        """Tab stops once, at what is chosen or at the first; the arrows do the rest."""
        stop = self._value if self._value is not None else next(iter(self._buttons), None)
        for code, button in self._buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if code == stop else Qt.FocusPolicy.ClickFocus)
        if stop is not None:
            self.setFocusProxy(self._buttons[stop])

    def problem(self) -> str:
        """Nothing can be typed wrong here."""
        return ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers, before each choice's own."""
        for code, button in self._buttons.items():
            button.setAccessibleName(f"{text}：{self._titles[code]}")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        for button in self._buttons.values():
            set_property(button, "invalid", "true" if invalid else "false")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose: left to itself, a button would only pass the focus on."""
        if event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            self._move(_STEPS[event.key()])
            return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        codes = list(self._buttons)
        here = next((k for k, code in enumerate(codes) if self._buttons[code].hasFocus()), 0)
        there = codes[(here + step) % len(codes)]
        self._buttons[there].setFocus(Qt.FocusReason.TabFocusReason)
        self._choose(there)

    def _button(self, code: str, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setCheckable(True)
        button.setProperty("kind", "chip")
        button.installEventFilter(self)
        button.clicked.connect(lambda: self._choose(None if self._value == code else code))
        self._buttons[code] = button
        return button

    def _choose(self, code: str | None) -> None:
        self.set_value(code)
        self.changed.emit()
