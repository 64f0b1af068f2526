"""Rows of the list beside the scores: what waits for me, what stands behind a figure, what is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import Directory, Person
from ui.models.joint_clock import NEVER, Due, JointClock
from ui.models.joint_scores import lane_figure
from ui.models.joint_steps import waiting
from ui.models.joint_words import JointWords
from widgets.durations import LiveText
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone


@dataclass(frozen=True, slots=True)
class Entry:
    """A whistle in the list: of one lane (party_no) or as a whole; `what`: the next step, or the figure."""

    row: SummonsRow
    party_no: int | None
    what: str

    @property
    def key(self) -> tuple[int, int, str]:
        """One entry per whistle, lane and step."""
        return self.row.id, self.party_no or 0, self.what


class WaitingSteps:
    """Next steps that wait for a person; looked for anew only in rows that are others."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._directory: Directory | None = None
        self._found: dict[int, tuple[SummonsRow, tuple[Entry, ...]]] = {}

    def look(self, rows: Sequence[SummonsRow], directory: Directory,
             may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Look at these rows and no others as long as it may go on, at one at least; True: at all of them."""
        begun = False
        ids = {row.id for row in rows} if directory is self._directory else set()
        self._directory, self._found = directory, {key: held for key, held in self._found.items() if key in ids}
        for row in rows:
            held = self._found.get(row.id)
            if held is None or held[0] is not row:
                if begun and not may_go_on():
                    return False
                self._found[row.id] = row, self._of(row, directory)
                begun = True
        return True

    def entries(self) -> list[Entry]:
        """Of the rows looked at."""
        return [entry for _, found in self._found.values() for entry in found]

    def _of(self, row: SummonsRow, directory: Directory) -> tuple[Entry, ...]:
        return tuple(Entry(row, s.party_no, s.action.label) for s in waiting(row, self._person, directory))


def figure_entries(rows: Iterable[SummonsRow], unit_id: int | None, key: str) -> list[Entry]:
    """Whistles behind a figure, newest first, with what each gave to it."""
    ordered = sorted(rows, key=lambda row: (row.closed_at or row.changed_at, row.id), reverse=True)
    return [Entry(row, None, lane_figure(row, unit_id, key)) for row in ordered]


def entry_columns(words: JointWords, clock: JointClock, what: str, now: Callable[[], float],
                  live: bool) -> tuple[Column, ...]:
    """Columns; `what`: the title of the step or figure, `live`: with what is left at the moment `now`."""
    columns = (
        Column("no", "编号", 74, kind=CellKind.NUMBER, align=Align.LEFT, text=lambda e: words.number(e.row),
               sort_key=lambda e: e.row.id, tone=lambda _: Tone.MUTED, tooltip=lambda e: e.row.no),
        Column("title", "事由", 150, stretch=3, kind=CellKind.STRONG, text=lambda e: words.title(e.row),
               sort_key=lambda e: words.title(e.row), tooltip=lambda e: words.title(e.row)),
        Column("where", "街道", 84, text=lambda e: words.where(e.row), sort_key=lambda e: words.where(e.row),
               hide_order=2),
        Column("unit", "单位", 110, stretch=1, text=lambda e: _unit(e, words), sort_key=lambda e: _unit(e, words),
               kind=CellKind.MUTED, hide_order=1),
        Column("state", "状态", 76, text=lambda e: words.state(e.row), sort_key=lambda e: words.state(e.row),
               hide_order=3),
        Column("what", what, 92, kind=CellKind.CHIP if live else CellKind.TEXT, text=lambda e: e.what,
               align=Align.LEFT if live else Align.RIGHT, tone=lambda _: Tone.ACTION, sort_key=lambda e: e.what),
        Column("left", "剩余", 150, align=Align.RIGHT, kind=CellKind.COUNTDOWN,
               live=lambda e, at: _left(e, clock, at), sort_key=lambda e: due_of(e, clock),
               tooltip=lambda e: clock.why(_lane_due(e, clock), now())),
    )
    return tuple(column for column in columns if live or column.key not in ("left", "unit"))


def due_of(entry: Entry, clock: JointClock) -> float:
    """When it runs out, for the order; never: far away."""
    due = _lane_due(entry, clock)
    return due.at if due else NEVER


def _unit(entry: Entry, words: JointWords) -> str:
    party = entry.row.party(entry.party_no) if entry.party_no is not None else None
    return words.unit(party.unit_id) if party else "全部单位"


def _lane_due(entry: Entry, clock: JointClock) -> Due | None:
    party = entry.row.party(entry.party_no) if entry.party_no is not None else None
    return clock.lane_due(entry.row, party) if party else None


def _left(entry: Entry, clock: JointClock, now: float) -> LiveText:
    due = _lane_due(entry, clock)
    return clock.left(due, now) if due else LiveText("—", Tone.MUTED)
