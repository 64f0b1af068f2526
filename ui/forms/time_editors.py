"""Inputs for instants and durations: typed in words, or by a quick choice; what was understood is shown."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.forms.typed_time import format_instant, format_minutes, parse_instant, parse_minutes
from widgets.styling import label, set_property

INSTANT_CHOICES = ("明天", "后天", "+3天", "下周一", "+7天", "+30天")
MINUTES_CHOICES = ("30分钟", "1小时", "2小时", "4小时", "8小时", "24小时")


class TypedEditor(QWidget):
    """A line, what its words mean, and quick choices below."""

    changed = Signal()

    def __init__(self, choices: Sequence[str], placeholder: str) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setMaxLength(40)
        self.edit.setPlaceholderText(placeholder)
        self.edit.textEdited.connect(self._on_edited)
        self.setFocusProxy(self.edit)
        self._meaning = label(role="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)
        layout.addWidget(self._meaning)
        layout.addLayout(self._choice_row(choices))
        self._meaning.hide()

    def meaning(self) -> str:
        """What was understood, in words; empty while nothing is."""
        raise NotImplementedError

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.edit.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self.edit, "invalid", "true" if invalid else "false")

    def _choice_row(self, choices: Sequence[str]) -> QHBoxLayout:
        row = QHBoxLayout()
        for words in choices:
            button = QPushButton(words)
            button.setProperty("kind", "chip")
            button.setAccessibleName(f"快选 {words}")
            button.clicked.connect(lambda _=False, said=words: self._choose(said))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _choose(self, words: str) -> None:
        self.edit.setText(words)
        self._on_edited()

    def _on_edited(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        understood = self.meaning()
        self._meaning.setText(f"→ {understood}" if understood else "")
        self._meaning.setVisible(bool(understood))


class InstantEditor(TypedEditor):
    """`value()` is an ISO 8601 instant with its offset; `now`: what it must lie after."""

    def __init__(self, now: Callable[[], float], zone: ZoneInfo, choices: Sequence[str] = INSTANT_CHOICES,
                 placeholder: str = "例：明天 9点、10-8 14:30、+3天", not_before: str = "须是将来的时间") -> None:
        self._now, self._zone, self._not_before = now, zone, not_before
        super().__init__(choices, placeholder)

    def value(self) -> str | None:
        """The instant meant by the words."""
        instant = self._instant()
        return None if instant is None else instant.isoformat(timespec="minutes")

    def set_value(self, iso: object) -> None:
        """Fill in an instant (ISO text or aware datetime) without telling; what cannot be read empties the field."""
        try:
            instant = iso if isinstance(iso, datetime) else datetime.fromisoformat(str(iso))
        except ValueError:
            instant = None
        self.edit.setText("" if instant is None else f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M}")
        self._show()

    def problem(self) -> str:
        """Words that are no instant, or one that is past."""
        if not self.edit.text().strip():
            return ""
        instant = self._instant()
        if instant is None:
            return "看不懂这个时间，请写成 10-8 14:30 或 +3天"
        return self._not_before if instant <= self._here() + timedelta(minutes=1) else ""

    def meaning(self) -> str:
        """Date, weekday and time."""
        instant = self._instant()
        return "" if instant is None else format_instant(instant)

    def _here(self) -> datetime:
        return datetime.fromtimestamp(self._now(), self._zone)

    def _instant(self) -> datetime | None:
        return parse_instant(self.edit.text(), self._here())


class MinutesEditor(TypedEditor):
    """`value()` is a whole number of minutes on the case's clock."""

    def __init__(self) -> None:
        super().__init__(MINUTES_CHOICES, "例：90、2小时（按本阶段时钟计）")

    def value(self) -> int | None:
        """Minutes meant by the words."""
        return parse_minutes(self.edit.text())

    def set_value(self, minutes: object) -> None:
        """Fill in without telling."""
        self.edit.setText("" if minutes is None else str(minutes))
        self._show()

    def problem(self) -> str:
        """Words that are no duration."""
        return "请写分钟数，或 2小时" if self.edit.text().strip() and not self.value() else ""

    def meaning(self) -> str:
        """Hours and minutes."""
        minutes = self.value()
        return "" if minutes is None else format_minutes(minutes)
