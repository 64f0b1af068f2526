"""One row of a city's list of components and events (部件/事件) becomes a catalogue item, or the reason why not."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.profiles.limits import MAX_MINUTES, parse_limit
from commandcenter.profiles.model import GRADES, ITEM_KINDS, STAGES
from commandcenter.resources import RESOURCES
from commandcenter.services.cells import RowRefused, clean_text
from commandcenter.services.import_mapping import Layout
from commandcenter.services.table_reader import TableRow

CATALOGUE_MAPPINGS = RESOURCES / "import" / "catalogue"
MAX_TEXT = 2_000
_TEXTS = {"major": "大类", "minor": "小类"}
_RANKS = {"danger": "危险性", "visibility": "直观性", "disorder": "无序性"}
_FLAGS = {"urgent": "紧急", "photo_required": "须拍照", "sample": "示例"}
_STAGE_LABELS = dict(zip(STAGES, ("受理", "立案", "派遣", "接收", "处置", "核查", "结案"), strict=True))


@dataclass(frozen=True, slots=True)
class Wording:
    """What blank cells stand for (field → text) and how people write a value (kind of word → text → value)."""

    defaults: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    def value(self, kind: str, text: str) -> str:
        """The value that a text stands for; the text itself if it is none of the known words."""
        return self.words.get(kind, {}).get(text, text)


def read_wording(path: Path = CATALOGUE_MAPPINGS / "standard.toml") -> Wording:
    """The wording that comes with the program."""
    raw = tomllib.loads(path.read_text("utf-8"))
    return Wording(raw["defaults"], raw["words"])


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Turns rows of one table into items as cc.load_catalogue takes them. `lines`: every way to name a responsible
    line → its key; `day_minutes`: minutes that each clock runs on a working day."""

    layout: Layout
    wording: Wording
    lines: Mapping[str, str]
    day_minutes: Mapping[str, int]

    def read(self, row: TableRow) -> dict[str, Any]:
        """The row's item. Raises RowRefused."""
        item: dict[str, Any] = {field: self._needed(row, field, label) for field, label in _TEXTS.items()}
        item["code"] = self._code(row)
        item["kind"] = self._choice(row, "kind", "类别", ITEM_KINDS)
        item["domain"] = self._text(row, "domain")
        item["name"] = self._text(row, "name") or item["minor"]
        item |= {field: int(self._number(row, field, label, 1, 3)) for field, label in _RANKS.items()}
        item |= {field: self._flag(row, field, label) for field, label in _FLAGS.items()}
        item["grade"] = self._choice(row, "grade", "分级", GRADES)
        item["line"] = self._line(row, "line", "责任部门")
        item["fallback"] = self._fallback(row)
        item["return_window_minutes"] = self._number(row, "return_window_minutes", "回退时限", 0, MAX_MINUTES)
        item |= {field: self._text(row, field) for field in ("filing_condition", "closing_standard")}
        item["limits"] = self._limits(row)
        return item

    def _code(self, row: TableRow) -> str:
        """A list without a column of full codes writes 大类代码 and 小类代码, which together are one (GB/T 30428.2)."""
        parts = self._text(row, "major_code") + self._text(row, "minor_code")
        return self._text(row, "code") or parts or self._needed(row, "code", "编码")

    def _text(self, row: TableRow, field: str) -> str:
        text = clean_text(self.layout.cell(row, field), "内容") or self.wording.defaults.get(field, "")
        if len(text) > MAX_TEXT:
            raise RowRefused(f"内容超过 {MAX_TEXT:,} 字", f"共 {len(text):,} 字")
        return text

    def _needed(self, row: TableRow, field: str, label: str) -> str:
        text = self._text(row, field)
        if not text:
            raise RowRefused(f"没有{label}")
        return text

    def _choice(self, row: TableRow, field: str, label: str, allowed: Collection[str]) -> str:
        text = self._needed(row, field, label)
        value = self.wording.value(field, text)
        if value not in allowed:
            raise RowRefused(f"{label}不在允许范围内", f"“{text[:20]}”")
        return value

    def _number(self, row: TableRow, field: str, label: str, low: int, high: int) -> int:
        text = self._needed(row, field, label)
        value = self.wording.value("rank", text)
        if not (value.isascii() and value.isdigit() and low <= int(value[:9]) <= high):
            raise RowRefused(f"{label}不是 {low} 到 {high} 的整数", f"“{text[:20]}”")
        return int(value)

    def _flag(self, row: TableRow, field: str, label: str) -> bool:
        text = self._needed(row, field, label)
        value = self.wording.value("flag", text.lower())
        if value not in ("0", "1"):
            raise RowRefused(f"{label}应写“是”或“否”", f"“{text[:20]}”")
        return value == "1"

    def _line(self, row: TableRow, field: str, label: str) -> str:
        text = self._needed(row, field, label)
        if text not in self.lines:
            raise RowRefused(f"{label}没有对应的单位", f"“{text[:20]}”")
        return self.lines[text]

    def _fallback(self, row: TableRow) -> str:
        value = self.wording.value("fallback", self._text(row, "fallback"))
        return value if value == "street" else self._line(row, "fallback", "兜底单位")

    def _limits(self, row: TableRow) -> list[dict[str, Any]]:
        """A stage without a limit of its own runs by the workflow's."""
        written = {stage: self._text(row, stage) for stage in STAGES}
        return [self._limit(stage, text) for stage, text in written.items() if text]

    def _limit(self, stage: str, text: str) -> dict[str, Any]:
        try:
            limit = parse_limit(stage, "".join(text.split()), self.day_minutes)
        except (ValueError, KeyError) as error:
            raise RowRefused(f"{_STAGE_LABELS[stage]}时限无法辨认", f"“{text[:20]}”，应如“4工作时”“2工作日”") from error
        return {"stage": limit.stage, "minutes": limit.minutes, "clock": limit.clock}
