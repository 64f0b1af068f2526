"""Words for what holds a case: 哨 0003 待响应, 令 0001 执行中."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commandcenter.domain.joint import ORDER, WHISTLE, SummonsRow
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import CaseRow
from widgets.live_table import CellKind, Column
from widgets.tones import Tone

HELD = "held"  # the column's key
Held = Callable[[int], Sequence[SummonsRow]]  # what holds a case, by its id, the newest first
_MARKS = {WHISTLE: "哨", ORDER: "令"}
_NAMES = {WHISTLE: "吹哨", ORDER: "联合执法令"}


def mark(row: SummonsRow) -> str:
    """哨 0003 待响应: the word goes with the colour."""
    return f"{_MARKS[row.kind]} {row.no.rpartition('-')[2]} {load_machine(row.kind).state[row.state].label}"


def whole(row: SummonsRow) -> str:
    """吹哨 CS-20261122-0003 待响应."""
    return f"{_NAMES[row.kind]} {row.no} {load_machine(row.kind).state[row.state].label}"


def marks(held: Sequence[SummonsRow]) -> str:
    """The newest, and how many more."""
    if not held:
        return ""
    return mark(held[0]) + (f"+{len(held) - 1}" if len(held) > 1 else "")


def held_column(held: Held) -> Column:
    """Sorted by it, cases that are held come first, the newest whistle on top."""

    def order(row: CaseRow) -> int:
        found = held(row.id)
        return -found[0].id if found else 0

    def tooltip(row: CaseRow) -> str:
        told = [whole(one) + (f"　{one.title}" if one.title else "") for one in held(row.id)]
        return "\n".join([*told, "点按或按 W 打开"]) if told else ""

    return Column(HELD, "联动", 118, kind=CellKind.CHIP, text=lambda row: marks(held(row.id)),
                  tone=lambda _: Tone.MULTI, sort_key=order, tooltip=tooltip, firm=True)
