"""Bars with figures: the steps of a loop, and the shares of a whole with the small ones folded into one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter

from widgets.charts.chart import Spot, Table
from widgets.charts.rows import BarRow, SpotChart, fitting
from widgets.painting import RIGHT, draw_bar, draw_text, text_width
from widgets.tones import Tone

REST = "rest"  # the key of the folded line
_LABEL_MOST, _LABEL_LEAST = 0.42, 0.16  # of the width


class _Bars(SpotChart):
    """Lines of label, bar and figure; `columns` head the file."""

    columns: tuple[str, ...] = ("名称", "数量")

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.rows: tuple[BarRow, ...] = ()
        self.lines: tuple[BarRow, ...] = ()

    def set_rows(self, rows: Sequence[BarRow]) -> None:
        """Show these; the same ones again cost nothing."""
        if tuple(rows) == self.rows and self.state is None:
            return
        self.rows = tuple(rows)
        if self.state is not None:
            self.set_state(None)
        else:
            self.changed()

    def has_figures(self) -> bool:
        """Any line."""
        return bool(self.rows)

    def spoken(self) -> str:
        """Every line."""
        return "，".join(f"{row.label} {row.figure}" for row in self.lines)

    def line_height(self) -> int:
        """Lines share the room, up to a row of a queue."""
        sizes = self.theme.sizes
        return max(sizes.font_small, min(sizes.queue_row, self.tall // max(1, self.line_count())))

    def line_count(self) -> int:
        """How many lines are wanted."""
        return len(self.rows)

    def most(self) -> float:
        """The figure whose bar is full."""
        return max((row.value for row in self.lines), default=0.0)

    def explained(self, row: BarRow) -> str:
        """What hover and a screen reader say of a line."""
        return " · ".join(filter(None, (f"{row.label} {row.figure}", row.told)))

    def lay_out(self) -> None:
        """One spot a line."""
        high = self.line_height()
        self.lines = self.rows
        self.place_spots([Spot(QRect(0, place * high, self.width(), high), self.explained(row),
                               row.key if row.clickable else None) for place, row in enumerate(self.lines)])

    def draw(self, painter: QPainter) -> None:
        """Line by line; labels and figures each in a column of their own."""
        if not self.lines:
            return
        self.draw_marks(painter)
        sizes, high = self.theme.sizes, self.line_height()
        font, strong = fitting(self.theme.font("title"), high), fitting(self.theme.font("title", True), high)
        labels = max(text_width(font, row.label) for row in self.lines) + sizes.pad
        labels = min(max(labels, round(self.width() * _LABEL_LEAST)), round(self.width() * _LABEL_MOST))
        figures = max(text_width(strong, row.figure) for row in self.lines) + 2 * sizes.pad_small
        for row, spot in zip(self.lines, self._spots, strict=False):
            inner = spot.rect.adjusted(sizes.pad_small, 0, -sizes.pad_small, 0)
            label = inner.adjusted(0, 0, labels - inner.width() - sizes.pad_small, 0)
            draw_text(painter, label, row.label, font, self.theme.colors.text_muted)
            draw_text(painter, inner, row.figure, strong, self.theme.figure(row.tone), RIGHT)
            self._draw_bar(painter, inner.adjusted(labels, 0, -figures, 0), row)

    def _draw_bar(self, painter: QPainter, room: QRect, row: BarRow) -> None:
        thick = min(2 * self.theme.sizes.bar_thickness, max(2, room.height() // 2))
        bar = QRect(room.left(), room.center().y() - thick // 2, room.width(), thick)
        colors = self.theme.colors
        fill = colors.series_2 if row.tone is Tone.NORMAL else self.theme.mark(row.tone)
        if bar.width() > thick:
            draw_bar(painter, bar, row.value / self.most() if self.most() else 0.0, fill, colors.track)

    def sizeHint(self) -> QSize:
        """A row of a queue for each line."""
        sizes = self.theme.sizes
        return QSize(sizes.queue_row * 8, sizes.queue_row * max(1, self.line_count()))

    def minimumSizeHint(self) -> QSize:
        """As many of the smallest lines as there are."""
        sizes = self.theme.sizes
        return QSize(sizes.queue_row * 4, (sizes.font_small + sizes.pad_small) * max(1, self.line_count()))


class StageFunnel(_Bars):
    """The steps of a loop (七步闭环): bars are measured by the greatest; hover tells how many came on."""

    columns = ("环节", "数量", "占上一环节")

    def table(self) -> Table:
        """Step, figure, share of the step before."""
        return [list(self.columns), *([row.label, row.value, self._of_before(place) or ""]
                                      for place, row in enumerate(self.rows))]

    def explained(self, row: BarRow) -> str:
        """With the share of the step before."""
        share = self._of_before(self.rows.index(row))
        return " · ".join(filter(None, (super().explained(row), share and f"为上一环节的 {share}")))

    def _of_before(self, place: int) -> str:
        before = self.rows[place - 1].value if place else 0
        return f"{100 * self.rows[place].value / before:.1f}%" if before else ""


class ShareBars(_Bars):
    """Shares of a whole, the greatest first; what has no room is folded into one line, `rest` with its number."""

    columns = ("名称", "数量", "占比")

    def __init__(self, title: str, rest: str = "其他 {} 个", most_lines: int = 7, unit: str = "件") -> None:
        super().__init__(title)
        self._rest, self._most_lines, self._unit = rest, most_lines, unit
        self._foot: BarRow | None = None

    def set_foot(self, foot: BarRow | None) -> None:
        """A figure of its own below the bars, with its label."""
        if foot != self._foot:
            self._foot = foot
            self.changed()

    def table(self) -> Table:
        """Every share, none folded."""
        rows: Table = [[row.label, row.value, self._share(row.value)] for row in self._ordered()]
        return [list(self.columns), *rows, *([[self._foot.label, self._foot.figure, ""]] if self._foot else [])]

    def spoken(self) -> str:
        """Every line and the foot."""
        foot = f"{self._foot.label} {self._foot.figure}" if self._foot else ""
        return "，".join(filter(None, (super().spoken(), foot)))

    def most(self) -> float:
        """A bar is full for the greatest single share; the folded line may be more."""
        return max((row.value for row in self.lines if row.key != REST), default=0.0)

    def line_count(self) -> int:
        """As many as may be shown, and the foot."""
        return min(len(self.rows), self._most_lines) + (1 if self._foot else 0)

    def line_height(self) -> int:
        """Never less than the type needs: fewer lines are shown instead."""
        sizes = self.theme.sizes
        least = QFontMetrics(self.theme.font("title")).height()
        return max(least, min(sizes.queue_row, self.tall // max(1, self.line_count())))

    def lay_out(self) -> None:
        """The lines that have room, the rest folded, the foot at the end."""
        high = self.line_height()
        room = max(2, self.tall // high - (1 if self._foot else 0))
        self.lines = tuple(self._shown(min(room, self._most_lines)))
        shown = [*self.lines, self._foot] if self._foot else list(self.lines)
        self.place_spots([Spot(QRect(0, place * high, self.width(), high), self.explained(row),
                               row.key if row.clickable else None) for place, row in enumerate(shown)])

    def explained(self, row: BarRow) -> str:
        """With the number behind the share."""
        if row is self._foot:
            return super().explained(row)
        return " · ".join(filter(None, (f"{row.label} {row.figure}", f"{row.value:,.0f} {self._unit}", row.told)))

    def draw(self, painter: QPainter) -> None:
        """The bars, then the foot."""
        super().draw(painter)
        if self._foot and len(self._spots) > len(self.lines):
            inner = self._spots[-1].rect.adjusted(self.theme.sizes.pad_small, 0, -self.theme.sizes.pad_small, 0)
            draw_text(painter, inner, self._foot.label, fitting(self.theme.font("title"), inner.height()),
                      self.theme.colors.text_muted)
            draw_text(painter, inner, self._foot.figure, fitting(self.theme.font("heading", True), inner.height()),
                      self.theme.figure(self._foot.tone), RIGHT)

    def _ordered(self) -> list[BarRow]:
        return sorted(self.rows, key=lambda row: -row.value)

    def _shown(self, room: int) -> list[BarRow]:
        ordered = self._ordered()
        alone, folded = (ordered, []) if len(ordered) <= room else (ordered[: room - 1], ordered[room - 1 :])
        lines = [BarRow(row.key, row.label, row.value, row.text or self._share(row.value), row.tone, row.told,
                        row.clickable) for row in alone]
        if folded:
            count = sum(row.value for row in folded)
            told = "、".join(f"{row.label} {row.value:,.0f}" for row in folded)
            lines.append(BarRow(REST, self._rest.format(len(folded)), count, self._share(count), told=told))
        return lines

    def _share(self, value: float) -> str:
        whole = sum(row.value for row in self.rows)
        return f"{100 * value / whole:.1f}%" if whole else "—"
