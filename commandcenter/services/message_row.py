"""One row of a table of citizen messages becomes a report, or the reason why it cannot."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID, uuid5

from commandcenter.domain.model import NewReport
from commandcenter.services.import_mapping import Layout
from commandcenter.services.instants import read_instant
from commandcenter.services.table_reader import Cell, TableRow

# Command ids are made from what the row is, so that an import that broke off can simply be repeated.
IMPORT_NAMESPACE = UUID("b4a1f0c6-6d0e-5f7b-9a35-0b6f2f0f6c11")
CLOCK_SLACK = timedelta(minutes=5)  # the channel's clock may be a little ahead of the city's
LIMITS = {"source_no": 100, "description": 8_000, "address": 500, "reporter_name": 60, "reporter_phone": 30}
SUMMARY_LENGTH = 60  # the database keeps as much
EXACT_DIGITS = 1e15  # beyond it Excel itself has lost the last digits
LABELS = {
    "source_no": "编号",
    "description": "问题描述",
    "address": "地址",
    "reporter_name": "姓名",
    "reporter_phone": "电话",
}


class RowRefused(Exception):
    """Why a row cannot be taken in: `reason` is the same for all rows of its kind, `detail` names what is special."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class MessageReader:
    """Turns rows of one table into reports. `now` is the city's time; `channels`: names → codes; `author` keeps the
    command ids of different importers apart."""

    layout: Layout
    zone: tzinfo
    now: datetime
    channels: Mapping[str, str]
    author: str

    def read(self, row: TableRow) -> NewReport:
        """The row's report. Raises RowRefused."""
        text = {field: self._text(row, field) for field in LIMITS}
        if not text["description"]:
            raise RowRefused("没有问题描述")
        channel = self._channel(row)
        occurred_at = self._occurred_at(row)
        number = text["source_no"] or _fingerprint(occurred_at, text)
        return NewReport(
            id=uuid5(IMPORT_NAMESPACE, "\n".join((self.author, channel, number))),
            channel=channel,
            summary=_clean(_written(self.layout.cell(row, "summary"), "标题"))[:SUMMARY_LENGTH],
            occurred_at=occurred_at,
            description=text["description"],
            source_no=text["source_no"],
            address=text["address"],
            reporter_name=text["reporter_name"],
            reporter_phone=text["reporter_phone"],
        )

    def _text(self, row: TableRow, field: str) -> str:
        text = _clean(_written(self.layout.cell(row, field), LABELS[field]))
        if len(text) > LIMITS[field]:
            raise RowRefused(f"{LABELS[field]}超过 {LIMITS[field]:,} 字", f"共 {len(text):,} 字")
        return text

    def _channel(self, row: TableRow) -> str:
        named = _clean(_written(self.layout.cell(row, "channel"), "渠道"))
        return self.channels.get(named, named) or self.layout.mapping.channel

    def _occurred_at(self, row: TableRow) -> datetime | None:
        cell = self.layout.cell(row, "occurred_at")
        if cell == "":
            return None
        try:
            instant = read_instant(cell, self.zone)
            late = instant > self.now + CLOCK_SLACK
        except (ValueError, OverflowError) as error:
            raise RowRefused("时间无法辨认", f"“{str(cell)[:24]}”") from error
        if late:
            raise RowRefused("时间在将来", f"{instant:%Y-%m-%d %H:%M}")
        return instant


def _written(cell: Cell, label: str) -> str:
    """A cell as text; Excel stores every number as a float, and a long one no longer exactly."""
    if isinstance(cell, float):
        if abs(cell) >= EXACT_DIGITS:
            raise RowRefused(f"{label}被表格软件存成了科学计数，末位已丢失", "请把该列设为文本格式后重新导出")
        return str(int(cell)) if cell == int(cell) else str(cell)
    return str(cell)


def _clean(text: str) -> str:
    """Without control signs, blanks at the ends of lines, and more than one empty line together."""
    visible = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    lines = "\n".join(line.strip() for line in visible.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _fingerprint(occurred_at: datetime | None, text: Mapping[str, str]) -> str:
    """Stands for a row that has no number of its own."""
    parts = [occurred_at.isoformat() if occurred_at else "", *(text[field] for field in sorted(text))]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
