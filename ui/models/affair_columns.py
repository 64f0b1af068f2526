"""The columns of the lists of meetings, of tasks and of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import WHISTLE, MeetingRow, SummonsRow, TaskRow
from commandcenter.domain.model import CaseRow
from ui.models.affairs import state_words
from ui.models.joint_clock import STILL, resumes, stopped_words
from ui.models.joint_words import JointWords
from widgets.durations import LiveText, format_hms
from widgets.live_table import Align, CellKind, Column
from widgets.tones import Tone

_SOURCES = {"meeting": "会商交办", "instruction": "交办", "rectification": "整改"}
_SOURCE_TONES = {"meeting": Tone.ACTION, "instruction": Tone.NEAR, "rectification": Tone.OVERDUE}
FORCED, SUPERVISED = "强制结案", "督办"
_DAY_S = 86_400.0
_CLOCK = "hours"  # tasks run on office hours
_MEETING_TONES = {"called": Tone.ACTION, "held": Tone.NEAR}


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A case on the ledger, and the newest whistle for it that is known, one that is over before others."""

    row: CaseRow
    whistle: SummonsRow | None

    @property
    def key(self) -> int:
        """The case."""
        return self.row.id

    @property
    def kind(self) -> str:
        """强制结案 or 督办."""
        return FORCED if self.row.on_ledger else SUPERVISED

    @property
    def can_clear(self) -> bool:
        """Whether a whistle that is over clears it."""
        return self.row.on_ledger and self.whistle is not None and self.whistle.closed_at is not None


def ledger_entries(cases: Iterable[CaseRow], summons: Iterable[SummonsRow]) -> list[LedgerEntry]:
    """Forced closures that are not cleared, and cases under supervision."""
    best: dict[int, SummonsRow] = {}
    for row in summons:
        if row.kind == WHISTLE:
            for case in row.cases:
                best[case] = max(best.get(case, row), row, key=lambda r: (r.closed_at is not None, r.id))
    return [LedgerEntry(row, best.get(row.id)) for row in cases if row.on_ledger or row.supervised]


def whistle_words(entry: LedgerEntry, words: JointWords) -> str:
    """可销账 0003, 处置中 0003, 未吹哨; a supervision is lifted without one."""
    if entry.whistle is None:
        return "未吹哨" if entry.row.on_ledger else ""
    state = "可销账" if entry.can_clear else words.state(entry.whistle)
    return f"{state} {words.number(entry.whistle)}"


def source_words(row: TaskRow) -> str:
    """会商交办, 交办, 整改; 领导批办 where a leader's words are carried out."""
    return "领导批办" if row.source == "instruction" and row.leader else _SOURCES[row.source]


def attendance_words(row: MeetingRow) -> str:
    """到会 2/3, or 已确认 1/3 before it was held."""
    states = [state for _, state in row.attendees]
    came = states.count("present")
    if came or row.state != "called":
        return f"到会 {came}/{len(states)}"
    return f"已确认 {states.count('confirmed')}/{len(states)}"


def meeting_columns(words: JointWords, tasks_of: Callable[[MeetingRow], int],
                    over: bool = False) -> tuple[Column, ...]:
    """`tasks_of`: how many tasks of it are open. `over`: of a list of those that are over."""
    tasks = Column("tasks", "未销号", 64, kind=CellKind.NUMBER, align=Align.RIGHT,
                   text=lambda r: f"{tasks_of(r):,}" if tasks_of(r) else "", sort_key=tasks_of, hide_order=2)
    last = _closed(words) if over else Column(
        "at", "时间", 100, align=Align.RIGHT, kind=CellKind.MUTED,
        text=lambda r: words.words.date_time(r.meet_at), sort_key=lambda r: r.meet_at)
    return (
        _number(lambda r: r.no),
        Column("title", "议题", 150, stretch=3, kind=CellKind.STRONG, text=_title, sort_key=_title, tooltip=_title),
        Column("caller", "召集", 96, stretch=1, text=lambda r: words.unit(r.caller_id),
               sort_key=lambda r: words.unit(r.caller_id), kind=CellKind.MUTED, hide_order=1),
        Column("came", "参会", 92, text=attendance_words, sort_key=attendance_words),
        *(() if over else (tasks,)),
        Column("state", "状态", 76, kind=CellKind.CHIP, text=state_words, sort_key=state_words, tone=_meeting_tone),
        last,
    )


