"""The wall's figures as its charts want them: tiles, steps, shares, ranking, trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from commandcenter.domain.model import CaseRow, Channel
from commandcenter.domain.wall import SLOT_S, STEPS, WallMonth, WallPast, WallPlan, WallToday
from commandcenter.domain.wall import Trend as Counted
from commandcenter.domain.workflow import Workflow
from commandcenter.live.wall_now import OpenNow
from widgets.charts.rows import BarRow
from widgets.charts.tile import Kpi
from widgets.charts.trend import Trend, TrendSeries
from widgets.durations import format_hms
from widgets.figure_table import Figure, FigureColumn, FigureRow
from widgets.tones import Tone

NONE = "—"
UNIT_COLUMNS = (FigureColumn("response", "响应度"), FigureColumn("score", "综合分"))
_STATES = ("reported", "accepted", "filed", "dispatched", "in_progress", "suspended", "feedback", "verified")
_HOUR = 3600
_TELLING = 2.0  # a greater growth than threefold says less than the figure it is compared with


# ------------------------------------------------------------ tiles
def city_tiles(held: OpenNow, today: WallToday | None, month: WallMonth | None, plan: WallPlan | None) -> list[Kpi]:
    """今日受理 在办 今日结案 按期处置率 超期 群众满意率; a figure that is not known yet is a dash."""
    return [
        Kpi("reported", "今日受理", _count(today and today.reported), _growth(today), value=today and today.reported),
        _open_tile(held),
        Kpi("closed", "今日结案", _count(today and today.closed), f"结案率 {percent(today and today.closing_rate)}",
            value=today and today.closed),
        _rate_tile("on_time", "按期处置率", month and month.on_time_rate, plan and plan.on_time_target,
                   ""),
        _overdue_tile(held),
        _rate_tile("satisfied", "群众满意率", month and month.satisfaction, plan and plan.satisfaction_target,
                   f"回访 {month.followed_up:,} 件" if month else ""),
    ]  # fmt: skip


def area_tiles(held: OpenNow, rows: Sequence[CaseRow], whistles: int) -> list[Kpi]:
    """Of a street or topic: what can be told from what is open there."""
    here = Counter(row.state for row in rows if row.open)
    waiting = here["reported"] + here["accepted"] + here["filed"] + here["returned"]
    return [
        _open_tile(held),
        _overdue_tile(held),
        Kpi("waiting", "待派遣", f"{waiting:,}", "含受理、立案、回退", value=waiting),
        Kpi("handling", "办理中", f"{here['in_progress'] + here['dispatched']:,}", "含待接收",
            value=here["in_progress"] + here["dispatched"]),
        Kpi("feedback", "待核查", f"{here['feedback']:,}", f"待结案 {here['verified']:,}", value=here["feedback"]),
        Kpi("whistles", "吹哨", f"{whistles:,}", "进行中", value=whistles),
    ]  # fmt: skip


def _open_tile(held: OpenNow) -> Kpi:
    note, tone = (f"其中临期 {held.near:,}", Tone.NEAR) if held.near else ("没有临期", Tone.OK)
    return Kpi("open", "在办", f"{held.open:,}", note, tone, value=held.open)


def _overdue_tile(held: OpenNow) -> Kpi:
    if not held.overdue:
        return Kpi("overdue", "超期", "0", "没有超期", Tone.OK, value=0)
    longest = f"最长 {_long(held.longest_s)}"
    return Kpi("overdue", "超期", f"{held.overdue:,}", longest, Tone.OVERDUE, Tone.OVERDUE, held.overdue)


def _rate_tile(key: str, title: str, rate: float | None, target: float | None, note: str) -> Kpi:
    short = rate is not None and target is not None and rate < target
    aim = f"目标 {target:.0%}" if target is not None else ""
    said = f"低于{aim}" if short else note or aim
    tone = Tone.NEAR if short else Tone.OK if rate is not None and target is not None else Tone.MUTED
    return Kpi(key, title, percent(rate), said, tone, value=rate)


def _growth(today: WallToday | None) -> str:
    if today is None:
        return ""
    if today.growth is None or abs(today.growth) > _TELLING:
        return f"昨日同时 {today.reported_before:,}"
    return f"较昨日 {'+' if today.growth >= 0 else '−'}{abs(today.growth):.1%}"


def _count(value: int | None) -> str:
    return NONE if value is None else f"{value:,}"


def percent(rate: float | None) -> str:
    """97.3%."""
    return NONE if rate is None else f"{rate:.1%}"


def _long(seconds: float) -> str:
    """3 小时 12 分, or 2 天 4 小时."""
    hours, days = int(seconds // _HOUR), int(seconds // (24 * _HOUR))
    if days:
        return f"{days:,} 天 {hours % 24} 小时"
    minutes = int(seconds % _HOUR // 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"


# ------------------------------------------------------------ charts
def step_rows(today: WallToday) -> list[BarRow]:
    """七步闭环 of the day."""
    return [BarRow(step.key, step.label, count, told=step.meaning)
            for step, count in zip(STEPS, today.steps, strict=True)]  # fmt: skip


def state_rows(rows: Iterable[CaseRow], workflow: Workflow) -> list[BarRow]:
    """Where the open cases of a street or topic stand."""
    counts = Counter("filed" if row.state == "returned" else row.state for row in rows if row.open)
    return [BarRow(code, workflow.state[code].label, counts[code]) for code in _STATES]


def stage_rows(month: WallMonth, workflow: Workflow) -> list[BarRow]:
    """环节用时: mean working time of each kind of stage that ended this month."""
    return [BarRow(stage.stage, workflow.stage[stage.stage].label, stage.mean_s, format_hms(stage.mean_s),
                   told=f"本月 {stage.n:,} 次，超期 {stage.late:,} 次")
            for stage in month.stages if stage.stage in workflow.stage]  # fmt: skip


def channel_rows(counts: Mapping[int, int], channels: Mapping[int, Channel]) -> list[BarRow]:
    """问题来源."""
    return [BarRow(key, channels[key].short_name or channels[key].name, n)
            for key, n in counts.items() if key in channels and n]  # fmt: skip


def found_first(counts: Mapping[int, int], channels: Mapping[int, Channel]) -> BarRow:
    """未诉先办占比, below the sources."""
    whole = sum(n for key, n in counts.items() if key in channels)
    ahead = sum(n for key, n in counts.items() if key in channels and channels[key].proactive)
    rate = ahead / whole if whole else None
    return BarRow("found_first", "未诉先办占比", rate or 0.0, percent(rate), Tone.OK if rate else Tone.NORMAL)


def unit_rows(month: WallMonth, name: Callable[[int], str]) -> list[FigureRow]:
    """部门考核, best first; name(unit id): its short name."""
    return [FigureRow(unit.unit_id, name(unit.unit_id), (_score(unit.response), _score(unit.score)))
            for unit in month.units]  # fmt: skip


def _score(value: float | None) -> Figure:
    return Figure(NONE if value is None else f"{value:.1f}", value)


def trend_lines(now: Counted, past: WallPast | None, hours: int = 24) -> Trend:
    """受理与结案 by ten minutes; the slot that is not over has no figure yet: the line would fall at its end."""
    slots = min(len(now.reported), hours * _HOUR // SLOT_S)
    skipped = len(now.reported) - slots
    begins = now.begins + skipped * SLOT_S
    at = begins + SLOT_S * np.arange(slots, dtype=float)
    week, year = (past.last_week, past.last_year) if past else (None, None)
    parts = (("reported", "受理", Tone.ACTION, True), ("closed", "结案", Tone.OK, False))
    whole = len(now.reported)
    series = [TrendSeries(key, label, tone, _values(getattr(now, key)[skipped:], open_end=True),
                          _earlier(week, key, whole, skipped), _earlier(year, key, whole, skipped), filled)
              for key, label, tone, filled in parts]  # fmt: skip
    return Trend(at, series, begins, begins + slots * SLOT_S)


def _values(counts: Sequence[int], open_end: bool = False) -> np.ndarray:
    values = np.array(counts, float)
    if open_end and len(values):
        values[-1] = np.nan
    return values


def _earlier(trend: Counted | None, key: str, length: int, skipped: int) -> np.ndarray | None:
    """None where nothing of that time is known, or is not of the same slots."""
    counts = () if trend is None else getattr(trend, key)
    return _values(counts[skipped:]) if len(counts) == length else None
