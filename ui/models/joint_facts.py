"""Short lines about what hangs at a whistle: its cases, meetings and tasks."""

from __future__ import annotations

from typing import Protocol

from commandcenter.domain.joint import MeetingRow, TaskRow
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import CaseRow
from ui.models.joint_words import JointWords
from ui.models.words import CaseWords

_SOURCES = {"meeting": "会商交办", "instruction": "领导批办", "rectification": "整改"}


class _Live(Protocol):
    def row(self, case_id: int) -> CaseRow | None:
        """The present row of an open case."""


class _Place(Protocol):
    live: _Live
    words: CaseWords

    def case_title(self, row: CaseRow) -> str:
        """Number and kind."""


def case_title(case_id: int, place: _Place) -> str:
    """002378 占道经营; of a case that is closed or elsewhere its running number."""
    row = place.live.row(case_id)
    return place.case_title(row) if row is not None else f"案件 {case_id % 10**9:06d}（不在办或不在您的范围）"


def meeting_line(meeting: MeetingRow, words: JointWords) -> str:
    """06-18 15:30 清退方案 · 已召集."""
    state = load_machine("meeting").state[meeting.state].label
    return f"{words.words.date_time(meeting.meet_at)} {meeting.title} · {state}"


def task_line(task: TaskRow, words: JointWords) -> str:
    """整改 区城管委 06-18 12:00 前 · 待办."""
    state = load_machine("task").state[task.state].label
    late = "超期 · " if task.overdue and task.open else ""
    source = _SOURCES.get(task.source, "交办")
    return f"{source} {words.unit(task.unit_id)} {words.words.date_time(task.due)} 前 · {late}{state}"
