"""Open cases as the queue shows them, with words that cost nothing to make: the tables are measured, not the words."""

from __future__ import annotations

from dataclasses import replace

from commandcenter.domain.model import CaseRow
from tests.support.case_rows import case_row
from widgets.durations import countdown
from widgets.live_table import Align, CellKind, Column

NEAR_S = 1800.0
NOW = 1_750_000_000.0
KINDS = ("市容环境", "公用设施", "街面秩序", "突发事件")
ITEMS = ("暴露垃圾", "井盖缺失", "占道经营", "夜间施工噪声", "非机动车乱停放", "树木倒伏", "违法建设", "乱张贴")
STREETS = tuple(f"街道{n:03d}" for n in range(17))
GRIDS = tuple(f"社区{n // 4:03d} {n % 4 + 1:02d}-{n % 3 + 1}" for n in range(592))
SOURCES = ("巡查", "12345", "视频", "随手拍", "微网格")
UNITS = tuple(f"荐 单位{n:02d}" for n in range(41))
STREET, LEFT = 3, 7  # columns that are filtered and sorted by


def row(number: int, turn: int = 0) -> CaseRow:
    """The case of this number after `turn` changes, always the same."""
    made = case_row(number, version=1 + turn, street_id=number % 17, item_id=number % 8, grid_id=number % 592)
    return replace(made, unit_id=number % 41, deadline=NOW + (number * 7919 + turn * 601) % 172_800 - 20_000)


def rows(count: int, first: int = 1) -> list[CaseRow]:
    """Cases newest first."""
    return [row(first + count - 1 - step) for step in range(count)]


def columns() -> list[Column]:
    """Eight columns like the dispatch queue's."""
    return [
        Column("no", "编号", 110, kind=CellKind.MUTED, text=lambda r: r.no, sort_key=lambda r: r.id),
        Column("kind", "大类", 92, kind=CellKind.MUTED, text=lambda r: KINDS[r.item_id % 4]),
        Column("item", "小类", 128, 1, kind=CellKind.STRONG, text=lambda r: ITEMS[r.item_id]),
        Column("street", "街道", 88, text=lambda r: STREETS[r.street_id], sort_key=lambda r: r.street_id),
        Column("grid", "社区·网格", 128, kind=CellKind.MUTED, text=lambda r: GRIDS[r.grid_id]),
        Column("source", "来源", 72, text=lambda r: SOURCES[r.id % 5]),
        Column("unit", "建议责任单位", 132, 1, kind=CellKind.CHIP, text=lambda r: UNITS[r.unit_id]),
        Column("left", "剩余", 92, align=Align.RIGHT, kind=CellKind.COUNTDOWN, sort_key=lambda r: r.deadline,
               live=lambda r, now: countdown(r.deadline - now, NEAR_S)),
    ]  # fmt: skip
