"""Slots in a square of 1, 4, 9 or 16; one may fill it for a while. The keyboard goes from slot to slot."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.drag_keys import decode_keys, encode_keys
from widgets.theme import current_theme
from widgets.video.slot import VideoSlot

SLOT_MIME = "application/x-video-slot"
_SIDES = {1: 1, 4: 2, 9: 3, 16: 4}
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_PREVIEW_WIDTH = 160


class VideoGrid(QWidget):
    """As many slots as the largest number; those beyond the present number are hidden and keep what they are.

    mime_type: of what may be dropped from elsewhere. dropped(int slot, tuple keys): it was. swapped(int, int): a slot's
    picture was pulled onto another's place. selected(int); enlarged(int | None): this one alone is seen; cleared(int):
    Delete was pressed; menu_wanted(int, QPoint global); layout_changed(): other slots, or other sizes, are to be seen.
    quiet: for looking only, on a wall: no slot is marked, nothing can be dropped.
    """

    dropped = Signal(int, tuple)
    swapped = Signal(int, int)
    selected = Signal(int)
    enlarged = Signal(object)
    cleared = Signal(int)
    menu_wanted = Signal(int, QPoint)
    layout_changed = Signal()

    def __init__(self, mime_type: str, hint: str = "", parent: QWidget | None = None, quiet: bool = False) -> None:
        super().__init__(parent)
        self._mime_type, self._quiet = mime_type, quiet
        self._gap = 2 * current_theme().sizes.line_width
        self.slots = [self._slot(index, hint) for index in range(max(_SIDES))]
        self._count, self._current = 4, 0
        self._large: int | None = None
        self.setAcceptDrops(not quiet)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if quiet else Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, quiet)
        self.setAccessibleName("视频画面")
        self._arrange()
        self.select(0)

    @property
    def count(self) -> int:
        """How many slots there are: 1, 4, 9 or 16."""
        return self._count

    @property
    def current(self) -> int:
        """The keyboard's slot."""
        return self._current

    @property
    def large(self) -> int | None:
        """The slot that fills the grid; None when all are seen."""
        return self._large

    def set_gap(self, pixels: int) -> None:
        """So much room between slots; at first a line's width."""
        self._gap = pixels
        self._arrange()

    def set_count(self, count: int) -> None:
        """So many slots. Raises KeyError for another number than 1, 4, 9, 16."""
        _SIDES[count]
        self._count, self._large = count, None
        self._arrange()
        self.select(min(self._current, count - 1))

    def select(self, index: int) -> None:
        """Give this slot the keyboard."""
        self._current = index
        for slot in self.slots:
            slot.set_selected(slot.number == index + 1 and not self._quiet)
        self.selected.emit(index)

    def enlarge(self, index: int | None) -> None:
        """Let this one fill the grid; None: all are seen again."""
        if index == self._large:
            return
        self._large = index
        if index is not None:
            self.select(index)
        self._arrange()
        self.enlarged.emit(index)

    def visible_slots(self) -> frozenset[int]:
        """Those that can be seen while the grid is."""
        return frozenset(range(self._count)) if self._large is None else frozenset({self._large})

    # ------------------------------------------------------------ arranging
    def resizeEvent(self, _event: QResizeEvent) -> None:
        """All equally large."""
        self._arrange()

    def _arrange(self) -> None:
        side = 1 if self._large is not None else _SIDES[self._count]
        gap, seen = self._gap, self.visible_slots()
        for index, slot in enumerate(self.slots):
            slot.setVisible(index in seen)
            column, row = (0, 0) if self._large is not None else (index % side, index // side)
            left, right = self.width() * column // side, self.width() * (column + 1) // side
            top, bottom = self.height() * row // side, self.height() * (row + 1) // side
            right -= 0 if column == side - 1 else gap
            bottom -= 0 if row == side - 1 else gap
            slot.setGeometry(left, top, right - left, bottom - top)
        self.layout_changed.emit()

    def _slot(self, index: int, hint: str) -> VideoSlot:
        slot = VideoSlot(index + 1, hint, self)
        slot.pressed.connect(lambda: (self.setFocus(Qt.FocusReason.MouseFocusReason), self.select(index)))
        slot.activated.connect(lambda: self.enlarge(None if self._large is not None else index))
        slot.dragged.connect(lambda: self._drag(index))
        slot.menu_wanted.connect(lambda place: self.menu_wanted.emit(index, place))
        return slot

    # ------------------------------------------------------------ the keyboard
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from slot to slot, Enter makes one large, Esc small again, Delete empties it."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS and self._large is None:
            self._step(*_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enlarge(None if self._large is not None else self._current)
        elif key == Qt.Key.Key_Escape and self._large is not None:
            self.enlarge(None)
        elif key == Qt.Key.Key_Delete:
            self.cleared.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _step(self, right: int, down: int) -> None:
        side = _SIDES[self._count]
        column = min(side - 1, max(0, self._current % side + right))
        row = min(side - 1, max(0, self._current // side + down))
        self.select(row * side + column)

    # ------------------------------------------------------------ dragging
    def _drag(self, index: int) -> None:
        drag = QDrag(self)
        drag.setMimeData(encode_keys([index], SLOT_MIME))
        drag.setPixmap(self.slots[index].grab().scaledToWidth(_PREVIEW_WIDTH))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Only what a slot can show."""
        if self._keys(event.mimeData()) or decode_keys(event.mimeData(), SLOT_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The slot below says that it would take it."""
        aimed = self._at(event.position().toPoint())
        for index, slot in enumerate(self.slots):
            slot.set_aimed(index == aimed)
        event.setAccepted(aimed is not None)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing hangs over any slot."""
        self._aim_at_none()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A slot that was pulled changes places; what comes from elsewhere is the caller's."""
        self._aim_at_none()
        aimed = self._at(event.position().toPoint())
        keys, pulled = self._keys(event.mimeData()), decode_keys(event.mimeData(), SLOT_MIME)
        if aimed is None or not (keys or pulled):
            return
        event.acceptProposedAction()
        if keys:
            self.select(aimed)
            self.dropped.emit(aimed, keys)
        elif isinstance(pulled[0], int) and 0 <= pulled[0] < len(self.slots) and pulled[0] != aimed:
            self.select(aimed)
            self.swapped.emit(pulled[0], aimed)

    def _keys(self, mime: QMimeData) -> tuple[Hashable, ...]:
        return decode_keys(mime, self._mime_type)

    def _aim_at_none(self) -> None:
        for slot in self.slots:
            slot.set_aimed(False)

    def _at(self, place: QPoint) -> int | None:
        seen = self.visible_slots()
        return next((i for i, slot in enumerate(self.slots) if i in seen and slot.geometry().contains(place)), None)