def task_columns(words: JointWords, work_time: WorkTime, now: Callable[[], float],
                 over: bool = False) -> tuple[Column, ...]:
    """What, by whom, until when. `now`: the city's clock; `over`: of a list of those that are over."""

    def left(row: TaskRow, at: float) -> LiveText:
        if row.state != "open":
            return LiveText("已反馈", Tone.MUTED)
        seconds = work_time.left(_CLOCK, at, row.due)
        if at > row.due:
            return LiveText(format_hms(min(seconds, -1.0)), Tone.OVERDUE)
        still = f"{STILL} " if resumes(work_time, at) is not None else ""
        return LiveText(still + format_hms(seconds), Tone.NEAR if row.due - at < _DAY_S else Tone.NORMAL)

    def why(row: TaskRow) -> str:
        return stopped_words(work_time, words, now()) if row.state == "open" and now() <= row.due else ""

    last = _closed(words) if over else Column(
        "left", "剩余", 116, align=Align.RIGHT, kind=CellKind.COUNTDOWN, live=left, sort_key=lambda r: r.due,
        tooltip=why)
    return (
        Column("source", "类别", 84, kind=CellKind.CHIP, text=source_words,
               tone=lambda r: _SOURCE_TONES[r.source], sort_key=source_words),
        _number(lambda r: r.no),
        Column("title", "事项", 124, stretch=3, kind=CellKind.STRONG, text=_title, sort_key=_title, tooltip=_title),
        Column("unit", "承办", 84, stretch=1, text=lambda r: words.unit(r.unit_id),
               sort_key=lambda r: words.unit(r.unit_id)),
        Column("issuer", "交办", 84, kind=CellKind.MUTED, text=lambda r: words.unit(r.issuer_id),
               sort_key=lambda r: words.unit(r.issuer_id), hide_order=1),
        Column("state", "状态", 92, text=_task_state, sort_key=_task_state,
               tone=lambda r: Tone.OVERDUE if r.overdue else Tone.NORMAL),
        Column("due", "时限", 100, kind=CellKind.MUTED, text=lambda r: words.words.date_time(r.due),
               sort_key=lambda r: r.due, hide_order=2),
        last,
    )


def ledger_columns(words: JointWords) -> tuple[Column, ...]:
    """What is on the ledger, and whether a whistle clears it."""
    cases = words.words
    return (
        Column("kind", "类别", 84, kind=CellKind.CHIP, text=lambda e: e.kind, sort_key=lambda e: e.kind,
               tone=lambda e: Tone.OVERDUE if e.row.on_ledger else Tone.NEAR),
        _number(lambda e: e.row.no),
        Column("title", "小类", 130, stretch=3, kind=CellKind.STRONG, text=lambda e: cases.title(e.row),
               sort_key=lambda e: cases.title(e.row), tooltip=lambda e: cases.title(e.row)),
        Column("street", "街道", 84, text=lambda e: cases.street(e.row), sort_key=lambda e: cases.street(e.row)),
        Column("unit", "主责", 96, stretch=1, kind=CellKind.MUTED, text=lambda e: cases.unit(e.row.unit_id),
               sort_key=lambda e: cases.unit(e.row.unit_id), hide_order=1),
        Column("whistle", "吹哨", 104, text=lambda e: whistle_words(e, words),
               sort_key=lambda e: whistle_words(e, words), tone=lambda e: Tone.OK if e.can_clear else Tone.MUTED),
        Column("since", "挂账", 100, align=Align.RIGHT, kind=CellKind.MUTED,
               text=lambda e: cases.date_time(e.row.changed_at), sort_key=lambda e: e.row.changed_at, hide_order=2),
    )


def _task_state(row: TaskRow) -> str:
    return "超期销号" if row.state == "done" and row.overdue else state_words(row)


def _meeting_tone(row: MeetingRow) -> Tone:
    return _MEETING_TONES.get(row.state, Tone.MUTED)


def _closed(words: JointWords) -> Column:
    """Sorts by the number within all months, as the pages come."""
    return Column("closed", "办结", 100, align=Align.RIGHT, kind=CellKind.MUTED, sort_key=lambda r: r.id,
                  text=lambda r: words.words.date_time(r.closed_at) if r.closed_at is not None else "")


def _title(row: MeetingRow | TaskRow) -> str:
    """The hall screen reads no words."""
    return row.title or row.no


def _number(no: Callable[[object], str]) -> Column:
    return Column("no", "编号", 74, kind=CellKind.NUMBER, align=Align.LEFT, text=lambda r: no(r).rpartition("-")[2],
                  sort_key=no, tone=lambda _: Tone.MUTED, tooltip=no)
