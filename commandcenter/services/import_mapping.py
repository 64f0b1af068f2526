"""Which column of a table means what: mappings are data (resources/import), chosen by name or by the header."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.domain.errors import InvalidInput
from commandcenter.resources import RESOURCES
from commandcenter.services.table_reader import Cell, TableRow

CASE_MAPPINGS = RESOURCES / "import" / "cases"
HEADER_ROWS = 10  # a title or a unit's name may stand above the header
_REMARK = re.compile(r"\([^)]*\)|[*:\s]")


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """Field → names that its column may carry, best first. `channel`: the channel of rows that name none."""

    name: str
    label: str
    channel: str
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A mapping laid over one table: field → column index, and the index in the rows at which data begins."""

    mapping: ImportMapping
    columns: Mapping[str, int]
    first: int

    def cell(self, row: TableRow, field: str) -> Cell:
        """The row's cell for a field; empty text where the table has none."""
        column = self.columns.get(field)
        return row.cells[column] if column is not None and column < len(row.cells) else ""


def header_name(cell: Cell) -> str:
    """A header without what varies: width of letters, case, blanks, asterisks, remarks in brackets."""
    return _REMARK.sub("", unicodedata.normalize("NFKC", str(cell))).lower()


# ---------------------------------------------------------------- files
def built_in(folder: Path = CASE_MAPPINGS) -> list[ImportMapping]:
    """The mappings that come with the program, by name."""
    return [read_mapping(path) for path in sorted(folder.glob("*.toml"))]


def find_mapping(name: str, folder: Path = CASE_MAPPINGS) -> ImportMapping:
    """A built-in mapping by its name, or one in a file of the user's own (*.toml). Raises InvalidInput."""
    if name.endswith(".toml"):
        return read_mapping(Path(name))
    known = {mapping.name: mapping for mapping in built_in(folder)}
    if name not in known:
        raise InvalidInput(f"没有名为“{name}”的列映射；现有：{'、'.join(known)}")
    return known[name]


def read_mapping(path: Path) -> ImportMapping:
    """Read a mapping file: label, channel and [columns] field = ["列名", …]. Raises InvalidInput."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return _mapping(path.stem, raw)
    except OSError as error:
        raise InvalidInput(f"列映射“{path.name}”无法读取，请检查文件是否存在") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"列映射“{path.name}”不是 UTF-8 编码的 TOML 文件") from error
    except (KeyError, TypeError) as error:
        raise InvalidInput(f"列映射“{path.name}”不完整：须有 channel 和 [columns]，每个字段对应列名的列表") from error


def _mapping(name: str, raw: Mapping[str, Any]) -> ImportMapping:
    columns = {}
    for field, names in raw["columns"].items():
        if not isinstance(names, list):
            raise TypeError(field)
        columns[field] = tuple(header_name(str(n)) for n in names)
    return ImportMapping(name, str(raw.get("label", name)), str(raw["channel"]), columns)


# ---------------------------------------------------------------- choosing
def lay_out(rows: Sequence[TableRow], mappings: Iterable[ImportMapping], needed: Sequence[str]) -> Layout:
    """Find the header among the first rows and the mapping that recognises most of it. `needed`: fields without
    which no mapping fits. Raises InvalidInput that shows the header met."""
    best: tuple[int, Layout] | None = None
    for mapping in mappings:
        for index, row in enumerate(rows[:HEADER_ROWS]):
            found = _recognised(mapping, [header_name(cell) for cell in row.cells])
            fits = all(field in found for field in needed)
            if fits and (best is None or len(found) > best[0]):
                best = len(found), Layout(mapping, found, index + 1)
    if best is None:
        raise InvalidInput(_no_header(rows))
    layout = best[1]
    _refuse_twins(rows[layout.first - 1], layout)
    return layout


def _recognised(mapping: ImportMapping, header: Sequence[str]) -> dict[str, int]:
    found = {}
    for field, names in mapping.columns.items():
        present = [name for name in names if name in header]
        if present:
            found[field] = header.index(present[0])
    return found


def _refuse_twins(row: TableRow, layout: Layout) -> None:
    header = [header_name(cell) for cell in row.cells]
    for column in layout.columns.values():
        places = [str(place) for place, name in enumerate(header, 1) if name == header[column]]
        if len(places) > 1:
            raise InvalidInput(f"表头“{row.cells[column]}”重复出现在第 {'、'.join(places)} 列，请只留一列")


def _no_header(rows: Sequence[TableRow]) -> str:
    fullest = max(rows[:HEADER_ROWS], key=lambda row: sum(cell != "" for cell in row.cells))
    shown = "、".join(str(cell)[:10] for cell in fullest.cells[:12] if cell != "")
    return f"认不出表头（第 {fullest.number} 行：{shown}）；请核对列名，或用 --mapping 指定列映射"
