"""The columns of the queue table."""

from __future__ import annotations

from commandcenter.domain.model import CaseRow
from ui.models.hold_words import Held, held_column
from ui.models.remaining import Remaining, due_order, work_order
from ui.models.words import NONE, CaseWords
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

WORK_ORDER = "grade"  # the column whose sort is the working order
MIME = "application/x-commandcenter-cases"


def case_columns(words: CaseWords, remaining: Remaining, state: bool, suggested: bool, told: bool = False,
                 held: Held = lambda _: ()) -> tuple[Column, ...]:
    """Columns of a queue; `state`: for queues that mix several states; `suggested`: of cases nobody has yet; `told`:
    of cases not classified yet, where what was told needs the room; `held`: which whistles and orders hold a case.

    On a narrow screen 大类 and then 来源 give way; the case's heading says them."""
    absent = {*(() if state else ("state",)), *(("major",) if told else ())}
    columns = (
        Column("no", "编号", 86, kind=CellKind.NUMBER, align=Align.LEFT, text=words.number, sort_key=lambda r: r.id,
               tone=lambda _: Tone.MUTED, tooltip=lambda r: r.no),
        Column("major", "大类", 92, kind=CellKind.MUTED, text=words.major, sort_key=words.major, hide_order=2),
        Column("minor", "小类或描述" if told else "小类", 220 if told else 120, stretch=5 if told else 2,
               kind=CellKind.STRONG, text=words.minor, sort_key=words.minor, tooltip=_story),
        Column("street", "街道", 88, text=words.street, sort_key=words.street),
        Column("place", "社区·网格", 136, stretch=2, kind=CellKind.MUTED, text=words.place, sort_key=words.place,
               tooltip=words.place, elide_middle=True),  # the grid's number stands at the end
        Column("channel", "来源", 92, stretch=1, kind=CellKind.MUTED, text=words.channel, sort_key=words.channel,
               tooltip=words.channel, hide_order=1),
        Column("state", "状态", 76, text=words.state, sort_key=words.state),
        Column("grade", "分级", 88, text=words.grade, sort_key=work_order,
               tone=lambda r: Tone.OVERDUE if r.urgent else Tone.NORMAL),
        Column("unit", "建议责任单位" if suggested else "责任单位", 132, stretch=1, kind=CellKind.CHIP,
               text=words.responsible, sort_key=words.responsible,
               tone=lambda row: Tone.MUTED if words.responsible(row) == NONE else _unit_tone(row)),
        held_column(held),
        Column("left", "剩余", 92, align=Align.RIGHT, kind=CellKind.COUNTDOWN, live=remaining.text, sort_key=due_order),
    )
    return tuple(column for column in columns if column.key not in absent)


def _story(row: CaseRow) -> str:
    marks = [word for word, holds in (
        (f"回退 {row.returns} 次", row.returns), (f"返工 {row.reworks} 次", row.reworks), ("督办", row.supervised),
        ("已疑难定责", row.ruled), ("强制结案未销账", row.on_ledger), (f"照片 {row.photos} 张", row.photos),
    ) if holds]
    return "\n".join([row.summary, " · ".join(marks)]).strip()


def _unit_tone(row: CaseRow) -> Tone:
    return Tone.ACTION if row.handler_id is None else Tone.NORMAL
