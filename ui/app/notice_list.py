"""The list of notices: what was said, newest first; a line opens its case or queue."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.bridge.notices import Note, Notices
from ui.models.words import CaseWords
from widgets.styling import label
from widgets.theme import current_theme


class NoticeList(QFrame):
    """A popup; case_wanted(case id), queue_wanted(key)."""

    case_wanted = Signal(object)
    queue_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "raised")
        self._list, self._none = QListWidget(), label("还没有通知", role="muted")
        self._list.setWordWrap(True)
        self._list.setAccessibleName("通知列表")
        column = QVBoxLayout(self)
        column.addWidget(label("通知", role="title"))
        column.addWidget(self._none)
        column.addWidget(self._list)
        self._list.itemActivated.connect(self._open)
        self._list.itemClicked.connect(self._open)

    def open_below(self, anchor: QWidget, notices: Notices, words: CaseWords) -> None:
        """Show the notices under a button."""
        self._list.clear()
        for note in notices.notes():
            parts = [words.clock_time(note.at), note.text, note.detail]
            item = QListWidgetItem("　".join(part for part in parts if part))
            item.setData(Qt.ItemDataRole.UserRole, note)
            self._list.addItem(item)
        self._none.setVisible(self._list.count() == 0)
        self._list.setVisible(self._list.count() > 0)
        sizes = current_theme().sizes
        self.resize(sizes.card_height * 7, sizes.card_height * (6 if self._list.count() else 2))
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height()))
        self.move(corner)
        self.show()
        self._list.setFocus()
        notices.mark_seen()

    def _open(self, item: QListWidgetItem) -> None:
        note: Note = item.data(Qt.ItemDataRole.UserRole)
        if note.case_id is not None:
            self.case_wanted.emit(note.case_id)
        elif note.queue is not None:
            self.queue_wanted.emit(note.queue)
        else:
            return
        self.hide()
