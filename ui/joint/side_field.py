"""A field with its label on the left: a composed order reads as a sheet of paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.form_field import FormField
from widgets.theme import current_theme, theme_events

_LABEL_WIDE = 5.4  # characters of the label column: 集结时间 *


class SideField(FormField):
    """FormField laid out in a line; hint and error stay below the editor."""

    def __init__(self, text: str, editor: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, editor, hint, parent)
        theme_events().changed.connect(self._on_sizes)
        self._on_sizes()

    def _lay_out(self) -> None:
        self._line, self._right = QHBoxLayout(self), QVBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self._label, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addLayout(self._right, 1)
        self._right.addWidget(self.editor)
        self._right.addWidget(self._below)
        self._right.addStretch(1)  # beside a higher field the input stays at the top

    def set_text(self, text: str) -> None:
        """Another label: 队伍 1+5+N."""
        self._label.setText(text)

    def _on_sizes(self) -> None:
        sizes = current_theme().sizes
        self._label.setFixedWidth(round(sizes.font_body * _LABEL_WIDE))
        self._label.setMinimumHeight(sizes.control_height)
        self._line.setSpacing(sizes.pad_small)
        self._right.setSpacing(sizes.pad_small // 2)
