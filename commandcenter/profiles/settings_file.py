"""Reads profile.toml: names, office hours, published figures and sources of a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commandcenter.profiles.model import CLOCKS, OfficeWindow, Published
from commandcenter.profiles.toml_table import TomlTable, read_toml

SUPPORTED_CRS: Final = "WGS-84"


@dataclass(frozen=True, slots=True)
class Settings:
    """The content of profile.toml."""

    title: str
    crs: str
    sample: bool
    reopen_days: int
    office_windows: tuple[OfficeWindow, ...]
    published: tuple[Published, ...]
    statistics: tuple[Published, ...]
    sources: tuple[str, ...]


def read_settings(path: Path) -> Settings:
    """Read profile.toml; wrong types, unknown clocks and overlapping windows are refused."""
    table = read_toml(path)
    return Settings(
        title=table.get("title", str),
        crs=_crs(table),
        sample=table.get("sample", bool),
        reopen_days=table.get("reopen_days", int),
        office_windows=_windows(table),
        published=_figures(table, "published"),
        statistics=_figures(table, "statistics"),
        sources=tuple(table.get("sources", list)),
    )


def _crs(table: TomlTable) -> str:
    crs: str = table.get("crs", str)
    if crs != SUPPORTED_CRS:
        raise table.error(f"坐标系“{crs}”不支持，应为 {SUPPORTED_CRS}")
    return crs


def _windows(table: TomlTable) -> tuple[OfficeWindow, ...]:
    windows = [_window(entry) for entry in table.tables("office_windows")]
    for clock, label in CLOCKS.items():
        _check_clock(table, label, [window for window in windows if window.clock == clock])
    return tuple(windows)


def _window(entry: TomlTable) -> OfficeWindow:
    clock = entry.get("clock", str)
    if clock not in CLOCKS:
        raise entry.error(f"“{entry.way}clock”的值“{clock}”不存在")
    return OfficeWindow(clock, _minute(entry, "start"), _minute(entry, "end"))


def _minute(entry: TomlTable, key: str) -> int:
    """``"08:30"`` → 510; ``"24:00"`` ends a day."""
    text = entry.get(key, str)
    hours, _, minutes = text.partition(":")
    if not (len(text) == 5 and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise entry.error(f"“{entry.way}{key}”的值“{text}”不是 时:分")
    if (total := int(hours) * 60 + int(minutes)) > 24 * 60:
        raise entry.error(f"“{entry.way}{key}”的值“{text}”超过 24:00")
    return total


def _check_clock(table: TomlTable, label: str, windows: Sequence[OfficeWindow]) -> None:
    if not windows:
        raise table.error(f"“{label}”没有时段")
    last = -1
    for window in windows:
        if not last < window.start_minute < window.end_minute:
            raise table.error(f"“{label}”的时段颠倒或重叠")
        last = window.end_minute - 1


def _figures(table: TomlTable, key: str) -> tuple[Published, ...]:
    figures = tuple(
        Published(entry.get("metric", str), entry.get("label", str), entry.get("value", (int, float)))
        for entry in table.tables(key)
    )
    if len({figure.metric for figure in figures}) != len(figures):
        raise table.error(f"“{key}”中有重复的指标")
    return figures
