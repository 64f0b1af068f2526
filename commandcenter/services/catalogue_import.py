"""Reads a city's catalogue (大类/小类) from Excel or CSV into a list to load as a new version."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.model import Calendar, Org
from commandcenter.services.catalogue_row import CATALOGUE_MAPPINGS, ItemReader, read_wording
from commandcenter.services.cells import RowRefused
from commandcenter.services.import_mapping import built_in, lay_out
from commandcenter.services.table_reader import TableRow, read_table

MAX_ITEMS = 20_000  # as cc.load_catalogue


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that is not in the list. `row`: its number in the file (1 = first)."""

    row: int
    code: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueList:
    """What is to be loaded: `source` names file and digest, so that a version can be told from another; `items` are
    as cc.load_catalogue takes them."""

    source: str
    items: tuple[dict[str, Any], ...]
    rejected: tuple[RejectedRow, ...]

    @property
    def reasons(self) -> Counter[str]:
        """How many rows were refused for which reason."""
        return Counter(row.reason for row in self.rejected)


def read_catalogue_table(path: Path, lines: Mapping[str, str], day_minutes: Mapping[str, int]) -> CatalogueList:
    """Read an .xlsx, .xls or .csv file. lines: see `names_of_lines`; day_minutes: see
    `minutes_of_clocks`. Raises InvalidInput for a file of which nothing can be used."""
    rows = read_table(path)
    layout = lay_out(rows, built_in(CATALOGUE_MAPPINGS), needed=("major", "minor"))
    sorting = _Sorting(ItemReader(layout, read_wording(), lines, day_minutes))
    for row in rows[layout.first :]:
        sorting.take(row)
    if not sorting.items:
        raise InvalidInput(f"“{path.name}”没有一行可用：{_most_common(sorting.rejected)}")
    if len(sorting.items) > MAX_ITEMS:
        raise InvalidInput(f"“{path.name}”超过 {MAX_ITEMS:,} 行，不像是一份目录")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return CatalogueList(f"{path.name} {digest[:12]}", tuple(sorting.items), tuple(sorting.rejected))


def names_of_lines(orgs: Iterable[Org]) -> dict[str, str]:
    """Every way to name who answers for a line: its key, and the full and short name of its unit."""
    return {name: org.line for org in orgs if org.line for name in (org.line, org.name, org.short_name)}


def minutes_of_clocks(calendar: Calendar) -> dict[str, int]:
    """Minutes that each clock runs on a working day; 紧急工作时 never stands still."""
    office = {clock: sum(b - a for a, b in windows) // 60 for clock, windows in calendar.windows.items()}
    return {"urgent": 24 * 60} | office


class _Sorting:
    """Keeps what can be used, and of what repeats an earlier row only the first."""

    def __init__(self, reader: ItemReader) -> None:
        self._reader = reader
        self._first_row: dict[tuple[str, ...], int] = {}
        self.items: list[dict[str, Any]] = []
        self.rejected: list[RejectedRow] = []

    def take(self, row: TableRow) -> None:
        """Put the row where it belongs."""
        try:
            item = self._reader.read(row)
            self._refuse_repetition(row, item)
        except RowRefused as refusal:
            code = str(self._reader.layout.cell(row, "code"))[:40]
            self.rejected.append(RejectedRow(row.number, code, refusal.reason, refusal.detail))
        else:
            self.items.append(item)

    def _refuse_repetition(self, row: TableRow, item: Mapping[str, Any]) -> None:
        keys = {"编码": (item["code"],), "名称": (item["major"], item["minor"], item["name"])}
        for label, key in keys.items():
            if key in self._first_row:
                raise RowRefused(f"{label}在文件中重复", f"与第 {self._first_row[key]} 行相同")
        self._first_row |= dict.fromkeys(keys.values(), row.number)


def _most_common(rejected: Iterable[RejectedRow]) -> str:
    counted = Counter(row.reason for row in rejected).most_common(1)
    return f"{counted[0][0]}（{counted[0][1]:,} 行）" if counted else "表头下面没有数据"
