"""Drawing one row: everything that stands still into a pixmap, what lives on top of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from widgets.live_table.columns import Align, CellKind, Column
from widgets.live_table.row_state import NORMAL, NOTE_MARKS, NOTE_TONES, RowState, RowStateKind
from widgets.painting import MIDDLE, RIGHT, RIGHT_END, draw_bar, draw_chip, draw_text, text_width
from widgets.theme import Theme
from widgets.tones import Tone

_BAR_SHARE = 0.8


@dataclass(frozen=True)
class RowLook:
    """What besides the row itself decides how it looks."""

    selected: bool = False
    hovered: bool = False
    flashing: bool = False
    state: RowState = NORMAL


@dataclass(frozen=True)
class Section:
    """Where a column stands, in px from the row's left edge."""

    column: Column
    left: int
    width: int


class RowPainter:
    """Paints rows of given sections in a theme; caches one pixmap per key."""

    _ROOM = 400  # rows kept; a screen shows fewer than a hundred

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.sections: tuple[Section, ...] = ()
        self.ratio = 1.0
        self._pixmaps: dict[Any, tuple[Any, RowLook, QPixmap]] = {}

    def clear(self) -> None:
        """Forget all drawings: theme, sections or ratio changed."""
        self._pixmaps.clear()

    def forget(self, keys: Iterable[Any]) -> None:
        """Draw these anew."""
        for key in keys:
            self._pixmaps.pop(key, None)

    def set_sections(self, sections: Sequence[Section], ratio: float) -> None:
        """Take another layout; keeps the drawings if it is the same."""
        taken = tuple(sections)
        if taken != self.sections or ratio != self.ratio:
            self.sections, self.ratio = taken, ratio
            self.clear()

    def left_margin(self) -> int:
        """Room left of the first column's text, for the stripe."""
        sizes = self.theme.sizes
        return sizes.pad + sizes.stripe_width + sizes.pad_small

    def pixmap(self, key: Any, row: Any, look: RowLook) -> QPixmap:
        """The still part of a row, opaque."""
        known = self._pixmaps.get(key)
        if known is not None and known[0] is row and known[1] == look:
            return known[2]
        if len(self._pixmaps) >= self._ROOM:
            self.clear()
        drawn = self._draw(row, look)
        self._pixmaps[key] = (row, look, drawn)
        return drawn

    def draw_live(self, painter: QPainter, top: int, shift: int, row: Any, now: float, look: RowLook) -> None:
        """Draw the cells that change with the clock, over the still part."""
        for section in self.sections:
            column = section.column
            if column.live is None:
                continue
            said = column.live(row, now)
            color = self.theme.colors.text_faint if _dimmed(look) else self.theme.figure(said.tone)
            rect = self._text_rect(section).translated(-shift, top)
            draw_text(painter, rect, said.text, self.theme.font("body", strong=True), color, column.align.flag)

    def draw_stripe(self, painter: QPainter, top: int, shift: int, tone: Tone | None, look: RowLook) -> None:
        """Draw the mark at the row's left edge."""
        sizes = self.theme.sizes
        color = self.theme.colors.stripe if tone is None else self.theme.mark(tone)
        if look.state.kind is not RowStateKind.NORMAL:
            color = self.theme.mark(NOTE_TONES[look.state.kind])
        inset = sizes.row_height // 4
        painter.fillRect(sizes.pad - shift, top + inset, sizes.stripe_width, sizes.row_height - 2 * inset, color)

    def background(self, look: RowLook) -> QColor:
        """Fill of a row."""
        colors = self.theme.colors
        if look.flashing or (look.state.kind is RowStateKind.FAILED and not look.selected):
            return colors.failed_fill
        if look.selected:
            return colors.selection
        return colors.hover if look.hovered else colors.background

    def _draw(self, row: Any, look: RowLook) -> QPixmap:
        last, height = self.sections[-1], self.theme.sizes.row_height
        width = last.left + last.width
        pixmap = QPixmap(round(width * self.ratio), round(height * self.ratio))
        pixmap.setDevicePixelRatio(self.ratio)
        pixmap.fill(self.background(look))
        painter = QPainter(pixmap)
        line = self.theme.sizes.line_width
        painter.fillRect(0, height - line, width, line, self.theme.colors.line)
        note = self._note_rect(look)
        for section in self.sections:
            self._draw_cell(painter, section, row, look, note.left() - self.theme.sizes.pad_small)
        self._draw_note(painter, note, look)
        painter.end()
        return pixmap

    def _draw_cell(self, painter: QPainter, section: Section, row: Any, look: RowLook, limit: int) -> None:
        column, rect = section.column, self._text_rect(section)
        if column.live is not None:
            return
        rect.setRight(min(rect.right(), limit))
        if rect.width() < 2 * self.theme.sizes.chip_height:
            return  # less than two characters say nothing
        tone = column.tone_of(row)
        if column.kind is CellKind.CHIP and tone is not Tone.MUTED:
            draw_chip(
                painter,
                rect,
                column.text(row),
                self.theme,
                self._color(tone, column.kind, look),
                align=column.align.flag,
            )
        elif column.kind is CellKind.BAR:
            self._draw_share(painter, rect, column.fraction(row), column.text(row), tone)
        else:
            font = self.theme.font("body", column.kind in (CellKind.STRONG, CellKind.NUMBER))
            if column.struck is not None and column.struck(row):
                font = QFont(font)
                font.setStrikeOut(True)
            draw_text(
                painter,
                rect,
                column.text(row),
                font,
                self._color(tone, column.kind, look),
                column.align.flag,
                MIDDLE if column.elide_middle else RIGHT_END,
            )

    def _draw_share(self, painter: QPainter, rect: QRect, share: float, text: str, tone: Tone) -> None:
        sizes, colors = self.theme.sizes, self.theme.colors
        width = draw_text(painter, rect, text, self.theme.font("small"), self.theme.tone(tone), RIGHT)
        room = rect.width() - (width + sizes.pad_small if width else 0)
        bar = QRect(rect.left(), rect.center().y() - sizes.bar_thickness // 2, room, sizes.bar_thickness)
        color = self.theme.mark(Tone.ACTION if tone is Tone.NORMAL else tone)
        draw_bar(painter, bar, share, color, colors.track)

    def _note_rect(self, look: RowLook) -> QRect:
        """Where the state's words stand: at the right end of the still cells; empty and beyond them without words."""
        sizes, room = self.theme.sizes, self._still_width()
        if not look.state.note:
            return QRect(self.sections[-1].left + self.sections[-1].width + sizes.pad, 0, 0, 0)
        text = NOTE_MARKS[look.state.kind] + look.state.note
        width = min(room // 2, text_width(self.theme.font("small"), text) + 2 * sizes.pad_small)
        return QRect(room - width - sizes.pad_small, 0, width, sizes.row_height)

    def _draw_note(self, painter: QPainter, rect: QRect, look: RowLook) -> None:
        text = NOTE_MARKS[look.state.kind] + look.state.note
        color = self.theme.tone(NOTE_TONES[look.state.kind])
        if look.state.note:
            draw_chip(painter, rect, text, self.theme, color, self.theme.colors.held_fill)

    def _still_width(self) -> int:
        live = [section.left for section in self.sections if section.column.live is not None]
        return min(live) if live else self.sections[-1].left + self.sections[-1].width

    def _text_rect(self, section: Section) -> QRect:
        sizes = self.theme.sizes
        first = section is self.sections[0] or section == self.sections[0]
        last = section == self.sections[-1]
        left = section.left + (self.left_margin() if first else sizes.pad_small // 2)
        right = section.left + section.width - (sizes.pad if last else sizes.pad_small)
        return QRect(left, 0, right - left, sizes.row_height - sizes.line_width)

    def _color(self, tone: Tone, kind: CellKind, look: RowLook) -> QColor:
        if _dimmed(look):
            return self.theme.colors.text_faint
        if tone is Tone.NORMAL and kind is CellKind.MUTED:
            return self.theme.colors.text_muted
        return self.theme.figure(tone) if kind is CellKind.NUMBER else self.theme.tone(tone)


def _dimmed(look: RowLook) -> bool:
    return look.state.kind is RowStateKind.SENDING


def header_align(column: Column) -> Qt.AlignmentFlag:
    """A title stands over its figures."""
    return Align.RIGHT.flag if column.align is Align.RIGHT else Align.LEFT.flag
