"""The cameras of a rotation group in their order: moved, taken out, dropped in from the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from widgets.drag_keys import decode_keys
from widgets.styling import label, set_property
from widgets.theme import current_theme

MOST = 200  # cc.check_camera_group
_ID = Qt.ItemDataRole.UserRole
_ROWS = 9


class _List(QListWidget):
    """Alt+↑ ↓ moves, Delete takes out; cameras may be dropped. dropped(tuple keys); removed(); moved(int)."""

    dropped = Signal(tuple)
    removed = Signal()
    moved = Signal(int)

    def __init__(self, mime_type: str) -> None:
        super().__init__()
        self._mime_type = mime_type
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAcceptDrops(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The form's own keys go on to it."""
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Cameras only."""
        if decode_keys(event.mimeData(), self._mime_type):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere: they go to the end."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Cameras from the list, or the map."""
        if keys := decode_keys(event.mimeData(), self._mime_type):
            event.acceptProposedAction()
            self.dropped.emit(keys)


class CameraOrder(QWidget):
    """An Editor whose value is a tuple of camera ids in order, None while there are none. name(id) names one."""

    changed = Signal()

    def __init__(self, mime_type: str, name: Callable[[int], str]) -> None:
        super().__init__()
        self._name = name
        self.list, self._said = _List(mime_type), label(role="muted")
        self.up, self.down, self.out = QPushButton("上移"), QPushButton("下移"), QPushButton("移出")
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(row)
        row.addWidget(self._said, 1)
        for button, tip in ((self.up, "Alt+↑"), (self.down, "Alt+↓"), (self.out, "Delete")):
            button.setProperty("kind", "chip")
            button.setToolTip(tip)
            row.addWidget(button)
        self.setFocusProxy(self.list)
        self.list.setMinimumHeight(current_theme().sizes.control_height * _ROWS)
        self.list.dropped.connect(self.add)
        self.list.removed.connect(self._remove)
        self.list.moved.connect(self._move)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.out.clicked.connect(self._remove)
        self._tell(silent=True)

    # ------------------------------------------------------------ as an Editor
    def value(self) -> tuple[int, ...] | None:
        """Ids from the top down."""
        return tuple(self.list.item(row).data(_ID) for row in range(self.list.count())) or None

    def set_value(self, value: object) -> None:
        """Fill in without telling."""
        self.list.clear()
        self._append(value if isinstance(value, tuple | list) else ())
        self._tell(silent=True)

    def problem(self) -> str:
        """Too many."""
        return f"最多 {MOST} 路，请移出一些" if self.list.count() > MOST else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.list.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self.list, "invalid", "true" if invalid else "false")

    # ------------------------------------------------------------ by hand
    def add(self, keys: Iterable[object]) -> None:
        """At the end; those that are there already stay where they are."""
        there = set(self.value() or ())
        self._append([key for key in dict.fromkeys(keys) if key not in there])
        self._tell()

    def _append(self, keys: Iterable[object]) -> None:
        for key in keys:
            if isinstance(key, int):
                item = QListWidgetItem(self._name(key))
                item.setData(_ID, key)
                self.list.addItem(item)

    def _remove(self) -> None:
        rows = sorted((self.list.row(item) for item in self.list.selectedItems()), reverse=True)
        for row in rows:
            self.list.takeItem(row)
        if rows and self.list.count():
            self.list.setCurrentRow(min(rows[-1], self.list.count() - 1))
        self._tell()

    def _move(self, step: int) -> None:
        """The selected ones together, as far as the end."""
        rows = sorted((self.list.row(item) for item in self.list.selectedItems()), reverse=step > 0)
        if not rows or not 0 <= rows[0] + step < self.list.count():
            return
        for row in rows:
            self.list.insertItem(row + step, self.list.takeItem(row))
        self.list.clearSelection()
        self.list.setCurrentRow(rows[0] + step)
        for row in rows:
            self.list.item(row + step).setSelected(True)
        self._tell()

    def _tell(self, silent: bool = False) -> None:
        self._said.setText(f"{self.list.count()} 路 · 可从摄像机列表拖入")
        if not silent:
            self.changed.emit()
