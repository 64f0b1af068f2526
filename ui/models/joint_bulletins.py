"""通报 of a month: what was published of whom, and how its 整改 stands; as columns, and as a table for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import BULLETIN_LABELS, TASK, Bulletin
from commandcenter.domain.joint_workflow import load_machine
from ui.models.joint_scores import FAULTS, RECTIFYING
from ui.models.joint_words import JointWords
from widgets.durations import LiveText, format_hms
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

_CLOCK, _DAY_S = "hours", 86_400.0  # rectifications run on office hours
_UNDER_WAY = frozenset({"open", "reported"})
_HEAD = ("编号", "时间", "单位", "类别", "吹哨、令", "通报内容", "通报方式", "整改期限", "整改状态", "撤销时间")


def fitting(rows: Iterable[Bulletin], key: str | None) -> list[Bulletin]:
    """Those of a kind, or those still being put right; None: all."""
    if key == RECTIFYING:
        return [row for row in rows if row.revoked_at is None and row.task_state in _UNDER_WAY]
    return [row for row in rows if key in (None, row.kind)]


def filters() -> list[tuple[str, str]]:
    """(key, word) to choose from, as under the scores."""
    return list(FAULTS)


def rectification(row: Bulletin, work_time: WorkTime, now: float) -> LiveText:
    """How its 整改 stands: red past its deadline, green when it is struck off."""
    if row.revoked_at is not None:
        return LiveText("已撤销", Tone.MUTED)
    if row.task_state is None:
        return LiveText("不在您的范围", Tone.MUTED)
    label = load_machine(TASK).state[row.task_state].label
    if row.task_state not in _UNDER_WAY:
        return LiveText(label, Tone.OK if row.task_state == "done" else Tone.MUTED)
    if row.task_due is not None and now > row.task_due:
        late = max(1.0, -work_time.left(_CLOCK, now, row.task_due))
        return LiveText(f"{label} 超期 {format_hms(late)}", Tone.OVERDUE)
    near = row.task_due is not None and row.task_due - now < _DAY_S
    return LiveText(f"{label} 临期" if near else label, Tone.NEAR if near else Tone.NORMAL)


def bulletin_columns(words: JointWords, work_time: WorkTime, now: Callable[[], float],
                     title: Callable[[Bulletin], str]) -> tuple[Column, ...]:
    """`now`: the city's clock; `title`: of the whistle, empty where it is not at hand."""
    date = words.words.date_time

    def struck(row: Bulletin) -> bool:
        return row.revoked_at is not None

    def tone(row: Bulletin) -> Tone:
        return Tone.MUTED if struck(row) else Tone.NORMAL

    def told(row: Bulletin) -> str:
        taken_back = f"已于 {date(row.revoked_at)} 撤销" if row.revoked_at is not None else ""
        by = "由时钟自动通报" if row.by_clock else "人工通报"
        return "\n".join(part for part in (f"{row.no} {by}", row.words, taken_back) if part)

    def due(row: Bulletin) -> str:
        return date(row.task_due) if row.task_due is not None else "—"

    return (
        Column("no", "编号", 70, kind=CellKind.NUMBER, text=lambda r: _tail(r.no), sort_key=lambda r: r.id,
               tone=lambda _: Tone.MUTED, tooltip=told, struck=struck),
        Column("at", "时间", 100, kind=CellKind.MUTED, text=lambda r: date(r.at),
               sort_key=lambda r: (r.at, r.id), hide_order=2, struck=struck),
        Column("unit", "单位", 104, stretch=1, kind=CellKind.STRONG, text=lambda r: words.unit(r.unit_id),
               sort_key=lambda r: words.unit(r.unit_id), tooltip=lambda r: words.full(r.unit_id), tone=tone,
               struck=struck),
        Column("kind", "类别", 92, kind=CellKind.CHIP, text=lambda r: BULLETIN_LABELS[r.kind],
               sort_key=lambda r: r.kind, tone=lambda r: Tone.MUTED if struck(r) else Tone.OVERDUE, struck=struck),
        Column("whistle", "哨、令", 84, text=lambda r: _whistle(r.summons_no), sort_key=lambda r: r.summons_id,
               tone=tone, tooltip=lambda r: f"{r.summons_no} {title(r)}".strip(), hide_order=1, struck=struck),
        Column("words", "内容", 90, stretch=3, kind=CellKind.MUTED, text=lambda r: r.words, sort_key=lambda r: r.words,
               tooltip=told, struck=struck),
        Column("due", "整改期限", 100, kind=CellKind.MUTED, text=due, sort_key=lambda r: r.task_due or 0.0,
               hide_order=3, struck=struck),
        Column("left", "整改", 150, align=Align.RIGHT, kind=CellKind.COUNTDOWN,
               text=lambda r: rectification(r, work_time, now()).text,
               live=lambda r, at: rectification(r, work_time, at),
               sort_key=lambda r: (r.task_state or "", r.task_due or 0.0),
               tooltip=lambda r: f"期限 {due(r)}" if r.task_due is not None else ""),
    )


def bulletin_table(rows: Iterable[Bulletin], words: JointWords, work_time: WorkTime, now: float) -> list[list[object]]:
    """Heading and rows; times in full and in the city's zone."""

    def when(instant: float | None) -> str:
        return "" if instant is None else words.words.local(instant).strftime("%Y-%m-%d %H:%M")

    return [list(_HEAD), *(
        [row.no, when(row.at), words.full(row.unit_id), BULLETIN_LABELS[row.kind], row.summons_no, row.words,
         "自动" if row.by_clock else "人工", when(row.task_due), rectification(row, work_time, now).text,
         when(row.revoked_at)] for row in rows
    )]  # fmt: skip


def _tail(no: str) -> str:
    return no.rpartition("-")[2]


def _whistle(no: str) -> str:
    """哨 0003, 令 0021."""
    return f"{'令' if no.startswith('LH') else '哨'} {_tail(no)}"
