"""响应时限 in words, from the city's rules: 1 小时内确认；到场签到 ±15 分钟."""

from __future__ import annotations

from commandcenter.domain.joint import Level, Scenario, WhistleRules
from commandcenter.domain.roles import CLOCK_LABELS
from ui.forms.typed_time import format_minutes


def level_of(rules: WhistleRules, code: str) -> Level | None:
    """The level as the city set it."""
    return next((level for level in rules.levels if level.code == code), None)


def limit_words(rules: WhistleRules, level_code: str, scenario: Scenario | None, appointed: bool) -> str:
    """Confirmation, arrival, handling; `appointed`: the caller names a time."""
    level = level_of(rules, level_code)
    if level is None:
        return "部署方案没有设定这一级别，请换一级"
    confirm = scenario.confirm_minutes if scenario and scenario.confirm_minutes is not None else level.confirm_minutes
    clock = CLOCK_LABELS.get(level.clock, level.clock)
    parts = [f"{format_minutes(confirm)}内确认（{clock}）", _arrival(rules, level, scenario, appointed)]
    if scenario is not None and scenario.handle_hours is not None:
        parts.append(f"{scenario.handle_hours:,} 小时内办结")
    return "；".join(parts)


def _arrival(rules: WhistleRules, level: Level, scenario: Scenario | None, appointed: bool) -> str:
    near = f"{rules.radius_m:,} 米内"
    if appointed:
        early, late = rules.early_minutes, rules.late_minutes
        window = f"±{late} 分钟" if early == late else f"提前 {early} 分钟至迟 {late} 分钟"
        return f"到场签到 {window}，{near}"
    minutes = scenario.arrive_minutes if scenario and scenario.arrive_minutes is not None else level.arrive_minutes
    return f"发出后 {format_minutes(minutes)}内到场签到，{near}"
