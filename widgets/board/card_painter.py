"""Drawing a card of the unit board."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from widgets.board.cards import CardData, CardKind
from widgets.painting import CENTER, RIGHT, draw_bar, draw_focus, draw_frame, draw_text, text_width
from widgets.theme import Theme
from widgets.tones import Tone

_DIM = 0.45


@dataclass(frozen=True)
class CardLook:
    """What besides its data decides how a card looks; ``refusal`` dims it and is said, ``drop_text`` invites."""

    hovered: bool = False
    focused: bool = False
    refusal: str = ""
    drop_text: str = ""


def draw_card(painter: QPainter, rect: QRect, data: CardData, look: CardLook, theme: Theme) -> None:
    """Draw one card filling ``rect``."""
    _draw_ground(painter, rect, data, look, theme)
    inner = rect.adjusted(theme.sizes.pad, theme.sizes.pad_small, -theme.sizes.pad, -theme.sizes.pad_small)
    painter.save()
    painter.setOpacity(_DIM if look.refusal else 1.0)
    if data.kind is CardKind.TARGET:
        _draw_target_title(painter, inner, data, theme)
    else:
        _draw_title(painter, inner, data, theme)
        _draw_load(painter, inner, data, theme)
    painter.restore()
    _draw_last_line(painter, inner, data, look, theme)
    if look.focused:
        draw_focus(painter, rect, theme, theme.sizes.radius)


def _draw_ground(painter: QPainter, rect: QRect, data: CardData, look: CardLook, theme: Theme) -> None:
    colors, sizes = theme.colors, theme.sizes
    fill = colors.target if look.drop_text else colors.hover if look.hovered else colors.surface
    border, width = colors.line, sizes.line_width
    if look.drop_text:
        border, width = colors.action_mark, sizes.focus_width
    elif data.kind is CardKind.TARGET and not look.refusal:
        border = theme.mark(data.tone)
    elif look.hovered:
        border = colors.line_strong
    dashed = data.kind is CardKind.TARGET and not look.drop_text
    draw_frame(painter, rect, theme, border, fill, sizes.radius, width, dashed)


def _line(inner: QRect, theme: Theme) -> QRect:
    return QRect(inner.left(), inner.top(), inner.width(), theme.sizes.font_title + theme.sizes.pad_small)


def _draw_title(painter: QPainter, inner: QRect, data: CardData, theme: Theme) -> None:
    line = _line(inner, theme)
    taken = _draw_figures(painter, line, data, theme)
    left = _draw_hotkey(painter, line, data, theme)
    room = line.adjusted(left, 0, -taken - theme.sizes.pad_small, 0)
    draw_text(painter, room, data.title, theme.font("body", strong=True), theme.colors.text)


def _draw_figures(painter: QPainter, line: QRect, data: CardData, theme: Theme) -> int:
    """Draw count and overdue at the right end; returns the width taken."""
    taken = 0
    if data.overdue:
        font = theme.font("small", strong=True)
        taken = draw_text(painter, line, f"超{data.overdue:,}", font, theme.colors.overdue_figure, RIGHT)
        taken += theme.sizes.pad_small // 2
    if data.count is not None:
        room = line.adjusted(0, 0, -taken, 0)
        font = theme.font("title", strong=True)
        taken += draw_text(painter, room, f"{data.count:,}", font, theme.colors.text, RIGHT)
    return taken


def _draw_hotkey(painter: QPainter, line: QRect, data: CardData, theme: Theme) -> int:
    if data.hotkey is None:
        return 0
    font, sizes = theme.font("small", strong=True), theme.sizes
    width = text_width(font, "0") + 2 * (sizes.pad_small // 2 + 1)
    height = min(line.height(), sizes.font_small + sizes.pad_small)
    cap = QRect(line.left(), line.center().y() - height // 2, width, height)
    draw_frame(painter, cap, theme, theme.colors.action, None, sizes.radius_small)
    draw_text(painter, cap, str(data.hotkey), font, theme.colors.action, CENTER)
    return width + sizes.pad_small


def _draw_load(painter: QPainter, inner: QRect, data: CardData, theme: Theme) -> None:
    if data.load is None:
        return
    top = _line(inner, theme).bottom() + theme.sizes.pad_small // 2
    bar = QRect(inner.left(), top, inner.width(), theme.sizes.bar_thickness)
    draw_bar(painter, bar, data.load, _load_color(data, theme), theme.colors.track)


def _load_color(data: CardData, theme: Theme) -> QColor:
    return theme.mark(Tone.ACTION if data.tone is Tone.NORMAL else data.tone)


def _draw_target_title(painter: QPainter, inner: QRect, data: CardData, theme: Theme) -> None:
    line = _line(inner, theme)
    left = _draw_hotkey(painter, line, data, theme)
    taken = _draw_figures(painter, line, data, theme)
    room = line.adjusted(left, 0, -taken, 0)
    draw_text(painter, room, data.title, theme.font("title", strong=True), theme.tone(data.tone))


def _draw_last_line(painter: QPainter, inner: QRect, data: CardData, look: CardLook, theme: Theme) -> None:
    height = theme.sizes.font_small + theme.sizes.pad_small
    line = QRect(inner.left(), inner.bottom() - height + 1, inner.width(), height)
    font = theme.font("small")
    if look.refusal:
        draw_text(painter, line, f"× {look.refusal}", font, theme.colors.near)
        return
    gap, colors = theme.sizes.pad_small, theme.colors
    if look.drop_text:
        taken = draw_text(painter, line, look.drop_text, font, colors.action, RIGHT)
        draw_text(painter, line.adjusted(0, 0, -taken - gap, 0), data.subtitle, font, colors.text_muted)
    else:
        # The figure stands nowhere else; the reasons are whole in the tooltip.
        taken = draw_text(painter, line, data.subtitle, font, colors.text_muted)
        draw_text(painter, line.adjusted(taken + gap if taken else 0, 0, 0, 0), data.reason, font, colors.action, RIGHT)
