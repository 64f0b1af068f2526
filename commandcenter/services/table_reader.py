"""Reads a table (.xlsx, .xls, .csv) into rows of cells, going by its content and not by its name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from charset_normalizer import from_bytes
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from commandcenter.domain.errors import InvalidInput

Cell: TypeAlias = str | int | float | bool | datetime | date | time | timedelta

MAX_BYTES = 100 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 1_000_000  # characters; csv's own limit of 131,072 cuts honest cells, none at all invites abuse
ENCODINGS = ["utf_8", "gb18030", "big5", "utf_16"]
DELIMITERS = ",\t;"

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_FOREIGN = (
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"%PDF", "PDF 文档"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"{\\rtf", "RTF 文档"),
)
_ADVICE = "请另存为 .xlsx 或 .csv 后再导入"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its number as the table program shows it (1 = first row); blank cells are empty text."""

    number: int
    cells: tuple[Cell, ...]


def read_table(path: Path) -> list[TableRow]:
    """All rows that are not blank, of the first visible sheet that has any. Raises InvalidInput with a sentence that
    says what is wrong with the file."""
    content = _content(path)
    for signature, what in _FOREIGN:
        if content.startswith(signature):
            raise InvalidInput(f"“{path.name}”其实是{what}，不是表格；{_ADVICE}")
    rows = _excel_rows(path.name, content) if content.startswith(_EXCEL) else _text_rows(path.name, content)
    table = [TableRow(number, cells) for number, cells in rows if any(cell != "" for cell in cells)]
    if not table:
        raise InvalidInput(f"“{path.name}”里没有内容")
    return table


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(f"“{path.name}”超过 {MAX_BYTES >> 20} MB，请拆分后再导入")
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"“{path.name}”无法读取，请检查文件是否存在、是否有权限") from error
    if not content.strip():
        raise InvalidInput(f"“{path.name}”是空文件")
    return content


# ---------------------------------------------------------------- Excel
def _excel_rows(name: str, content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    try:
        sheet = _first_filled_sheet(content)
    except PasswordError as error:
        raise InvalidInput(f"“{name}”有密码保护，请取消密码后再导入") from error
    except CalamineError as error:
        raise InvalidInput(f"“{name}”不是 Excel 表格或已损坏；{_ADVICE}") from error
    _check_rows(name, len(sheet))
    for number, cells in enumerate(sheet, 1):
        yield number, tuple(cell.strip() if isinstance(cell, str) else cell for cell in cells)


def _first_filled_sheet(content: bytes) -> Sequence[Sequence[Cell]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
                if rows:
                    return rows
    return []


# ---------------------------------------------------------------- text
def _text_rows(name: str, content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = _decoded(name, content)
    if text.lstrip()[:1] == "<":
        raise InvalidInput(f"“{name}”其实是网页或 XML，不是表格；请用表格软件打开，{_ADVICE[1:]}")
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            _check_rows(name, number)
            yield number, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise InvalidInput(f"“{name}”第 {number + 1} 行起无法读取，可能引号没有成对；{_ADVICE}") from error


def _decoded(name: str, content: bytes) -> str:
    try:
        text = content.decode(_encoding(content))
    except (UnicodeDecodeError, LookupError) as error:
        raise InvalidInput(f"“{name}”不是文字表格，或者文字编码无法辨认；{_ADVICE}") from error
    if "\0" in text:
        raise InvalidInput(f"“{name}”不是文字表格；{_ADVICE}")
    return text


def _encoding(content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(content, cp_isolation=ENCODINGS).best()
        return guess.encoding if guess else "gb18030"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The sign that is most frequent in the first lines; the very first may be a title."""
    start = "\n".join(text.split("\n", 10)[:10])
    return max(DELIMITERS, key=start.count)


def _check_rows(name: str, count: int) -> None:
    if count > MAX_ROWS:
        raise InvalidInput(f"“{name}”超过 {MAX_ROWS:,} 行，请拆分后再导入")
