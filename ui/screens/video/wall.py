"""大屏: the slots as a window of their own, for looking only: no pointer, no list, nothing to be dropped."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.screens.video.deck import CAMERA_MIME, VideoDeck, Watched
from ui.screens.video.layout_memory import SlotLayout
from ui.screens.video.rotation import Rotation
from ui.screens.workplace import Workplace
from widgets.video import VideoGrid

PURPOSE = "wall"


class WallWindow(QWidget):
    """Shows a layout: the cameras as they lie, or a group in turns. given_up(): Esc, or closed by its frame."""

    given_up = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._book = place.cameras
        self.setWindowTitle(f"大屏 · {place.backend.directory.title}")
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.grid = VideoGrid(CAMERA_MIME, quiet=True)
        self.deck = VideoDeck(self.grid, place.camera_stream)
        self.rotation = Rotation(self.deck, self._book, PURPOSE)
        self.layout_shown = SlotLayout()
        self._waiting = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self._book.changed.connect(self._on_book)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.given_up)

    def show_layout(self, layout: SlotLayout) -> None:
        """This from now on; what cannot be found yet is shown as soon as it can."""
        self.layout_shown, self._waiting = layout, True
        self.rotation.stop()
        with self.deck.at_once():
            self.deck.clear_all()
            self.grid.set_count(layout.count)
        self._book.want()
        self._on_book()

    def end(self) -> None:
        """Close it, and end every look."""
        self.deck.close()
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Its frame, if it has one, or the window system."""
        super().closeEvent(event)
        if event.spontaneous():
            self.given_up.emit()

    def _on_book(self) -> None:
        if not self._book.ready:
            return
        self.deck.renew(self._book.cameras)
        if self._waiting:
            self._waiting = not self._fill()

    def _fill(self) -> bool:
        """False while its group is not there, or nothing of it may be seen: it may come yet."""
        layout, held = self.layout_shown, self._book.cameras
        if layout.group is not None:
            group = next((group for group in self._book.groups if group.id == layout.group), None)
            return group is not None and self.rotation.begin(group)
        with self.deck.at_once():
            for slot, key in layout.cameras.items():
                if slot < layout.count and key in held:
                    self.deck.put(slot, Watched(held[key], PURPOSE, note=self._book.label(held[key].category)))
        return True
