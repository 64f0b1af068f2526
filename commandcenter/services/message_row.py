"""One row of a table of citizen messages becomes a report, or the reason why it cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from uuid import UUID, uuid5

from commandcenter.domain.model import NewReport
from commandcenter.services.cells import RowRefused, clean_text
from commandcenter.services.import_mapping import Layout
from commandcenter.services.instants import read_instant
from commandcenter.services.table_reader import TableRow

# Command ids are made from what the row is, so that an import that broke off can simply be repeated.
IMPORT_NAMESPACE = UUID("b4a1f0c6-6d0e-5f7b-9a35-0b6f2f0f6c11")
CLOCK_SLACK = timedelta(minutes=5)  # the channel's clock may be a little ahead of the city's
LIMITS = {"source_no": 100, "description": 8_000, "address": 500, "reporter_name": 60, "reporter_phone": 30}
SUMMARY_LENGTH = 60  # the database keeps as much
LABELS = {
    "source_no": "编号",
    "description": "问题描述",
    "address": "地址",
    "reporter_name": "姓名",
    "reporter_phone": "电话",
}


@dataclass(frozen=True, slots=True)
class MessageReader:
    """Turns rows of one table into reports. `now` is the city's time; `channels`: names → codes; `author` keeps the
    command ids of different importers apart; `districts`: names → ids where one of several must be told."""

    layout: Layout
    zone: tzinfo
    now: datetime
    channels: Mapping[str, str]
    author: str
    districts: Mapping[str, int] = field(default_factory=dict)

    def read(self, row: TableRow) -> NewReport:
        """The row's report. Raises RowRefused."""
        text = {name: self._text(row, name) for name in LIMITS}
        if not text["description"]:
            raise RowRefused("没有问题描述")
        channel = self._channel(row)
        occurred_at = self._occurred_at(row)
        number = text["source_no"] or _fingerprint(occurred_at, text)
        return NewReport(
            id=uuid5(IMPORT_NAMESPACE, "\n".join((self.author, channel, number))),
            channel=channel,
            summary=clean_text(self.layout.cell(row, "summary"), "标题")[:SUMMARY_LENGTH],
            occurred_at=occurred_at,
            description=text["description"],
            source_no=text["source_no"],
            address=text["address"],
            district_id=self._district(row, text),
            reporter_name=text["reporter_name"],
            reporter_phone=text["reporter_phone"],
        )

    def number(self, row: TableRow) -> str:
        """The channel's own number, as far as it can be made out."""
        cell = self.layout.cell(row, "source_no")
        return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()[: LIMITS["source_no"]]

    def _text(self, row: TableRow, name: str) -> str:
        text = clean_text(self.layout.cell(row, name), LABELS[name])
        if len(text) > LIMITS[name]:
            raise RowRefused(f"{LABELS[name]}超过 {LIMITS[name]:,} 字", f"共 {len(text):,} 字")
        return text

    def _district(self, row: TableRow, text: Mapping[str, str]) -> int | None:
        """The district that the row names, in the address before all else."""
        title = clean_text(self.layout.cell(row, "summary"), "标题")
        for words in (text["address"], f"{title}\n{text['description']}"):
            named = {number for name, number in self.districts.items() if name in words}
            if len(named) == 1:
                return named.pop()
        if self.districts:
            raise RowRefused("看不出在哪个区县", "地址或内容须写明一个区县，如 " + next(iter(self.districts)))
        return None

    def _channel(self, row: TableRow) -> str:
        named = clean_text(self.layout.cell(row, "channel"), "渠道")
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


def _fingerprint(occurred_at: datetime | None, text: Mapping[str, str]) -> str:
    """Stands for a row that has no number of its own."""
    parts = [occurred_at.isoformat() if occurred_at else "", *(text[name] for name in sorted(text))]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()
