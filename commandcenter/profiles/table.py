"""CSV rows that know their file and line, so that every complaint can name them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from commandcenter.profiles.errors import ProfileError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One data row; accessors raise :class:`ProfileError` when the cell is not what they promise."""

    file: str
    number: int
    cells: Mapping[str, str]

    def error(self, reason: str) -> ProfileError:
        """The complaint about this row, to be raised by the caller."""
        return ProfileError(self.file, self.number, reason)

    def optional(self, column: str) -> str | None:
        """The cell's text, None if blank."""
        return self.cells[column].strip() or None

    def text(self, column: str) -> str:
        """The cell's text, which must not be blank."""
        value = self.cells[column].strip()
        if not value:
            raise self.error(f"“{column}”不能为空")
        return value

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """The cell's text, which must be one of ``allowed``."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(f"“{column}”的值“{value}”不在允许范围内（{'、'.join(sorted(allowed))}）")
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        """The cell as a whole number from ``low`` to ``high``."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit()) or not low <= int(value) <= high:
            raise self.error(f"“{column}”的值“{value}”不是 {low} 到 {high} 的整数")
        return int(value)

    def optional_whole(self, column: str, low: int, high: int) -> int | None:
        """The cell as a whole number from ``low`` to ``high``, None if blank."""
        return None if self.optional(column) is None else self.whole(column, low, high)

    def flag(self, column: str) -> bool:
        """The cell as yes (1) or no (0)."""
        return self.choice(column, ("0", "1")) == "1"


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a UTF-8 CSV file whose header must be exactly ``columns``, in any order."""
    if not path.is_file():
        raise ProfileError(path.name, None, "文件不存在")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            header = next(reader, [])
            _check_header(path.name, header, columns)
            for cells in reader:
                yield _row(path.name, reader.line_num, header, cells)
        except (csv.Error, UnicodeDecodeError) as error:
            raise ProfileError(path.name, reader.line_num + 1, f"无法读取：{error}") from error


def _check_header(file: str, header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    unknown = [column for column in header if column not in columns]
    if missing or unknown or len(set(header)) != len(header):
        raise ProfileError(file, 1, f"表头不符：缺少 {missing or '无'}，多出 {unknown or '无'}")


def _row(file: str, number: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) != len(header):
        raise ProfileError(file, number, f"应有 {len(header)} 列，实有 {len(cells)} 列")
    return Row(file, number, dict(zip(header, cells, strict=True)))


def unique(rows: Iterable[tuple[Row, T]], column: str, key: Callable[[T], object]) -> list[T]:
    """The values of ``rows``; two with the same ``key`` are an error that names both rows."""
    seen: dict[object, int] = {}
    values = []
    for row, value in rows:
        first = seen.setdefault(key(value), row.number)
        if first != row.number:
            raise row.error(f"“{column}”的值“{key(value)}”与第 {first} 行重复")
        values.append(value)
    return values
