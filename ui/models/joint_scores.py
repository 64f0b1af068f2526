"""一哨一考 · 本月: figures per department, what is behind each, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from commandcenter.domain.joint import BULLETIN_LABELS, Party, SummonsRow, UnitScore, WhistleRules
from ui.models.joint_words import JointWords
from widgets.figure_table import Figure, FigureColumn, FigureRow
from widgets.tones import Tone

_BELOW = 60  # rating.reason_below where the city's rules could not be read
NONE = "—"

COLUMNS = (
    FigureColumn("lanes", "哨数", "当月结束的吹哨与联合执法中计分的次数"),
    FigureColumn("response", "响应度", "区里按时钟计：响应、报到、到场处置"),
    FigureColumn("efficiency", "效率", "街道评：报到效率"),
    FigureColumn("cooperation", "配合度", "街道评"),
    FigureColumn("professional", "专业性", "街道评"),
    FigureColumn("responsibility", "担当", "街道评：担当意识"),
    FigureColumn("citizen", "群众", "第三方回访满意度"),
    FigureColumn("score", "综合", "按权重合计"),
)
RECTIFYING = "rectifying"
FAULTS = (*BULLETIN_LABELS.items(), (RECTIFYING, "整改中"))


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the city; since and until as Unix seconds."""

    year: int
    month: int
    since: float
    until: float

    @property
    def label(self) -> str:
        """2026-11."""
        return f"{self.year}-{self.month:02d}"


def month_of(instant: float, words: JointWords, back: int = 0) -> Month:
    """The month of a moment, or one so many months before it."""
    here = words.words.local(instant)
    count = here.year * 12 + here.month - 1 - back
    return Month(count // 12, count % 12 + 1, _first(count, here), _first(count + 1, here))


def _first(count: int, here: datetime) -> float:
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=here.tzinfo).timestamp()


def score_rows(scores: Sequence[UnitScore], words: JointWords, rules: WhistleRules | None) -> list[FigureRow]:
    """One row per unit, best first as given."""
    below = rules.reason_below if rules else _BELOW
    return [FigureRow(score.unit_id, words.unit(score.unit_id),
                      tuple(_figure(score, str(column.key), below) for column in COLUMNS), words.full(score.unit_id))
            for score in scores]


def _figure(score: UnitScore, name: str, below: int) -> Figure:
    value = getattr(score, name)
    if name == "lanes":
        return Figure(f"{value:,}", value, Tone.MUTED, f"其中已评价 {score.rated:,}")
    if value is None:
        return Figure(NONE, None, Tone.MUTED, "还没有分数")
    text = f"{value:.1f}" if name == "score" else f"{value:.0f}"
    if value < below:
        return Figure(text, value, Tone.OVERDUE, f"低于 {below} 分")
    return Figure(text, value, Tone.ACTION if name == "score" else Tone.NORMAL)


def faults(scores: Sequence[UnitScore], rectifying: int = 0) -> list[tuple[str, str, int]]:
    """(key, word, how many) of all units: 未响应 1 迟响应 3 整改中 2. `rectifying`: open now, of whichever month and
    unit, as the list behind it shows them; the scores count those of their own units."""
    return [(key, word, rectifying if key == RECTIFYING else sum(getattr(score, key) for score in scores))
            for key, word in FAULTS]


def behind(key: str) -> Callable[[Party], bool]:
    """Which lanes of a unit stand behind a figure of this column."""
    tests: dict[str, Callable[[Party], bool]] = {
        "no_response": lambda p: p.response == "none",
        "late_response": lambda p: p.response == "late",
        "absent": lambda p: p.arrival == "absent",
        "no_action": lambda p: p.arrived_at is not None and p.acted_at is None and p.done_at is None,
        "lanes": lambda p: p.response_score is not None or p.score is not None,
        "response": lambda p: p.response_score is not None,
        "citizen": lambda p: p.response_score is not None,
        "score": lambda p: p.score is not None,
    }
    return tests.get(key, lambda p: getattr(p, key, None) is not None)


def lane_figure(row: SummonsRow, unit_id: int | None, key: str) -> str:
    """What this whistle gave to the figure."""
    found = [p for p in row.parties if unit_id in (None, p.unit_id) and behind(key)(p)]
    names = {"lanes": "score", "response": "response_score"}
    values = [row.citizen_score if key == "citizen" else getattr(p, names.get(key, key), None) for p in found]
    return "、".join(NONE if v is None else f"{v:.1f}" if isinstance(v, float) else str(v) for v in values)


def table(scores: Sequence[UnitScore], words: JointWords) -> list[list[object]]:
    """Heading and rows with whole figures, for a file."""
    names = [str(column.key) for column in COLUMNS]
    head = ["部门", *(column.title for column in COLUMNS), *(word for _, word in FAULTS)]
    rows = [[words.full(s.unit_id), *(getattr(s, n) for n in names), *(getattr(s, n) for n, _ in FAULTS)]
            for s in scores]
    return [head, *([_plain(value) for value in row] for row in rows)]


def _plain(value: object) -> object:
    return "" if value is None else round(value, 2) if isinstance(value, float) else value


def as_csv(rows: Sequence[Sequence[object]]) -> bytes:
    """With a byte-order mark: without it Excel takes Chinese for Latin."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_safe(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(rows: Sequence[Sequence[object]], title: str) -> bytes:
    """An Excel file; a name is never a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 24
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _safe(value: object) -> object:
    """A text that a spreadsheet would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
