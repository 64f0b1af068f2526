"""The list of suggestions that floats under an input and never takes the keyboard from it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.forms.option import Option
from widgets.theme import current_theme
from widgets.tones import Tone

_ROLE = Qt.ItemDataRole.UserRole
_SHOWN = 9
_FOLLOW_MS = 40
_TITLE_SHARE = 0.6


class OptionDelegate(QStyledItemDelegate):
    """Title on the left, reason on the right; what cannot be taken is faint and says why."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        shown: Option = index.data(_ROLE)
        theme, pad = current_theme(), current_theme().sizes.pad_small
        painter.save()
        if option.state & option.state.State_Selected:
            painter.fillRect(option.rect, theme.colors.selection)
        row = option.rect.adjusted(pad, 0, -pad, 0)
        painter.setFont(theme.font(strong=not shown.why_not))
        tone = Tone.FAINT if shown.why_not else Tone.NORMAL
        left = self._draw(painter, row, shown.title, tone, Qt.AlignmentFlag.AlignLeft)
        painter.setFont(theme.font("small"))
        row.setLeft(row.left() + left + pad * 2)
        words = f"不可选：{shown.why_not}" if shown.why_not else shown.detail
        self._draw(painter, row, words, Tone.MUTED, Qt.AlignmentFlag.AlignRight)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, current_theme().sizes.control_height)

    def _draw(self, painter: QPainter, rect: QRect, text: str, tone: Tone, align: Qt.AlignmentFlag) -> int:
        painter.setPen(current_theme().tone(tone))
        metrics = painter.fontMetrics()
        room = int(rect.width() * _TITLE_SHARE) if align == Qt.AlignmentFlag.AlignLeft else rect.width()
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0))
        painter.drawText(rect, align | Qt.AlignmentFlag.AlignVCenter, words)
        return metrics.horizontalAdvance(words)


def option_list() -> QListWidget:
    """A list that draws Options; their keys and reasons are told to screen readers."""
    made = QListWidget()
    made.setItemDelegate(OptionDelegate(made))
    made.setUniformItemSizes(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def fill(target: QListWidget, options: Sequence[Option]) -> None:
    """Show these options, none highlighted."""
    target.clear()
    for option in options:
        item = QListWidgetItem(f"{option.title} {option.why_not or option.detail}")
        item.setData(_ROLE, option)
        item.setToolTip(f"{option.title}\n{option.why_not or option.detail}")
        if option.why_not:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        target.addItem(item)


def option_of(item: QListWidgetItem | None) -> Option | None:
    """The option behind a row."""
    return None if item is None else item.data(_ROLE)


class SuggestionPopup(QFrame):
    """Shows options under an anchor inside the same window; `taken(Option)` when one is clicked."""

    taken = Signal(object)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._anchor = anchor
        self.setProperty("role", "raised")
        self.setAutoFillBackground(True)
        self._list = option_list()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemClicked.connect(lambda item: self._take(option_of(item)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._list)
        self._follow = QTimer(self)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self._place)
        self.hide()

    def options(self) -> list[Option]:
        """What is shown."""
        return [self._list.item(k).data(_ROLE) for k in range(self._list.count())]

    def show_options(self, options: Sequence[Option], highlight: bool) -> None:
        """Show options (nothing for none); highlight the first that can be taken."""
        if not options:
            self.hide()
            return
        fill(self._list, options)
        if highlight:
            self.move_highlight(1)
        self._place()
        self.show()
        self.raise_()

    def highlighted(self) -> Option | None:
        """The option that Enter and Tab take."""
        return option_of(self._list.currentItem()) if self.isVisible() else None

    def move_highlight(self, step: int) -> None:
        """To the next option that can be taken, downwards or upwards; stays at the ends."""
        row = self._list.currentRow() + step if self._list.currentRow() >= 0 else (0 if step > 0 else -1)
        while 0 <= row < self._list.count():
            if not self._list.item(row).data(_ROLE).why_not:
                self._list.setCurrentRow(row)
                return
            row += step

    def showEvent(self, event: QShowEvent) -> None:
        """A form that has just come is laid out after its input has the focus, and forms scroll: the anchor moves."""
        super().showEvent(event)
        self._follow.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follow.stop()

    def _take(self, option: Option | None) -> None:
        if option is not None and not option.why_not:
            self.taken.emit(option)

    def _place(self) -> None:
        window, count = self._anchor.window(), self._list.count()
        if self.parentWidget() is not window:
            self.setParent(window)
        theme = current_theme()
        height = theme.sizes.control_height * min(count, _SHOWN) + 4 * theme.sizes.line_width
        below = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 1))
        above = self._anchor.mapTo(window, QPoint(0, -height - 1))
        corner = above if below.y() + height > window.height() and above.y() >= 0 else below
        self.setGeometry(QRect(corner, QSize(self._anchor.width(), height)))
