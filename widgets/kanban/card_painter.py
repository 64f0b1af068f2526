"""Drawing a card of a column."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from widgets.durations import LiveText
from widgets.kanban.cards import CardChip, KanbanCard
from widgets.painting import RIGHT, draw_chip, draw_focus, draw_frame, draw_text, text_width
from widgets.theme import Theme, ThemeSizes
from widgets.tones import Tone


@dataclass(frozen=True)
class CardLook:
    """What besides its data decides how a card looks."""

    hovered: bool = False
    focused: bool = False
    opened: bool = False


def _leading(sizes: ThemeSizes) -> int:
    """What a line is higher than its font."""
    return sizes.pad_small + sizes.line_width


def card_height(sizes: ThemeSizes) -> int:
    """Badge, title, two lines, chips."""
    lines = sizes.font_title + 2 * sizes.font_small + 3 * _leading(sizes)
    return 2 * sizes.chip_height + lines + 4 * sizes.pad_small


def draw_card(painter: QPainter, rect: QRect, card: KanbanCard, note: LiveText, look: CardLook, theme: Theme) -> None:
    """Draw one card filling ``rect``; ``note`` is its third line now."""
    colors, sizes = theme.colors, theme.sizes
    border = colors.action_mark if look.opened else colors.line_strong if look.hovered else colors.line
    fill = colors.selection if look.opened else colors.hover if look.hovered else colors.surface
    draw_frame(painter, rect, theme, border, fill, sizes.radius)
    inner = rect.adjusted(sizes.pad, sizes.pad_small, -sizes.pad, -sizes.pad_small)
    inner.setTop(inner.top() + sizes.line_width)
    top = _draw_head(painter, inner, card, theme)
    top = _draw_line(painter, inner, top + sizes.pad_small // 2, card.title, "title", Tone.NORMAL, theme)
    top = _draw_line(painter, inner, top, card.line, "small", Tone.MUTED, theme)
    top = _draw_line(painter, inner, top, note.text, "small", note.tone, theme)
    chips = QRect(inner.left(), inner.bottom() - sizes.chip_height + 1, inner.width(), sizes.chip_height)
    draw_chips(painter, chips, card.chips, theme)
    if look.focused:
        draw_focus(painter, rect, theme, sizes.radius)


def draw_chips(painter: QPainter, rect: QRect, chips: Sequence[CardChip], theme: Theme) -> None:
    """As many as fit side by side; of the rest their number."""
    font, sizes = theme.font("small"), theme.sizes
    widths = [text_width(font, chip.text) + 2 * sizes.pad_small for chip in chips]
    left = rect.left()
    for place, (chip, width) in enumerate(zip(chips, widths, strict=True)):
        more = len(chips) - place
        spare = 0 if more == 1 else text_width(font, f"+{more}") + 2 * sizes.pad_small
        rest = sum(widths[place:]) + (more - 1) * sizes.pad_small
        if left + rest > rect.right() + 1 and left + width + sizes.pad_small + spare > rect.right() + 1:
            draw_chip(painter, rect.adjusted(left - rect.left(), 0, 0, 0), f"+{more}", theme, theme.colors.text_muted)
            return
        draw_tone_chip(painter, QRect(left, rect.top(), width, rect.height()), chip, theme)
        left += width + sizes.pad_small


def draw_tone_chip(painter: QPainter, rect: QRect, chip: CardChip, theme: Theme) -> None:
    """A chip whose frame and word say its state."""
    quiet = chip.tone in (Tone.MUTED, Tone.FAINT, Tone.NORMAL)
    frame = theme.colors.line_strong if quiet else theme.mark(chip.tone)
    draw_frame(painter, _chip_box(rect, theme), theme, frame, None, theme.sizes.radius_small)
    inner = rect.adjusted(theme.sizes.pad_small // 2, 0, -(theme.sizes.pad_small // 2), 0)
    shift = max(0, (inner.width() - text_width(theme.font("small"), chip.text)) // 2)
    draw_text(painter, inner.adjusted(shift, 0, 0, 0), chip.text, theme.font("small"), theme.tone(chip.tone))


def _chip_box(rect: QRect, theme: Theme) -> QRect:
    height = theme.sizes.chip_height
    return QRect(rect.left(), rect.center().y() - height // 2, rect.width(), height)


def _draw_head(painter: QPainter, inner: QRect, card: KanbanCard, theme: Theme) -> int:
    """Badge at the left, corner at the right; returns where the next line may begin."""
    line = QRect(inner.left(), inner.top(), inner.width(), theme.sizes.chip_height)
    taken = 0
    if card.badge is not None:
        taken = text_width(theme.font("small"), card.badge.text) + 2 * theme.sizes.pad_small
        draw_tone_chip(painter, QRect(line.left(), line.top(), taken, line.height()), card.badge, theme)
    room = line.adjusted(taken + theme.sizes.pad_small, 0, 0, 0)
    draw_text(painter, room, card.corner, theme.font("small"), theme.colors.text_muted, RIGHT)
    return line.bottom() + 1


def _draw_line(painter: QPainter, inner: QRect, top: int, text: str, role: str, tone: Tone, theme: Theme) -> int:
    height = getattr(theme.sizes, f"font_{role}") + _leading(theme.sizes)
    font = theme.font(role, strong=role == "title")
    draw_text(painter, QRect(inner.left(), top, inner.width(), height), text, font, theme.figure(tone))
    return top + height
