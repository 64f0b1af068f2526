"""What a cell says as text, and the refusal of a row whose cells say nothing usable."""

from __future__ import annotations

import re

from commandcenter.services.table_reader import Cell

EXACT_DIGITS = 1e15  # beyond it Excel itself has lost the last digits
# Control signs but tab and newline, signs of no width, lone surrogates: PostgreSQL refuses some, nobody reads any.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d{2}")


class RowRefused(Exception):
    """Why a row cannot be taken in: `reason` is the same for all rows of its kind, `detail` names what is special."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def clean_text(cell: Cell, label: str) -> str:
    """The cell as text without control signs, blanks at the ends of lines, and more than one empty line together.

    Raises RowRefused for a long number that the table program has shortened.
    """
    text = _INVISIBLE.sub("", _written(cell, label))
    if "\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n")))
    return text.strip()


def _written(cell: Cell, label: str) -> str:
    """Excel stores every number as a float, and a long one no longer exactly."""
    if isinstance(cell, float) and abs(cell) < EXACT_DIGITS:
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, float) or (isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell)):
        raise RowRefused(f"{label}被表格软件存成了科学计数，末位已丢失", "请把该列设为文本格式后重新导出")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(cell)
