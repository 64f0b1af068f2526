"""The keys of a screen, over the screen (?)."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.styling import label
from widgets.theme import current_theme


@dataclass(frozen=True)
class KeyGroup:
    """Keys that belong together: (("1 – 9", "派给建议单位"), …)."""

    title: str
    keys: tuple[tuple[str, str], ...]


class KeyHelp(QFrame):
    """A card in the middle of its parent; Esc, ? or a click closes it and gives the focus back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._came_from: QWidget | None = None
        self.setProperty("role", "raised")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("本屏快捷键")
        outer = QVBoxLayout(self)
        head = QHBoxLayout()
        head.addWidget(label("本屏快捷键", role="heading"), 1)
        close = QPushButton("关闭  Esc")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.leave)
        head.addWidget(close)
        outer.addLayout(head)
        self._columns = QHBoxLayout()
        outer.addLayout(self._columns)
        parent.installEventFilter(self)
        self.hide()

    def set_keys(self, groups: Sequence[KeyGroup]) -> None:
        """Show these groups side by side."""
        while self._columns.count():
            self._columns.takeAt(0).widget().deleteLater()
        for group in groups:
            self._columns.addWidget(self._group(group), 1)
        self._centre()

    def toggle(self) -> None:
        """Open or close."""
        if self.isVisible():
            self.leave()
        else:
            self._came_from = self.window().focusWidget()
            self.show()
            self._centre()
            self.raise_()
            self.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
            self._came_from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and ? close."""
        if event.key() == Qt.Key.Key_Escape or event.text() in ("?", "？"):
            self.leave()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """A click closes."""
        self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize:
            self._centre()
        return super().eventFilter(watched, event)

    def _group(self, group: KeyGroup) -> QWidget:
        made, sizes = QWidget(), current_theme().sizes
        grid = QGridLayout(made)
        grid.setHorizontalSpacing(sizes.pad)
        grid.setVerticalSpacing(sizes.pad_small)
        grid.addWidget(label(group.title, role="muted"), 0, 0, 1, 2)
        for row, (keys, meaning) in enumerate(group.keys, start=1):
            grid.addWidget(label(keys, role="keycap"), row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(meaning), row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(group.keys) + 1, 1)
        return made

    def _centre(self) -> None:
        area, gap = self.parentWidget().rect(), current_theme().sizes.pad_large
        self.layout().setContentsMargins(gap, gap, gap, gap)
        hint = self.sizeHint()
        width, height = min(hint.width(), area.width()), min(hint.height(), area.height())
        self.setGeometry((area.width() - width) // 2, (area.height() - height) // 2, width, height)
