"""Where reports come from now: the replica, or the primary in its stead; a change is said once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from commandcenter.ports import ReaderState
from ui.bridge.backend import Backend
from ui.bridge.notices import Note, Notices
from widgets.tones import Tone

_KEY = "report source"


class ReportSource(QObject):
    """`state` of the last report, None before the first or without a replica; `changed()` after each report."""

    changed = Signal()

    def __init__(self, backend: Backend, notices: Notices) -> None:
        super().__init__(backend)
        self._reader, self._notices = backend.session.reader, notices
        self.state: ReaderState | None = None
        backend.answered.connect(self._look)

    @property
    def has_replica(self) -> bool:
        """Whether one was given, dead or alive."""
        return self._reader is not None

    def _look(self) -> None:
        state = self._reader.state if self._reader is not None else None
        if state is None or state is self.state:
            return
        before, self.state = self.state, state
        if _kind(before) != _kind(state):
            self._say(state)
        self.changed.emit()

    def _say(self, state: ReaderState) -> None:
        if state.source == "replica" and not state.alone:
            self._notices.list_only(Note(_KEY, "报表库已恢复，报表由它回答", Tone.OK))
        elif state.source == "replica":
            self._notices.say(_KEY, "主库连不上，报表由报表库回答", Tone.NEAR, "画面上写有数据截至的时间")
        elif state.source == "primary":
            self._notices.say(_KEY, "报表改由主库回答", Tone.NEAR, state.reason)
        else:
            self._notices.say(_KEY, "报表暂时读不到", Tone.NEAR, state.reason)


def _kind(state: ReaderState | None) -> tuple[str, bool]:
    return (state.source, state.alone) if state is not None else ("replica", False)
