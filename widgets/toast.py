"""Short messages over a window, with an action that stays possible for a while and a bar of the time left."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from widgets.painting import draw_frame
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

_STEP_MS = 100
_MARKS = {Tone.OK: "✓", Tone.NEAR: "▲", Tone.OVERDUE: "⚠", Tone.SENDING: "◐"}


@dataclass(frozen=True)
class ToastData:
    """A message: it goes after ``seconds`` (0: only when dismissed); the action (撤销) is possible until then."""

    key: Hashable
    text: str
    tone: Tone = Tone.NORMAL
    detail: str = ""
    action_text: str = ""
    seconds: float = 10.0


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
        words.addWidget(label(data.text, role="strong"))
        if data.detail:
            words.addWidget(label(data.detail, role="muted"))
        if data.tone in _MARKS:
            self._layout.addWidget(label(_MARKS[data.tone], role="title", tone=data.tone))
        self._layout.addLayout(words, 1)
        if data.action_text:
            self._add_button(data.action_text, "", self.action_triggered)
        self._add_button("×", "quiet", self.closed)
        self.setAccessibleName(data.text)
        self.setAccessibleDescription(data.detail)

    def set_remaining(self, remaining: float) -> None:
        """Share 0..1 of the time that is left."""
        self.remaining = remaining
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
    """Toasts in the lower middle of a window, the newest lowest; ``action_triggered(key)`` and ``expired(key)``."""

    action_triggered = Signal(object)
    expired = Signal(object)

    def __init__(self, parent: QWidget, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._window, self._clock = parent, clock
        self._toasts: dict[Hashable, tuple[Toast, float]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self.step)
        parent.installEventFilter(self)

    def push(self, data: ToastData) -> None:
        """Show a message; one of the same key is replaced and its time starts again."""
        self.dismiss(data.key)
        toast = Toast(data, self._window)
        toast.action_triggered.connect(lambda: self._act(data.key))
        toast.closed.connect(lambda: self.dismiss(data.key))
        self._toasts[data.key] = (toast, self._clock() + data.seconds)
        toast.show()
        self._place()
        self._timer.start()

    def dismiss(self, key: Hashable) -> None:
        """Take a message away; unknown keys are none."""
        toast, _until = self._toasts.pop(key, (None, 0.0))
        if toast is not None:
            toast.hide()
            toast.deleteLater()
            self._place()
        if not self._toasts:
            self._timer.stop()

    def keys(self) -> list[Hashable]:
        """Keys shown, the oldest first."""
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

    def _place(self) -> None:
        sizes = current_theme().sizes
        bottom = self._window.height() - sizes.pad_large
        for toast, _until in reversed(self._toasts.values()):
            toast.adjustSize()
            width = min(max(toast.sizeHint().width(), sizes.row_height * 8), self._window.width() - 2 * sizes.pad)
            height = toast.sizeHint().height()
            toast.setGeometry((self._window.width() - width) // 2, bottom - height, width, height)
            toast.raise_()
            bottom -= height + sizes.gap
