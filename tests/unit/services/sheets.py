"""Makes the tables that the import tests feed in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook


def excel(path: Path, *rows: Sequence[object]) -> Path:
    """An .xlsx file with these rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("留言")
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def comma(path: Path, *rows: Sequence[object], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    """A text file with these rows."""
    with path.open("w", encoding=encoding, newline="") as lines:
        csv.writer(lines, delimiter=delimiter).writerows(rows)
    return path
