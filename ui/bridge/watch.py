"""Turns live changes into notices: what is new for me, what came back. What runs out comes as a reminder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from commandcenter.domain.model import CaseRow, Person
from commandcenter.live.picture import PictureChange
from ui.bridge.live_cases import LiveCases
from ui.bridge.notices import Note, Notices
from widgets.tones import Tone

Title = Callable[[CaseRow], str]


def _passed_on(row: CaseRow, before: CaseRow | None) -> bool:
    """New here, in another state, or with another unit."""
    return before is None or (row.state, row.handler_id) != (before.state, before.handler_id)


class Watch(QObject):
    """Looks at each change once; several of a kind in one tick make one notice. What a load finds is no news."""

    def __init__(self, live: LiveCases, notices: Notices, person: Person, units: frozenset[int], title: Title) -> None:
        super().__init__(live)
        self._live, self._notices, self._person, self._units, self._title = live, notices, person, units, title
        live.changed.connect(self._on_changed)

    def _on_changed(self, change: PictureChange) -> None:
        if not self._live.ready or self._live.loading:
            return
        fresh = [row for row in change.upserted if _passed_on(row, change.before.get(row.id))]
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
