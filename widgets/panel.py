"""A titled panel: heading, detail on the right, a body below the line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.elided_label import ElidedLabel
from widgets.painting import text_width
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_WHOLE = 8  # characters of a title


class Panel(QFrame):
    """Add content to ``body``. A long title is elided: it never widens what the panel stands in."""

    def __init__(self, title: str = "", detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._detail = ElidedLabel("title"), label(role="muted")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._head = QFrame()
        self._head.setProperty("role", "panel_header")
        self._head_row = QHBoxLayout(self._head)
        self._head_row.addWidget(self._title, 1)
        self._head_row.addWidget(self._detail)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        self.body = QVBoxLayout()
        outer.addLayout(self.body, 1)
        self.set_title(title, detail)
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    def set_title(self, title: str, detail: str = "") -> None:
        """Say what the panel shows."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(title)
        self._keep_short()

    def set_corner(self, widget: QWidget) -> None:
        """Put a control at the right end of the heading; the detail then follows the title."""
        self._head_row.setStretch(0, 0)
        self._head_row.setStretch(1, 1)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._detail.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._detail.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head_row.addWidget(widget)
        self._keep_short()

    def _keep_short(self) -> None:
        """Beside a control a short title stays whole."""
        if self._title.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Preferred:
            shown = self._title.text()[:_WHOLE]
            self._title.setMinimumWidth(text_width(current_theme().font("title", True), shown))

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._keep_short()
        self._head.setFixedHeight(sizes.panel_header)
        self._head_row.setContentsMargins(sizes.pad, 0, sizes.pad, 0)
        self._head_row.setSpacing(sizes.pad_small)
        self.body.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self.body.setSpacing(sizes.pad_small)
