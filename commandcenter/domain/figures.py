"""Counted events: how often something happened in some hours, and what today's figures of the desk are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """measure: an action or event of the trace, or "stage.<code>" for stages that ended; then used_s are working
    seconds and `late` how many of them were overdue."""

    measure: str
    n: int
    used_s: int
    late: int


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One figure of the day: what is added and what is taken off, by measure; what it says of itself."""

    key: str
    label: str
    adds: tuple[str, ...]
    takes: tuple[str, ...]
    meaning: str

    def count(self, figures: Mapping[str, int]) -> int:
        """The figure, never below none: what is taken off may have been added the day before."""
        found = sum(figures.get(m, 0) for m in self.adds) - sum(figures.get(m, 0) for m in self.takes)
        return max(0, found)


DAY_FIGURES: Sequence[DayFigure] = (
    DayFigure("reported", "上报", ("report",), (), "今日零时以来采集的案件"),
    DayFigure("filed", "立案", ("file", "reopen"), (), "今日立案，含重新立案"),
    DayFigure("dispatched", "派遣", ("dispatch", "rule"), ("undo_dispatch",), "今日派遣和定责，已扣除撤销的"),
    DayFigure("closed", "结案", ("close", "self_handle", "force_close"), (), "今日结案，含自处理和强制结案"),
    DayFigure("overdue", "超期", ("overdue",), (), "今日转为超期的环节"),
)
