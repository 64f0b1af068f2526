"""Tasks and rectifications as a table for a file."""

from __future__ import annotations

from collections.abc import Iterable

from commandcenter.domain.joint import TaskRow
from ui.models.affair_columns import source_words
from ui.models.affairs import state_words
from ui.models.joint_words import JointWords

_HEAD = ("编号", "类别", "事项", "承办单位", "交办单位", "批示领导", "状态", "交办时间", "时限", "反馈时间", "办结时间",
         "超期", "退回重办")


def task_table(rows: Iterable[TaskRow], words: JointWords) -> list[list[object]]:
    """Heading and rows; times in full and in the city's zone."""

    def when(instant: float | None) -> str:
        return "" if instant is None else words.words.local(instant).strftime("%Y-%m-%d %H:%M")

    return [list(_HEAD), *(
        [row.no, source_words(row), row.title, words.full(row.unit_id), words.full(row.issuer_id), row.leader,
         state_words(row), when(row.issued_at), when(row.due), when(row.reported_at), when(row.closed_at),
         "是" if row.overdue else "", row.reworks] for row in rows
    )]  # fmt: skip
