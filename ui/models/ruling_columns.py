"""Rulings (疑难定责) as a list and as a table for a file."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.rulings import Ruling
from ui.models.joint_words import JointWords
from ui.models.words import NONE
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

_HEAD = ("案件", "小类", "街道", "原单位", "定责单位", "定责人", "时间", "理由")


def _item(row: Ruling, words: JointWords) -> str:
    found = words.words.directory.items.get(row.item_id or 0)
    return found.name if found is not None else NONE


def ruling_columns(words: JointWords) -> tuple[Column, ...]:
    """Who lost and who won it, by whom, when, why."""
    def told(unit: int | None) -> str:
        return words.unit(unit) if unit is not None else NONE

    return (
        Column("no", "案件", 66, kind=CellKind.NUMBER, align=Align.LEFT, text=lambda r: r.case_no.rpartition("-")[2],
               sort_key=lambda r: r.key, tone=lambda _: Tone.MUTED, tooltip=lambda r: r.case_no),
        Column("item", "小类", 96, stretch=1, kind=CellKind.STRONG, text=lambda r: _item(r, words),
               sort_key=lambda r: _item(r, words), hide_order=2),
        Column("from", "原单位", 92, stretch=1, text=lambda r: told(r.from_unit), sort_key=lambda r: told(r.from_unit),
               kind=CellKind.MUTED),
        Column("to", "定责单位", 92, stretch=1, text=lambda r: told(r.to_unit), sort_key=lambda r: told(r.to_unit)),
        Column("reason", "理由", 120, stretch=3, text=lambda r: r.reason, sort_key=lambda r: r.reason,
               tooltip=lambda r: r.reason),
        Column("by", "定责人", 66, kind=CellKind.MUTED, text=lambda r: r.by_name, sort_key=lambda r: r.by_name,
               hide_order=1),
        Column("at", "时间", 100, align=Align.RIGHT, kind=CellKind.MUTED,
               text=lambda r: words.words.date_time(r.at), sort_key=lambda r: (r.at, r.key)),
    )


def ruling_table(rows: Iterable[Ruling], words: JointWords) -> list[list[object]]:
    """Heading and rows; times in full and in the city's zone."""
    return [list(_HEAD), *(
        [r.case_no, _item(r, words), words.unit(r.street_id) if r.street_id is not None else "",
         words.full(r.from_unit) if r.from_unit is not None else "", words.full(r.to_unit), r.by_name,
         words.words.local(r.at).strftime("%Y-%m-%d %H:%M"), r.reason] for r in rows
    )]  # fmt: skip
