"""One card as a widget: a button that is also a place to drop keys on."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.board.card_painter import CardLook, draw_card
from widgets.board.cards import CardData, CardKind
from widgets.drag_keys import decode_keys
from widgets.theme import current_theme, theme_events

Refusal = Callable[[tuple[Hashable, ...], Hashable], str | None]


class UnitCard(QAbstractButton):
    """Shows CardData; ``dropped(keys)`` after a drop it may take, ``drag_moved(global point)`` while one hovers;
    ``refused(keys)`` after a drop that it invited and may not take any more."""

    dropped = Signal(tuple)
    refused = Signal(tuple)
    drag_moved = Signal(QPoint)
    step = Signal(int)  # Qt.Key of the arrow pressed

    def __init__(
        self,
        data: CardData,
        mime_type: str,
        refusal: Refusal,
        drop_text: Callable[[int], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._data, self._mime_type = data, mime_type
        self._ask, self._drop_words = refusal, drop_text
        self._refusal = self._invitation = ""
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_events().changed.connect(self.updateGeometry)
        self._describe()

    @property
    def data(self) -> CardData:
        """What is shown."""
        return self._data

    @property
    def refusal(self) -> str:
        """Why the card takes nothing just now; empty if it does."""
        return self._refusal or ("" if self._data.enabled else self._data.why_not or "现在不能派")

    @property
    def inviting(self) -> bool:
        """Whether a drop it may take hovers over it."""
        return bool(self._invitation)

    def set_data(self, data: CardData) -> None:
        """Show other data; repaints only if something is different."""
        if data != self._data:
            self._data = data
            self._describe()
            self.update()

    def begin_drag(self, keys: tuple[Hashable, ...]) -> None:
        """A drag of these keys started somewhere: dim and say why if they may not come here."""
        self._refusal = self._ask(keys, self._data.key) or ""
        self.update()

    def end_drag(self) -> None:
        """The drag is over."""
        self._refusal = self._invitation = ""
        self.update()

    def sizeHint(self) -> QSize:
        """Height by kind, from the theme; narrow enough for two columns."""
        sizes = current_theme().sizes
        high = sizes.target_height if self._data.kind is CardKind.TARGET else sizes.card_height
        return QSize(sizes.card_height * 2, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        look = CardLook(self.underMouse() and self._data.enabled, self.hasFocus(), self.refusal, self._invitation)
        painter = QPainter(self)
        draw_card(painter, self.rect(), self._data, look, current_theme())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the card; arrows step to its neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step.emit(int(event.key()))
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Invite keys that may come here; refuse others in words."""
        keys = decode_keys(event.mimeData(), self._mime_type)
        if not keys:
            event.ignore()
            return
        self.begin_drag(keys)
        if self.refusal:
            event.ignore()
            return
        words = self._data.drop_text
        self._invitation = f"{words} {len(keys):,} 件" if words else self._drop_words(len(keys))
        event.acceptProposedAction()
        self.update()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Stay inviting; let the board scroll when the edge is near."""
        self.drag_moved.emit(self.mapToGlobal(event.position().toPoint()))
        event.setAccepted(self.inviting)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The hand moved on."""
        self._invitation = ""
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the keys if they may still come here."""
        keys = decode_keys(event.mimeData(), self._mime_type)
        refused = self.refusal or self._ask(keys, self._data.key)
        self.end_drag()
        if not keys or refused:
            event.ignore()
            self.refused.emit(keys)
            return
        event.acceptProposedAction()
        self.dropped.emit(keys)

    def _describe(self) -> None:
        data = self._data
        self.setAccessibleName(data.spoken())
        said = data.details or (data.reason,)
        self.setAccessibleDescription("，".join(part for part in (data.subtitle, *said, data.why_not) if part))
        listed = [f"· {detail}" for detail in data.details] or [data.reason]
        self.setToolTip("\n".join(part for part in (data.title, *listed, data.subtitle, data.why_not) if part))
