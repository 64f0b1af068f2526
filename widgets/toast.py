"""Short messages over a window, with an action that stays possible for a while and a bar of the time left."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.painting import draw_frame
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

_STEP_MS = 100
_SETTLE_MS = 50  # after the focus went elsewhere: until a form that has just come is laid out
_MOST = 3
_MARKS = {Tone.OK: "✓", Tone.NEAR: "▲", Tone.OVERDUE: "⚠", Tone.SENDING: "◐"}


@dataclass(frozen=True)
class ToastData:
    """A message: it goes after ``seconds`` (0: only when dismissed); the action (撤销) is possible until then.

    ``live()`` says the text anew as time passes (a countdown).
    """

    key: Hashable
    text: str
    tone: Tone = Tone.NORMAL
    detail: str = ""
    action_text: str = ""
    seconds: float = 10.0
    live: Callable[[], str] | None = None

    @property
    def weighty(self) -> bool:
        """Gives way to others last: something can be done with it, or it stands until somebody has read it."""
        return bool(self.action_text) or not self.seconds


class Toast(QFrame):
    """One message; ``remaining`` falls from 1 to 0."""

    action_triggered = Signal()
    closed = Signal()

    def __init__(self, data: ToastData, parent: QWidget) -> None:
        super().__init__(parent)
        self.data, self.remaining = data, 1.0
        self._layout = QHBoxLayout(self)
        sizes = current_theme().sizes
        self._layout.setContentsMargins(
            sizes.pad, sizes.pad_small, sizes.pad_small, sizes.pad_small + sizes.marker_width
        )
        self._layout.setSpacing(sizes.pad)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._text = label(data.live() if data.live else data.text, role="strong")
        words.addWidget(self._text)
        if data.detail:
            words.addWidget(label(data.detail, role="muted"))
        if data.tone in _MARKS:
            self._layout.addWidget(label(_MARKS[data.tone], role="title", tone=data.tone))
        self._layout.addLayout(words, 1)
        if data.action_text:
            self._add_button(data.action_text, "", self.action_triggered)
        self._add_button("×", "quiet", self.closed)
        self.setAccessibleName(self._text.text())
        self.setAccessibleDescription(data.detail)

    def set_remaining(self, remaining: float) -> None:
        """Share 0..1 of the time that is left."""
        self.remaining = remaining
        if self.data.live is not None:
            self._text.setText(self.data.live())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A raised card; the bar along its foot is the time left."""
        theme, painter = current_theme(), QPainter(self)
        colors, sizes = theme.colors, theme.sizes
        edge = colors.line_strong if self.data.tone is Tone.NORMAL else theme.mark(self.data.tone)
        draw_frame(painter, self.rect(), theme, edge, colors.surface_raised, sizes.radius)
        if self.data.seconds:
            width = round((self.width() - 2 * sizes.radius) * self.remaining)
            bar = QRect(sizes.radius, self.height() - sizes.marker_width - 1, width, sizes.marker_width)
            painter.fillRect(bar, colors.action_mark)

    def _add_button(self, text: str, kind: str, signal: Signal) -> None:
        button = QPushButton(text)
        if kind:
            button.setProperty("kind", kind)
            button.setAccessibleName("关闭")
        button.clicked.connect(signal)
        self._layout.addWidget(button)


