"""Turns live changes into notices: what is new for me, what came back. What runs out comes as a reminder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.model import CaseRow, Person
from commandcenter.live.picture import PictureChange
from ui.bridge.live_cases import LiveCases
from ui.bridge.notices import Note, Notices
from widgets.tones import Tone

Title = Callable[[CaseRow], str]


class Watch(QObject):
    """Looks at each change once; several of a kind in one tick make one notice."""

    def __init__(self, live: LiveCases, notices: Notices, person: Person, units: frozenset[int], title: Title) -> None:
        super().__init__(live)
        self._live, self._notices, self._person, self._units, self._title = live, notices, person, units, title
        self._states: dict[int, tuple[str, int | None]] = {}
        self._remembers = False
        live.changed.connect(self._on_changed)
        live.loaded.connect(self._remember_later)

    def _remember_later(self) -> None:
        """In a turn of its own: others, too, look at every case when a load is over."""
        self._remembers = False
        QTimer.singleShot(0, self, self._remember_all)

    def _remember_all(self) -> None:
        self._remembers = True
        self._states = {row.id: (row.state, row.handler_id) for row in self._live.picture.rows.values()}

    def _on_changed(self, change: PictureChange) -> None:
        if not self._remembers or self._live.loading:
            return
        fresh = [row for row in change.upserted if self._states.get(row.id) != (row.state, row.handler_id)]
        for row in fresh:
            self._states[row.id] = (row.state, row.handler_id)
        for case_id in change.removed:
            self._states.pop(case_id, None)
        self._tell("to_receive", [row for row in fresh if self._mine(row)], "新到", Tone.ACTION)
        self._tell("returned", [row for row in fresh if self._came_back(row)], "退回", Tone.NEAR)

    def _mine(self, row: CaseRow) -> bool:
        return row.state == "dispatched" and row.handler_id in self._units

    def _came_back(self, row: CaseRow) -> bool:
        return row.state == "returned" and bool(self._person.roles() & {"dispatcher", "supervisor"})

    def _tell(self, queue: str, rows: Sequence[CaseRow], word: str, tone: Tone) -> None:
        if not rows:
            return
        first = rows[0]
        text = f"{word} {self._title(first)}" if len(rows) == 1 else f"{word} {len(rows):,} 件"
        detail = "" if len(rows) == 1 else f"{self._title(first)} 等"
        self._notices.post(Note(("watch", queue), text, tone, detail, first.id if len(rows) == 1 else None, queue))
