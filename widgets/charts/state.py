"""A chart without figures: empty, loading, failed, cut off; drawn in the chart's own size of type."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from widgets.painting import CENTER, draw_focus, draw_text
from widgets.state_panel import STATE_MARKS, STATE_TONES, TableState
from widgets.theme import Theme

_WRAPPED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def draw_state(painter: QPainter, rect: QRect, state: TableState, theme: Theme, focused: bool = False) -> None:
    """Mark, sentence, hint and action in the middle; with little room only the sentence."""
    sizes = theme.sizes
    room = rect.adjusted(sizes.pad, sizes.pad_small, -sizes.pad, -sizes.pad_small)
    mark, title, small = theme.font("figure"), theme.font("title", True), theme.font("small")
    hint = QFontMetrics(small).boundingRect(0, 0, max(1, room.width()), 10_000, _WRAPPED, state.hint).height()
    parts = [(QFontMetrics(title).height(), "title"), (hint if state.hint else 0, "hint"),
             (QFontMetrics(small).height() if state.action_text else 0, "action"),
             (QFontMetrics(mark).height(), "mark")]
    shown, used = set(), 0
    for height, name in parts:
        if height and (not shown or used + height + sizes.pad_small <= room.height()):
            shown.add(name)
            used += height + (sizes.pad_small if len(shown) > 1 else 0)
    heights, top = {name: height for height, name in parts}, room.top() + max(0, (room.height() - used) // 2)
    for name in ("mark", "title", "hint", "action"):
        if name not in shown:
            continue
        line = QRect(room.left(), top, room.width(), heights[name])
        if name == "mark":
            draw_text(painter, line, STATE_MARKS[state.kind], mark, theme.tone(STATE_TONES[state.kind]), CENTER)
        elif name == "title":
            draw_text(painter, line, state.title, title, theme.colors.text, CENTER)
        elif name == "hint":
            painter.setFont(small)
            painter.setPen(theme.colors.text_muted)
            painter.drawText(line, int(_WRAPPED), state.hint)
        else:
            draw_text(painter, line, f"{state.action_text} ›", small, theme.colors.action, CENTER)
        top += heights[name] + sizes.pad_small
    if focused and state.action_text:
        draw_focus(painter, rect, theme, sizes.radius_small)


def strip_height(theme: Theme) -> int:
    """Of the line that says what is wrong with figures that stay in sight."""
    return theme.sizes.font_small + theme.sizes.pad_small


def draw_strip(painter: QPainter, rect: QRect, state: TableState, theme: Theme) -> None:
    """Mark, sentence and hint in one line."""
    tone = theme.tone(STATE_TONES[state.kind])
    words = " · ".join(filter(None, (state.title, state.hint)))
    room = rect.adjusted(theme.sizes.pad_small, 0, -theme.sizes.pad_small, 0)
    draw_text(painter, room, f"{STATE_MARKS[state.kind]} {words}", theme.font("small"), tone)