class ToastStack(QObject):
    """Toasts in the lower middle of a window, the newest lowest; ``action_triggered(key)`` and ``expired(key)``.

    At most three are shown, those with an action or without an end before others, the newest always; for the rest
    stands one line, 另有 n 条 (``more_wanted``). They step aside for what ``kept_free()`` names in the window's
    coordinates: what is being typed in or about to be pressed.
    """

    action_triggered = Signal(object)
    expired = Signal(object)
    more_wanted = Signal()

    def __init__(
        self,
        parent: QWidget,
        clock: Callable[[], float] = time.monotonic,
        kept_free: Callable[[], Sequence[QRect]] = lambda: (),
    ) -> None:
        super().__init__(parent)
        self._window, self._clock, self._kept_free = parent, clock, kept_free
        self._toasts: dict[Hashable, tuple[Toast, float]] = {}
        self._more = QPushButton(parent)
        self._more.setProperty("kind", "bar")
        self._more.clicked.connect(self.more_wanted)
        self._more.hide()
        self._timer, self._settle = QTimer(self), QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self.step)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._place)
        parent.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._on_focus)

    def push(self, data: ToastData) -> None:
        """Show a message; one of the same key is replaced and its time starts again."""
        self._drop(data.key)
        toast = Toast(data, self._window)
        toast.action_triggered.connect(lambda: self._act(data.key))
        toast.closed.connect(lambda: self.dismiss(data.key))
        self._toasts[data.key] = (toast, self._clock() + data.seconds)
        self._place()
        self._settle.start()
        if data.seconds:
            self._timer.start()

    def dismiss(self, key: Hashable) -> None:
        """Take a message away; unknown keys are none."""
        if self._drop(key):
            self._place()
        if not any(toast.data.seconds for toast, _until in self._toasts.values()):
            self._timer.stop()

    def dismiss_all(self) -> None:
        """Take all away."""
        for key in self.keys():
            self.dismiss(key)

    def dismiss_hidden(self) -> None:
        """Those behind 另有 n 条 have been read elsewhere."""
        for key in [key for key, (toast, _until) in self._toasts.items() if toast.isHidden()]:
            self.dismiss(key)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._toasts

    def keys(self) -> list[Hashable]:
        """All keys, the oldest first."""
        return list(self._toasts)

    def trigger(self, key: Hashable) -> bool:
        """Do a message's action from a shortcut (Ctrl+Z); False if it is gone or has none."""
        shown = key in self._toasts and bool(self._toasts[key][0].data.action_text)
        if shown:
            self._act(key)
        return shown

    def step(self) -> None:
        """Shorten the bars and let go of what is over; called by the stack's own timer."""
        now = self._clock()
        for key, (toast, until) in list(self._toasts.items()):
            if not toast.data.seconds:
                continue
            toast.set_remaining(max(0.0, until - now) / toast.data.seconds)
            if now >= until:
                self.dismiss(key)
                self.expired.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _act(self, key: Hashable) -> None:
        self.dismiss(key)
        self.action_triggered.emit(key)

    def _drop(self, key: Hashable) -> bool:
        toast, _until = self._toasts.pop(key, (None, 0.0))
        if toast is not None:
            toast.hide()
            toast.deleteLater()
        return toast is not None

    # ------------------------------------------------------------ placing
    def _on_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if self._toasts:
            self._settle.start()

    def _shown(self) -> list[Toast]:
        """The newest, and of the others the weightiest and newest; from the top down."""
        toasts = [toast for toast, _until in self._toasts.values()]
        others = sorted(enumerate(toasts[:-1]), key=lambda one: (not one[1].data.weighty, -one[0]))
        kept = sorted(place for place, _toast in others[: _MOST - 1])
        return [toasts[place] for place in kept] + toasts[-1:]

    def _place(self) -> None:
        """Nothing is moved that is in nobody's way where it would stand anyway."""
        shown = self._shown()
        hidden = len(self._toasts) - len(shown)
        for toast, _until in self._toasts.values():
            toast.setVisible(toast in shown)
        self._more.setText(f"另有 {hidden:,} 条")
        self._more.setVisible(hidden > 0)
        parts: list[QWidget] = [self._more, *shown] if hidden else [*shown]
        if not parts:
            return
        sizes, gap = [self._size(part) for part in parts], current_theme().sizes.gap
        block = QSize(max(size.width() for size in sizes), sum(size.height() + gap for size in sizes) - gap)
        corner = _free_corner(self._window.size(), block, self._kept_free(), current_theme().sizes.pad_large)
        top = corner.y()
        for part, size in zip(parts, sizes, strict=True):
            part.setGeometry(corner.x() + (block.width() - size.width()) // 2, top, size.width(), size.height())
            part.raise_()
            top += size.height() + gap

    def _size(self, part: QWidget) -> QSize:
        sizes = current_theme().sizes
        part.adjustSize()
        least = sizes.row_height * 8 if isinstance(part, Toast) else 0
        width = min(max(part.sizeHint().width(), least), self._window.width() - 2 * sizes.pad)
        return QSize(width, part.sizeHint().height())


def _free_corner(room: QSize, block: QSize, kept: Sequence[QRect], margin: int) -> QPoint:
    """Where a block stands as low as possible, rather in the middle than at an edge, over nothing that is kept free;
    where there is no such place, where it covers least."""
    lowest = room.height() - margin - block.height()
    columns = ((room.width() - block.width()) // 2, margin, room.width() - margin - block.width())
    tops = {lowest, *(rect.top() - margin - block.height() for rect in kept)}
    corners = [QPoint(left, top) for top in sorted((t for t in tops if t >= 0), reverse=True) for left in columns]
    corners = corners or [QPoint(columns[0], lowest)]

    def covered(corner: QPoint) -> int:
        over = (QRect(corner, block).intersected(rect) for rect in kept)
        return sum(max(0, one.width()) * max(0, one.height()) for one in over)

    return min(corners, key=covered)
