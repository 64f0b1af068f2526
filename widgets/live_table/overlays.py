"""What lies over the live table: the counter of new rows, the state panel, the strip of a lost connection."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from widgets.notice import Notice
from widgets.state_panel import STATE_TONES, StateKind, StatePanel, TableState

_OVER_ROWS = (StateKind.ERROR, StateKind.DISCONNECTED)


class Overlays(QObject):
    """Children of a viewport that say what the rows cannot."""

    to_top = Signal()
    state_action = Signal()

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._state = TableState()
        self._arrived = QPushButton(viewport)
        self._arrived.setProperty("kind", "bar")
        self._arrived.setCursor(Qt.CursorShape.PointingHandCursor)
        self._arrived.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Home goes to the top from the keyboard
        self._arrived.clicked.connect(self.to_top)
        self._panel, self._strip = StatePanel(viewport), Notice(viewport)
        for part in (self._panel, self._strip):
            part.action_triggered.connect(self.state_action)
        for part in (self._arrived, self._panel):
            part.hide()

    @property
    def state(self) -> TableState:
        """The state set last."""
        return self._state

    def set_unseen(self, count: int) -> None:
        """Show how many rows arrived above; zero hides the counter."""
        self._arrived.setText(f"▲ 新到 {count:,} 件")
        self._arrived.setAccessibleName(f"新到 {count} 件，点击回到顶部")
        self._arrived.setVisible(count > 0)
        self.place()

    def set_state(self, state: TableState, rows: int) -> None:
        """Show a state: in full where there are no rows, as a strip over rows that can still be read."""
        self._state = state
        whole = rows == 0 and state.kind is not StateKind.READY
        self._panel.set_state(state)
        self._panel.setVisible(whole)
        if not whole and state.kind in _OVER_ROWS:
            words = "　".join(part for part in (state.title, state.hint) if part)
            self._strip.show_text(words, STATE_TONES[state.kind], state.action_text)
        else:
            self._strip.hide()
        self.place()

    def place(self) -> None:
        """Lay everything out in the viewport as it is now."""
        area = self._viewport.rect()
        self._panel.setGeometry(area)
        self._arrived.adjustSize()
        self._arrived.move((area.width() - self._arrived.width()) // 2, self._arrived.fontMetrics().descent())
        height = self._strip.sizeHint().height()
        self._strip.setGeometry(0, area.height() - height, area.width(), height)
        self._arrived.raise_()
