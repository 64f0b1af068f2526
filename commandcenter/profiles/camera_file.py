"""Reads cameras.toml and cameras.csv of a deployment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commandcenter.domain.errors import InvalidInput
from commandcenter.profiles.camera_model import (
    DWELL_S,
    NO_CAMERAS,
    CameraCategory,
    CameraEntry,
    CameraPlan,
    CameraRound,
)
from commandcenter.profiles.camera_table import CellFault, camera_rules, read_camera_table
from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.model import OrgUnit
from commandcenter.profiles.toml_table import TomlTable, read_toml


def read_cameras(folder: Path, org: Sequence[OrgUnit]) -> CameraPlan:
    """Categories, cameras and rotation groups; a deployment without cameras.toml has none."""
    path = folder / "cameras.toml"
    if not path.exists():
        return NO_CAMERAS
    table = read_toml(path)
    categories = tuple(_category(entry) for entry in table.tables("category"))
    if len({c.code for c in categories}) != len(categories) or len({c.label for c in categories}) != len(categories):
        raise table.error("“category”中有重复的 code 或 label")
    cameras = _cameras(folder / "cameras.csv", categories, org)
    known = frozenset(camera.no for camera in cameras)
    rounds = tuple(_round(entry, known) for entry in _groups(table))
    if len({r.name for r in rounds}) != len(rounds):
        raise table.error("“group”中有重复的 name")
    return CameraPlan(categories, cameras, rounds)


def _category(entry: TomlTable) -> CameraCategory:
    view = entry.words("view")
    try:
        if camera_rules(" ".join(view)) != view:
            raise CellFault("可见范围写作 role:reach")
    except CellFault as fault:
        raise entry.error(f"“{entry.way}view”不对：{fault}") from fault
    code, label = entry.get("code", str), entry.get("label", str)
    if not code.isidentifier() or not label.strip():
        raise entry.error(f"“{entry.way}code”或“{entry.way}label”不对")
    return CameraCategory(code, label, view)


def _cameras(path: Path, categories: Sequence[CameraCategory], org: Sequence[OrgUnit]) -> tuple[CameraEntry, ...]:
    if not path.exists():
        return ()
    try:
        entries, faults = read_camera_table(path, categories, org)
    except InvalidInput as error:
        raise ProfileError(path.name, None, error.message) from error
    if faults:
        raise ProfileError(path.name, faults[0].row, faults[0].words)
    seen: dict[str, int] = {}
    for entry in entries:
        if seen.setdefault(entry.no, entry.row) != entry.row:
            raise ProfileError(path.name, entry.row, f"编号与第 {seen[entry.no]} 行重复")
    return tuple(entries)


def _groups(table: TomlTable) -> list[TomlTable]:
    return table.tables("group") if "group" in table.entries else []


def _round(entry: TomlTable, known: frozenset[str]) -> CameraRound:
    cameras = entry.words("cameras")
    if not cameras or not known.issuperset(cameras):
        raise entry.error(f"“{entry.way}cameras”为空，或有 cameras.csv 中没有的编号")
    return CameraRound(entry.get("name", str), entry.whole("dwell_s", *DWELL_S), cameras)
