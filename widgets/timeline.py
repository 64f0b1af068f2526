"""A trace from top to bottom: when, what, who, in words."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from widgets.state_panel import StatePanel, TableState
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


@dataclass(frozen=True)
class TimelineEntry:
    """One step: time as text (14:31:40), the action's word in its tone, what happened and by whom."""

    key: Hashable
    time_text: str
    action: str
    text: str
    who: str = ""
    tone: Tone = Tone.ACTION

    @property
    def sentence(self) -> str:
        """Who and what in one line."""
        return f"{self.who}　{self.text}" if self.who and self.text else self.who or self.text


class Timeline(QScrollArea):
    """Shows entries in the order given; a footer says whether the trace was verified. time_chosen(key): an entry's time
    was clicked, where times are offered."""

    time_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._entries: list[TimelineEntry] = []
        self._time_tip = ""
        self._grid, self._footer_label, self._footer = QGridLayout(), label(tone=Tone.MUTED), label()
        self._footer.setWordWrap(True)
        self._state = StatePanel()
        self._build()
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    def _build(self) -> None:
        content = QWidget()
        content.setProperty("role", "scroll_content")
        self._outer = QVBoxLayout(content)
        self._outer.addLayout(self._grid)
        self._foot = QGridLayout()
        self._foot.addWidget(self._footer_label, 0, 0)
        self._foot.addWidget(self._footer, 0, 1)
        self._foot.setColumnStretch(1, 1)
        self._outer.addLayout(self._foot)
        self._outer.addStretch(1)
        self._outer.addWidget(self._state, 10)
        self._grid.setColumnStretch(2, 1)
        self._state.hide()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.setAccessibleName("办理经过")

    def set_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show these steps; rows that stay are not rebuilt, so that a text selection survives."""
        self._entries = list(entries)
        while len(self._rows) < len(self._entries):
            self._rows.append(self._make_row(len(self._rows)))
        for row, parts in enumerate(self._rows):
            entry = self._entries[row] if row < len(self._entries) else None
            for part in parts:
                part.setVisible(entry is not None)
            if entry is not None:
                self._fill_row(parts, entry)

    def offer_times(self, tip: str) -> None:
        """Times can be clicked from now on; the tip says what for."""
        self._time_tip = tip
        for time, _, _ in self._rows:
            self._offer_time(time)

    def entries(self) -> list[TimelineEntry]:
        """The steps shown."""
        return list(self._entries)

    def set_footer(self, text: str, tone: Tone = Tone.OK, title: str = "留痕校验") -> None:
        """Say whether the trace holds (✓ 4 条，链完整); an empty text shows nothing."""
        self._footer_label.setText(title if text else "")
        self._footer.setText(text)
        set_property(self._footer, "tone", tone.value)

    def set_state(self, state: TableState | None) -> None:
        """Show a state instead of the steps; None shows the steps."""
        self._state.set_state(state or TableState())
        self._state.setVisible(state is not None)
        if state is not None:
            self.set_entries(())
            self.set_footer("")

    def _make_row(self, row: int) -> tuple[QLabel, QLabel, QLabel]:
        parts = (label(role="mono"), label(), label())
        for column, part in enumerate(parts):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(part, row, column, top if column < 2 else Qt.AlignmentFlag(0))
        parts[2].setWordWrap(True)
        if self._time_tip:
            self._offer_time(parts[0])
        return parts

    def _offer_time(self, time: QLabel) -> None:
        time.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        time.setCursor(Qt.CursorShape.PointingHandCursor)
        time.setToolTip(self._time_tip)
        time.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a time."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            row = next((row for row, parts in enumerate(self._rows) if parts[0] is watched), None)
            if row is not None and row < len(self._entries) and event.button() == Qt.MouseButton.LeftButton:
                self.time_chosen.emit(self._entries[row].key)
                return True
        return super().eventFilter(watched, event)

    def _fill_row(self, parts: tuple[QLabel, QLabel, QLabel], entry: TimelineEntry) -> None:
        words = (entry.time_text, entry.action, entry.sentence)
        for part, text in zip(parts, words, strict=True):
            if part.text() != text:
                part.setText(text)
        set_property(parts[1], "tone", entry.tone.value)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._outer.setSpacing(sizes.pad)
        self._grid.setHorizontalSpacing(sizes.pad_large)
        self._grid.setVerticalSpacing(sizes.pad_small)
        self._foot.setHorizontalSpacing(sizes.pad_small)
