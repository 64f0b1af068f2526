"""The columns of the list of reminders (提醒)."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CaseRow
from commandcenter.domain.notices import NEAR_LIMIT, STEP_LABELS, Notice
from commandcenter.domain.roles import ROLE_LABELS
from ui.models.words import CaseWords
from widgets.durations import LiveText, format_hms
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

_MARKS = {Tone.NEAR: "▲", Tone.OVERDUE: "⚠", Tone.MULTI: "◆"}
Find = Callable[[int], CaseRow | None]


def tone_of(notice: Notice) -> Tone:
    """Amber near the limit, red past it, violet for the next step of what several departments do."""
    if notice.kind in STEP_LABELS:
        return Tone.MULTI
    return Tone.NEAR if notice.kind == NEAR_LIMIT else Tone.OVERDUE


def kind_words(notice: Notice) -> str:
    """⚠ 超期: the shape goes with the colour."""
    return f"{_MARKS[tone_of(notice)]} {notice.label}"


def number(notice: Notice) -> str:
    """The running number of the case or the matter, as people call it."""
    return notice.case_no.rpartition("-")[2]


def left(notice: Notice, now: float, work_time: WorkTime) -> LiveText:
    """What is left of the limit on its own clock, of a meeting or an arrival by the clock on the wall; past it a minus,
    also outside office hours."""
    if notice.due is None:
        return LiveText("不限", Tone.MUTED)
    clock = None if _is_appointed(notice) else work_time.clock_to(notice.clock, notice.due)
    seconds = work_time.left(clock, now, notice.due)
    if now > notice.due:
        return LiveText(format_hms(min(seconds, -1.0)), Tone.OVERDUE)
    return LiveText(format_hms(seconds), Tone.NORMAL if notice.kind in STEP_LABELS else Tone.NEAR)


def _is_appointed(notice: Notice) -> bool:
    return notice.entity == "meeting" or notice.kind == "to_arrive"


def reminder_columns(words: CaseWords, work_time: WorkTime, find: Find,
                     title_of: Callable[[Notice], str] = lambda _: "") -> tuple[Column, ...]:
    """What, of which case or matter, how long, to whom, since when. `find`: the case's row, if it is in the picture;
    `title_of`: what a whistle, meeting or task is about, if it is known here."""

    def title(notice: Notice) -> str:
        row = _case(notice, find)
        if row is not None:
            return words.title(row)
        return f"{notice.matter} {title_of(notice)}".strip()

    def street(notice: Notice) -> str:
        row = _case(notice, find)
        return words.street(row) if row is not None else ""

    def whom(notice: Notice) -> str:
        return f"{ROLE_LABELS.get(notice.to_role, notice.to_role)} {words.unit(notice.to_org)}"

    return (
        Column("kind", "类别", 104, kind=CellKind.CHIP, text=kind_words, tone=tone_of, sort_key=lambda n: n.kind),
        Column("no", "编号", 74, kind=CellKind.NUMBER, align=Align.LEFT, text=number, sort_key=_age,
               tone=lambda _: Tone.MUTED, tooltip=lambda n: n.case_no),
        Column("title", "事项", 112, stretch=1, kind=CellKind.STRONG, text=title, sort_key=title, tooltip=title,
               hide_order=1),
        Column("street", "街道", 84, text=street, sort_key=street, hide_order=3),
        Column("words", "要办的事", 250, stretch=3, text=lambda n: n.words, sort_key=lambda n: n.words,
               tooltip=lambda n: n.words),
        Column("whom", "发给", 150, stretch=1, kind=CellKind.MUTED, text=whom, sort_key=whom, tooltip=whom,
               hide_order=2),
        Column("made", "提醒时间", 100, kind=CellKind.MUTED, text=lambda n: words.date_time(n.made_at),
               sort_key=lambda n: n.made_at, hide_order=4),
        Column("left", "剩余", 92, align=Align.RIGHT, kind=CellKind.COUNTDOWN,
               live=lambda n, now: left(n, now, work_time), sort_key=lambda n: n.due or inf),
    )


def _case(notice: Notice, find: Find) -> CaseRow | None:
    return find(notice.case_id) if notice.case_id is not None else None


def _age(notice: Notice) -> int:
    """Cases and matters by month and number."""
    return notice.case_id or notice.entity_id or 0
