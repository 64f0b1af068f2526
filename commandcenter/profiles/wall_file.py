"""Reads wall.toml: scenes, shifts and targets of a deployment's walls (一屏观天下), and as the database keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from commandcenter.domain.wall import PANELS, SCENE_KINDS, SLOTS, Scene, Shift, WallPlan
from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.toml_table import TomlTable, read_toml

if TYPE_CHECKING:
    from commandcenter.profiles.model import CatalogueItem, OrgUnit

DEFAULT: Final = Path(__file__).resolve().parents[2] / "resources" / "profiles" / "wall.toml"
DWELL_S: Final = (5, 3600)
_DAY_S: Final = 86_400
_MOST_COLUMNS: Final = 4


def read_wall(folder: Path, org: Sequence[OrgUnit], catalogue: Sequence[CatalogueItem]) -> WallPlan | None:
    """Read wall.toml; None when the deployment has none, which then uses `default_plan`.

    Its scenes may name streets and topics of this deployment only.
    """
    path = folder / "wall.toml"
    if not path.exists():
        return None
    plan = read_plan(path)
    streets = {unit.short_name for unit in org if unit.kind == "street"}
    topics = {item.major for item in catalogue} | {item.minor for item in catalogue}
    for scene in plan.scenes:
        if scene.street and scene.street not in streets:
            raise ProfileError(path.name, None, f"场景“{scene.label}”的 street“{scene.street}”不是本区的街道简称")
        if scene.topic and scene.topic not in topics:
            raise ProfileError(path.name, None, f"场景“{scene.label}”的 topic“{scene.topic}”不在事项目录的大类或小类中")
    return plan


def default_plan() -> WallPlan:
    """Scenes of a deployment that says nothing; shifts are a city's own, so there are none."""
    return read_plan(DEFAULT)


def read_plan(path: Path) -> WallPlan:
    """Read a file like wall.toml. Raises ProfileError with the entry that is wrong."""
    table = read_toml(path)
    scenes = tuple(_scene(entry) for entry in table.tables("scene"))
    if not any(scene.rotates for scene in scenes):
        raise table.error("“scene”中至少要有一个参加轮播")
    if len({scene.code for scene in scenes}) != len(scenes):
        raise table.error("“scene”中有重复的 code")
    shifts = tuple(_shift(entry) for entry in table.tables("shift")) if "shift" in table.entries else ()
    _check_shifts(table, shifts)
    return WallPlan(scenes, shifts, _target(table, "on_time"), _target(table, "satisfaction"))


def plan_json(plan: WallPlan) -> dict[str, Any]:
    """The plan as the database keeps it."""
    return asdict(plan)


def plan_of(told: Mapping[str, Any]) -> WallPlan:
    """And back."""
    scenes = tuple(
        Scene(**{**scene, "columns": tuple(tuple(column) for column in scene["columns"])}) for scene in told["scenes"]
    )
    shifts = tuple(Shift(**shift) for shift in told["shifts"])
    return WallPlan(scenes, shifts, told["on_time_target"], told["satisfaction_target"])


def _scene(entry: TomlTable) -> Scene:
    code, label, kind = (entry.get(key, str) for key in ("code", "label", "kind"))
    if not (code.isidentifier() and code.isascii() and code == code.lower() and len(code) <= 40) or not label.strip():
        raise entry.error(f"“{entry.way}code”或“{entry.way}label”不对")
    if kind not in SCENE_KINDS:
        raise entry.error(f"“{entry.way}kind”的值“{kind}”不存在，应为 {'、'.join(SCENE_KINDS)}")
    return Scene(
        code,
        label,
        kind,
        entry.whole("dwell_s", *DWELL_S),
        _columns(entry),
        trend_hours=entry.whole("trend_hours", 1, SLOTS // 6) if "trend_hours" in entry.entries else SLOTS // 6,
        street=entry.get("street", str) if "street" in entry.entries else "",
        topic=entry.get("topic", str) if "topic" in entry.entries else "",
        rotates=entry.get("rotates", bool) if "rotates" in entry.entries else kind != "emergency",
    )


def _columns(entry: TomlTable) -> tuple[tuple[str, ...], ...]:
    columns = entry.get("columns", list)
    if not 1 <= len(columns) <= _MOST_COLUMNS or not all(isinstance(column, list) and column for column in columns):
        raise entry.error(f"“{entry.way}columns”应为 1 至 {_MOST_COLUMNS} 列，每列至少一块面板")
    panels = [panel for column in columns for panel in column]
    for panel in panels:
        if panel not in PANELS:
            raise entry.error(f"“{entry.way}columns”中的“{panel}”不存在，应为 {'、'.join(PANELS)}")
    if len(set(panels)) != len(panels):
        raise entry.error(f"“{entry.way}columns”中有重复的面板")
    return tuple(tuple(column) for column in columns)


def _shift(entry: TomlTable) -> Shift:
    label: str = entry.get("label", str)
    if not label.strip():
        raise entry.error(f"“{entry.way}label”不能为空")
    return Shift(label, _seconds(entry, "start") % _DAY_S, _seconds(entry, "end") % _DAY_S)


def _seconds(entry: TomlTable, key: str) -> int:
    """``"08:30"`` → 30,600; ``"24:00"`` is midnight."""
    words: str = entry.get(key, str)
    hours, _, minutes = words.partition(":")
    if not (len(words) == 5 and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise entry.error(f"“{entry.way}{key}”的值“{words}”不是 时:分")
    if (total := int(hours) * 3600 + int(minutes) * 60) > _DAY_S:
        raise entry.error(f"“{entry.way}{key}”的值“{words}”超过 24:00")
    return total


def _check_shifts(table: TomlTable, shifts: Sequence[Shift]) -> None:
    """Together they are the day: each begins where the one before ends, or a moment had two shifts, or none."""
    if not shifts:
        return
    whole = sum((shift.to_s - shift.from_s - 1) % _DAY_S + 1 for shift in shifts)
    if whole != _DAY_S or any(a.to_s != b.from_s for a, b in zip(shifts, (*shifts[1:], shifts[0]), strict=True)):
        raise table.error("“shift”应首尾相接，合起来正好 24 小时")


def _target(table: TomlTable, key: str) -> float | None:
    if "targets" not in table.entries or key not in (targets := table.table("targets")).entries:
        return None
    value = float(targets.get(key, (int, float)))
    if not 0 < value <= 1:
        raise targets.error(f"“targets.{key}”应在 0 到 1 之间")
    return value
