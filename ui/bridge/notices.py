"""What the user should hear about: posted by screens and by the watch over live changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from widgets.tones import Tone

_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Note:
    """A message with the city's time (Unix s); one of the same key replaces the last. `case_id` opens the case."""

    key: Hashable
    text: str
    tone: Tone = Tone.NORMAL
    detail: str = ""
    case_id: int | None = None
    queue: str | None = None
    at: float = 0.0


class Notices(QObject):
    """posted(Note, action_text): show it. The list keeps the last 200, newest first."""

    posted = Signal(object, str)
    seen_changed = Signal(int)

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._notes: deque[Note] = deque(maxlen=_REMEMBERED)
        self._actions: dict[Hashable, Callable[[], None]] = {}
        self.unseen = 0

    def post(self, note: Note, action_text: str = "", action: Callable[[], None] | None = None) -> None:
        """Tell; `action` runs when the user takes it up (撤销) while the message stands."""
        self._actions.pop(note.key, None)
        if action is not None:
            self._actions[note.key] = action
        self.posted.emit(self._list(note), action_text)

    def list_only(self, note: Note) -> None:
        """For the list, without raising a voice."""
        self._list(note)

    def _list(self, note: Note) -> Note:
        dated = Note(note.key, note.text, note.tone, note.detail, note.case_id, note.queue, note.at or self._now())
        self._notes.appendleft(dated)
        self.unseen += 1
        self.seen_changed.emit(self.unseen)
        return dated

    def say(self, key: Hashable, text: str, tone: Tone = Tone.NORMAL, detail: str = "") -> None:
        """Tell in short."""
        self.post(Note(key, text, tone, detail))

    def take_up(self, key: Hashable) -> None:
        """The user chose the message's action."""
        if action := self._actions.pop(key, None):
            action()

    def expire(self, key: Hashable) -> None:
        """The message is gone; its action with it."""
        self._actions.pop(key, None)

    def notes(self) -> list[Note]:
        """The last ones, newest first."""
        return list(self._notes)

    def mark_seen(self) -> None:
        """The list was opened."""
        self.unseen = 0
        self.seen_changed.emit(0)
