"""Reads whistle.toml: levels, callers, sign-in, scores and shares of a deployment's whistle (吹哨报到)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from commandcenter.profiles.model import CLOCKS, OrgUnit
from commandcenter.profiles.toml_table import TomlTable, read_toml
from commandcenter.profiles.whistle_model import (
    CALLED_KINDS,
    CALLER_KINDS,
    FULL_SCORE,
    LEVEL_CODES,
    NO_WHISTLES,
    RatingWeights,
    ResponseScore,
    WhistleCaller,
    WhistleLevel,
    WhistleRules,
)

_MONTH_MINUTES: Final = 31 * 24 * 60
_YEAR_HOURS: Final = 366 * 24
_TOLERANCE: Final = 1e-9


def read_whistle(path: Path, org: Sequence[OrgUnit]) -> WhistleRules:
    """Read whistle.toml; a deployment without the file has no whistles."""
    if not path.exists():
        return NO_WHISTLES
    table = read_toml(path)
    arrival, escalation = table.table("arrival"), table.table("escalation")
    return WhistleRules(
        radius_m=arrival.whole("radius_m", 10, 5000),
        early_minutes=arrival.whole("early_minutes", 0, 24 * 60),
        late_minutes=arrival.whole("late_minutes", 0, 24 * 60),
        levels=_levels(table, frozenset(unit.line for unit in org if unit.line)),
        callers=_callers(table),
        on_missed_confirm=escalation.get("on_missed_confirm", bool),
        on_missed_arrival=escalation.get("on_missed_arrival", bool),
        score=_score(table.table("score")),
        weights=_weights(table.table("weights")),
        reason_below=table.table("rating").whole("reason_below", 0, FULL_SCORE),
        objection_days=table.table("objection").whole("days", 1, 366),
        rectification_days=table.table("rectification").whole("days", 1, 366),
        bulletin_automatic=table.table("bulletin").get("automatic", bool),
    )


def _levels(table: TomlTable, lines: frozenset[str]) -> tuple[WhistleLevel, ...]:
    entries = table.tables("level")
    if tuple(entry.entries.get("code") for entry in entries) != LEVEL_CODES:
        raise table.error(f"“level”应依次是 {'、'.join(LEVEL_CODES)} 三级")
    levels = tuple(_level(entry, lines) for entry in entries)
    if levels[0].adds:
        raise table.error("“level[1].adds”应为空：没有哨会升到最低一级")
    if levels[-1].escalate_hours:
        raise table.error(f"“level[{len(levels)}].escalate_hours”应为 0：最高一级不能再升")
    return levels


def _level(entry: TomlTable, lines: frozenset[str]) -> WhistleLevel:
    return WhistleLevel(
        code=entry.get("code", str),
        label=_label(entry),
        confirm_minutes=entry.whole("confirm_minutes", 1, _MONTH_MINUTES),
        clock=_choice(entry, "clock", tuple(CLOCKS)),
        arrive_minutes=entry.whole("arrive_minutes", 1, _MONTH_MINUTES),
        escalate_hours=entry.whole("escalate_hours", 0, _YEAR_HOURS),
        adds=_chosen(entry, "adds", lines, "没有对应的条线"),
    )


def _label(entry: TomlTable) -> str:
    label: str = entry.get("label", str)
    if not label.strip():
        raise entry.error(f"“{entry.way}label”不能为空")
    return label


def _callers(table: TomlTable) -> tuple[WhistleCaller, ...]:
    callers = tuple(_caller(entry) for entry in table.tables("caller"))
    if not callers:
        raise table.error("“caller”至少要有一个，否则没有人能吹哨")
    if len({caller.kind for caller in callers}) != len(callers):
        raise table.error("“caller”中有重复的 kind")
    return callers


def _caller(entry: TomlTable) -> WhistleCaller:
    kind = _choice(entry, "kind", CALLER_KINDS)
    calls = _chosen(entry, "calls", CALLED_KINDS, "不是可召集的单位类别")
    if not calls:
        raise entry.error(f"“{entry.way}calls”不能为空")
    return WhistleCaller(kind, calls, entry.get("signed", bool))


def _score(table: TomlTable) -> ResponseScore:
    score = ResponseScore(*(table.whole(name, 0, FULL_SCORE) for name in ResponseScore.__slots__))
    if score.respond_on_time + score.arrive_on_time + score.acted != FULL_SCORE:
        raise table.error(f"“score”的 respond_on_time、arrive_on_time、acted 之和应为 {FULL_SCORE}")
    if score.respond_late > score.respond_on_time or score.arrive_late > score.arrive_on_time:
        raise table.error("“score”中迟到的分不能高于按时的分")
    return score


def _weights(table: TomlTable) -> RatingWeights:
    weights = RatingWeights(*(float(table.get(name, (int, float))) for name in RatingWeights.__slots__))
    shares = weights.response, weights.street, weights.citizen
    if min(shares) < 0 or abs(sum(shares) - 1) > _TOLERANCE:
        raise table.error("“weights”的 response、street、citizen 不能为负，之和应为 1")
    return weights


def _choice(entry: TomlTable, key: str, allowed: Sequence[str]) -> str:
    value: str = entry.get(key, str)
    if value not in allowed:
        raise entry.error(f"“{entry.way}{key}”的值“{value}”不存在，应为 {'、'.join(allowed)}")
    return value


def _chosen(entry: TomlTable, key: str, allowed: frozenset[str], reason: str) -> tuple[str, ...]:
    values = entry.words(key)
    for value in values:
        if value not in allowed:
            raise entry.error(f"“{entry.way}{key}”的值“{value}”{reason}")
    return values
