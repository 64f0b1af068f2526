"""The live state in the top bar: live with its lag, catching up, disconnected since."""

from enum import Enum

from PySide6.QtWidgets import QPushButton, QWidget

from widgets.styling import set_property
from widgets.tones import Tone


class LiveState(Enum):
    """How true the picture is."""

    LIVE = "live"
    CATCHING_UP = "catching_up"
    DISCONNECTED = "disconnected"


class LivePill(QPushButton):
    """A word with a mark of its own for each state; ``clicked`` asks for details."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "pill")
        self.state = LiveState.DISCONNECTED
        self.set_disconnected("")

    def set_live(self, lag_ms: float) -> None:
        """What is shown is as old as this, in milliseconds."""
        lag = f"{lag_ms:,.0f} ms" if lag_ms < 1000 else f"{lag_ms / 1000:,.1f} s"
        self._say(LiveState.LIVE, f"● 实时 {lag}", Tone.OK)

    def set_catching_up(self, text: str = "") -> None:
        """Changes are being fetched; ``text`` says how far (余 1,200 条)."""
        self._say(LiveState.CATCHING_UP, f"◐ 追赶中 {text}".rstrip(), Tone.NEAR)

    def set_disconnected(self, since_text: str) -> None:
        """Nothing new since this time (14:32:07)."""
        since = f" · 自 {since_text}" if since_text else ""
        self._say(LiveState.DISCONNECTED, f"◇ 已断开{since}", Tone.OVERDUE)

    def _say(self, state: LiveState, text: str, tone: Tone) -> None:
        self.state = state
        self.setText(text)
        self.setAccessibleName(text)
        set_property(self, "tone", tone.value)
