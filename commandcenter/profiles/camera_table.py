"""Reads a table of cameras (CSV or Excel): every fault by row, and not one word of a row repeated.

A row whose cells have slipped by one column has its password anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.profiles.camera_model import NEVER_VIEW, REACH_LABELS, CameraCategory, CameraEntry
from commandcenter.profiles.model import OrgUnit
from commandcenter.services.table_reader import Cell, TableRow, read_table

T = TypeVar("T")

NEEDED: Final = ("编号", "名称", "类别", "经度", "纬度", "归属单位", "主码流")
OPTIONAL: Final = ("地址", "子码流", "账号", "密码", "传输", "可见范围", "状态")
CAMERA_COLUMNS: Final = (
    "编号", "名称", "类别", "经度", "纬度", "地址", "归属单位", "主码流", "子码流", "账号", "密码", "传输", "可见范围",
    "状态",
)  # fmt: skip
STATES: Final = {"": True, "在用": True, "停用": False}
MOST_ROWS: Final = 20_000
_SPLIT: Final = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class CameraFault:
    """What is wrong with a row (1 = header; 0 = the whole table)."""

    row: int
    words: str


class CellFault(Exception):
    """``str()`` says what is wrong with a cell, without the cell."""


def read_camera_table(
    path: Path, categories: Sequence[CameraCategory], units: Iterable[OrgUnit]
) -> tuple[list[CameraEntry], list[CameraFault]]:
    """The rows that can be read, and the faults of the others. Raises InvalidInput when it is no table at all."""
    table = read_table(path)
    columns = _columns(table[0])
    if len(table) == 1:
        raise InvalidInput("表中只有表头，没有摄像机")
    if len(table) - 1 > MOST_ROWS:
        raise InvalidInput(f"超过 {MOST_ROWS} 行，请拆分后再导入")
    reader = _Reader(columns, categories, units)
    entries: list[CameraEntry] = []
    faults: list[CameraFault] = []
    for row in table[1:]:
        entry, wrong = reader.entry(row)
        faults += [CameraFault(row.number, words) for words in wrong]
        if entry is not None:
            entries.append(entry)
    return entries, faults


def _columns(header: TableRow) -> dict[str, int]:
    names = [str(cell).strip().lstrip("\ufeff") for cell in header.cells]
    missing = [name for name in NEEDED if name not in names]
    strange = [at for at, name in enumerate(names, 1) if name not in CAMERA_COLUMNS]
    twice = [name for name in CAMERA_COLUMNS if names.count(name) > 1]
    if missing or strange or twice:
        said = [f"缺少{'、'.join(missing)}"] if missing else []
        said += [f"第 {'、'.join(map(str, strange))} 列不认识"] if strange else []
        said += [f"{'、'.join(twice)}重复"] if twice else []
        raise InvalidInput(f"第 {header.number} 行不是摄像机表的表头：{'，'.join(said)}")
    return {name: at for at, name in enumerate(names)}


def camera_rules(words: str) -> tuple[str, ...] | None:
    """`role:reach` of a list of rules in codes or Chinese words; None: the category's. Raises CellFault."""
    roles = {label: code for code, label in ROLE_LABELS.items()} | {code: code for code in ROLE_LABELS}
    reaches = {label: code for code, label in REACH_LABELS.items()} | {code: code for code in REACH_LABELS}
    rules = []
    for rule in filter(None, _SPLIT.split(words.strip())):
        role, _, reach = rule.replace("：", ":").partition(":")
        if roles.get(role, "duty") in NEVER_VIEW or reach not in reaches:
            raise CellFault(f"可见范围写作“岗位:范围”，范围为{'、'.join(REACH_LABELS.values())}")
        rules.append(f"{roles[role]}:{reaches[reach]}")
    return tuple(dict.fromkeys(rules)) or None


class _Reader:
    def __init__(
        self, columns: Mapping[str, int], categories: Sequence[CameraCategory], units: Iterable[OrgUnit]
    ) -> None:
        self._columns = columns
        self._categories = {c.label: c.code for c in categories} | {c.code: c.code for c in categories}
        self._units: dict[str, set[str]] = {}
        keys = set()
        for unit in units:
            keys.add(unit.key)
            for name in (unit.name, unit.short_name):
                self._units.setdefault(name, set()).add(unit.key)
        self._units |= {key: {key} for key in keys}

    def entry(self, row: TableRow) -> tuple[CameraEntry | None, list[str]]:
        wrong: list[str] = []
        if len(row.cells) > len(self._columns) and any(cell != "" for cell in row.cells[len(self._columns) :]):
            return None, ["列数比表头多，可能有内容含逗号而没有加引号"]
        cells = {name: _text(row.cells[at]) if at < len(row.cells) else "" for name, at in self._columns.items()}
        cells = dict.fromkeys(CAMERA_COLUMNS, "") | cells

        def read(column: str, parse: Callable[[str], T], instead: T) -> T:
            try:
                return parse(cells[column])
            except CellFault as fault:
                wrong.append(str(fault))
                return instead

        entry = CameraEntry(
            row=row.number, no=read("编号", _needed("编号"), ""), name=read("名称", _needed("名称"), ""),
            category=read("类别", self._category, ""), lon=read("经度", _degrees("经度", 180), 0.0),
            lat=read("纬度", _degrees("纬度", 90), 0.0), place=cells["地址"],
            owner_key=read("归属单位", self._owner, ""), main=cells["主码流"], sub=cells["子码流"], user=cells["账号"],
            password=cells["密码"], transport=cells["传输"].lower(), view=read("可见范围", camera_rules, None),
            in_use=read("状态", _state, True),
        )  # fmt: skip
        return (None if wrong else entry), wrong

    def _category(self, words: str) -> str:
        if words not in self._categories:
            raise CellFault(f"没有这个类别，应为{'、'.join(w for w, code in self._categories.items() if w != code)}")
        return self._categories[words]

    def _owner(self, words: str) -> str:
        keys = self._units.get(words, set())
        if len(keys) > 1:
            raise CellFault("有多个单位叫这个名称，归属单位请写单位编号")
        if not keys:
            raise CellFault("没有这个归属单位，请写单位的全称、简称或编号")
        return next(iter(keys))


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _needed(column: str) -> Callable[[str], str]:
    def parse(words: str) -> str:
        if not words:
            raise CellFault(f"{column}不能为空")
        return words

    return parse


def _degrees(column: str, most: int) -> Callable[[str], float]:
    def parse(words: str) -> float:
        try:
            value = float(words)
        except ValueError:
            value = math.nan
        if not -most <= value <= most:
            raise CellFault(f"{column}不是 -{most} 到 {most} 的度数")
        return value

    return parse


def _state(words: str) -> bool:
    if words not in STATES:
        raise CellFault("状态应为在用或停用")
    return STATES[words]
