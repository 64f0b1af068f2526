"""How the duty rounds (值守任务) are, and what to say when they are not as they should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

SILENT_S = 60.0  # a round is due every few seconds: after so long nobody does it
PART_LABELS: Mapping[str, str] = {
    "partitions": "分区",
    "folded": "统计汇总",
    "sealed": "留痕封存",
    "forgotten": "清理",
    "resumed": "恢复办理",
    "overdue": "超期标记",
    "near_limit": "临期标记",
    "escalated": "催办",
    "missed": "吹哨响应与报到",
    "raised": "哨源升级",
    "tasks": "交办超期",
    "unanswered": "提醒升级",
    "feed_dropped": "旧动态清理",
}


@dataclass(frozen=True, slots=True)
class DutyFault:
    """A part of the rounds that fails, since when, and the database's words ("" for those who may not read them)."""

    part: str
    since: datetime
    message: str


@dataclass(frozen=True, slots=True)
class DutyState:
    """Seconds since the last round, None if there never was one, and what fails in the rounds."""

    silent_s: float | None
    faults: tuple[DutyFault, ...]

    def warning(self) -> str:
        """One line for whoever works with it; "" when all is well."""
        if self.silent_s is None:
            return "值守任务从未执行：超期、提醒、统计和封存都停着，请启动值守服务（main.py duty）"
        if self.silent_s > SILENT_S:
            minutes = self.silent_s / 60
            ago = f"{minutes:,.0f} 分钟" if minutes < 120 else f"{minutes / 60:,.0f} 小时"
            return f"值守任务已 {ago}没有执行：超期、提醒、统计和封存都停着，请启动值守服务（main.py duty）"
        if self.faults:
            failing = "、".join(dict.fromkeys(PART_LABELS.get(f.part, f.part) for f in self.faults))
            return f"值守任务中{failing}失败，请联系管理员"
        return ""
