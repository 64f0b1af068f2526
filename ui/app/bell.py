"""The bell in the top bar: how many reminders wait for me, and how bad it is."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from ui.bridge.reminders import Reminders
from widgets.styling import set_property
from widgets.tones import Tone

_MARKS = {Tone.MUTED: "", Tone.NEAR: "▲ ", Tone.OVERDUE: "⚠ "}


class Bell(QPushButton):
    """A number, a shape and a colour; a click opens the list."""

    def __init__(self, reminders: Reminders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reminders = reminders
        self.setProperty("kind", "pill")
        self.setObjectName("bell")
        for signal in (reminders.changed, reminders.state_changed):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        count, pressing = self._reminders.count()
        tone = Tone.OVERDUE if pressing else Tone.NEAR if count else Tone.MUTED
        known = f"{_MARKS[tone]}提醒 {count:,}" if count else "提醒"
        self.setText(known if self._reminders.ready else "提醒 …")
        set_property(self, "tone", tone.value)
        said = self._meaning(count, pressing)
        self.setAccessibleName(said)
        self.setToolTip(f"{said}（F8）")

    def _meaning(self, count: int, pressing: int) -> str:
        if self._reminders.error is not None:
            return f"提醒没有读到：{self._reminders.error.message}"
        if not self._reminders.ready:
            return "正在载入提醒"
        return f"{count:,} 条提醒待确认，其中超期、升级 {pressing:,} 条" if count else "没有待确认的提醒"
