"""The columns of the narrow list of cases beside the map."""

from __future__ import annotations

from commandcenter.domain.model import CaseRow
from ui.models.remaining import Remaining, due_order
from ui.models.words import CaseWords
from widgets.live_table import Align, CellKind, Column, DragCard
from widgets.tones import Tone


def map_case_columns(words: CaseWords, remaining: Remaining) -> tuple[Column, ...]:
    """编号, 小类, 街道, 状态, 剩余; on a narrow screen 街道 gives way first: the map shows where a case is."""
    return (
        Column("no", "编号", 64, kind=CellKind.NUMBER, align=Align.LEFT, text=words.number, sort_key=lambda r: r.id,
               tone=lambda _: Tone.MUTED, tooltip=lambda r: r.no),
        Column("minor", "小类", 104, stretch=1, kind=CellKind.STRONG, text=words.minor, sort_key=words.minor,
               tooltip=lambda r: f"{words.title(r)}\n{words.street(r)} · {words.place(r)}\n{r.summary}".strip()),
        Column("street", "街道", 72, kind=CellKind.MUTED, text=lambda r: words.unit(r.street_id), sort_key=words.street,
               tooltip=words.street, hide_order=2),
        Column("state", "状态", 72, text=words.state, sort_key=words.state, hide_order=1),
        Column("left", "剩余", 84, align=Align.RIGHT, kind=CellKind.COUNTDOWN, live=remaining.text,
               sort_key=due_order),
    )  # fmt: skip


def case_drag_card(words: CaseWords, rows: list[CaseRow]) -> DragCard:
    """What hangs at the pointer, as on the desk."""
    first = rows[0]
    more = "" if len(rows) == 1 else f"另 {len(rows) - 1:,} 件 · {words.title(rows[1])} {words.street(rows[1])}"
    return DragCard(words.title(first), words.street(first), more)
