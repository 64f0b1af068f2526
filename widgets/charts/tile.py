"""One figure large: what it counts above, how it compares below."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QPainter

from widgets.charts.chart import Spot, Table
from widgets.charts.rows import SpotChart
from widgets.painting import draw_frame, draw_text, text_width
from widgets.theme import Theme
from widgets.tones import Tone

_LARGEST = 1.7    # of the theme's figure size, where there is room
_LEADING = 1.22    # a line over its type: closer than a text's


@dataclass(frozen=True)
class Kpi:
    """`value` is the figure for files (None: unknown), `text` how it reads; `note` compares it, in its tone."""

    key: Hashable
    label: str
    text: str
    note: str = ""
    note_tone: Tone = Tone.MUTED
    tone: Tone = Tone.NORMAL
    value: float | None = None
    told: str = ""
    clickable: bool = True

    def spoken(self) -> str:
        """As a screen reader says it."""
        return " ".join(filter(None, (self.label, self.text, self.note, self.told)))


class KpiTile(SpotChart):
    """Shows one figure in a frame; the whole tile can be clicked."""

    def __init__(self, kpi: Kpi | None = None) -> None:
        super().__init__()
        self._kpi = kpi
        if kpi is not None:
            self.set_kpi(kpi)

    def set_kpi(self, kpi: Kpi) -> None:
        """Show this figure."""
        told_before = self._kpi
        self._kpi = kpi
        if self.state is not None:
            self.set_state(None)
        elif kpi != told_before:
            self.changed()

    def table(self) -> Table:
        """Label, figure, comparison."""
        kpi = self._kpi
        rows: Table = [["指标", "数值", "比较"]]
        return rows if kpi is None else [*rows, [kpi.label, kpi.text if kpi.value is None else kpi.value, kpi.note]]

    def has_figures(self) -> bool:
        """It was given one."""
        return self._kpi is not None

    def spoken(self) -> str:
        """The figure as a screen reader says it."""
        return self._kpi.spoken() if self._kpi else ""

    def lay_out(self) -> None:
        """The tile is one spot."""
        kpi = self._kpi
        if kpi is not None:
            self.place_spots([Spot(self.rect(), kpi.spoken(), kpi.key if kpi.clickable else None)])

    def draw_ground(self, painter: QPainter) -> None:
        """The frame."""
        colors = self.theme.colors
        draw_frame(painter, self.rect(), self.theme, colors.line, colors.surface, self.theme.sizes.radius)

    def draw(self, painter: QPainter) -> None:
        """Label, figure, comparison, from above; without room the comparison goes, then the label."""
        kpi, theme, sizes = self._kpi, self.theme, self.theme.sizes
        if kpi is None:
            return
        self.draw_marks(painter)
        room = QRect(0, 0, self.width(), self.tall).adjusted(sizes.pad, sizes.pad_small, -sizes.pad, -sizes.pad_small)
        label, note = round(sizes.font_body * _LEADING), round(sizes.font_small * _LEADING)
        note = note if kpi.note and room.height() >= label + sizes.font_figure + note else 0
        label = label if room.height() >= label + sizes.font_figure else 0
        figure = figure_font(theme, kpi.text, room.width(), room.height() - label - note)
        high = round(figure.pixelSize() * _LEADING)
        top = room.top() + max(0, (room.height() - label - note - high) // 2)
        lines = [(label, kpi.label, theme.font("body"), theme.colors.text_muted),
                 (high, kpi.text, figure, theme.figure(kpi.tone)),
                 (note, kpi.note, theme.font("small"), theme.tone(kpi.note_tone))]
        for height, text, font, color in lines:
            draw_text(painter, QRect(room.left(), top, room.width() if height else 0, height), text, font, color)
            top += height

    def sizeHint(self) -> QSize:
        """Three lines."""
        sizes = self.theme.sizes
        return QSize(sizes.thumb_width + 2 * sizes.pad, sizes.card_height + sizes.font_figure)

    def minimumSizeHint(self) -> QSize:
        """The figure alone."""
        sizes = self.theme.sizes
        return QSize(3 * sizes.font_figure + 2 * sizes.pad, sizes.font_figure + sizes.pad + sizes.pad_small)


def figure_font(theme: Theme, text: str, width: int, height: int) -> QFont:
    """The largest font up to _LARGEST figures in which the text fits."""
    font = theme.font("figure", strong=True)
    largest = min(round(theme.sizes.font_figure * _LARGEST), round(height / _LEADING))
    font.setPixelSize(max(theme.sizes.font_small, largest))
    wide = text_width(font, text)
    if wide > width > 0:
        font.setPixelSize(max(theme.sizes.font_small, font.pixelSize() * width // wide))
    return font
